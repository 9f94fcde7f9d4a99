/** A long queue: who stands behind another of its thread is marked, and is called forward when its turn comes. */

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callForgotten, callForward, claim, decide, type Outcome, type Outgoing, settle } from '../../src/core/store/deliveries.ts'
import { openPool, type Pool } from '../../src/core/store/pool.ts'
import { freshDatabase } from '../database.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: Pool
const at = new Date('2026-11-23T10:00:00Z')
const claimed = (crowd = 0, { now = at, blind = [] as string[] } = {}) =>
  claim(pool.db, { channels: ['linha'], blind, limit: 100, leaseSeconds: 35, doubtSeconds: 5, now, crowd })
const after = (seconds: number) => new Date(at.getTime() + seconds * 1_000)
const seqs = (due: Outgoing[]) => due.map(({ content }) => content.text).sort()
const behind = async () => (await pool.db.selectFrom('delivery').select('key').where('behind', '=', true).orderBy('key').execute()).map(({ key }) => key)

function settled(due: Outgoing[], outcome: Outcome) {
  return pool.db.transaction().execute((trx) => settle(trx, due.map((one) => ({ ...one, outcome })), { now: at, progress: async () => undefined }))
}

beforeAll(async () => {
  database = await freshDatabase()
  pool = openPool(database.url, 3, () => undefined)
})
afterAll(async () => {
  await pool.close()
  await database.drop()
})

/** Two threads with three messages each, all due. */
beforeEach(async () => {
  await sql`truncate citizen, identity, conversation, thread, message, delivery cascade`.execute(pool.db)
  await pool.db.transaction().execute(async (trx) => {
    await sql`insert into citizen (id) select n from generate_series(1, 2) n`.execute(trx)
    await sql`insert into identity (id, channel_id, address, citizen_id) select n, 'linha', 'p' || n, n from generate_series(1, 2) n`.execute(trx)
    await sql`insert into conversation (id, reference, citizen_id, state, channel_id, last_seq) select n, 'R' || n, n, 'bot', 'linha', 3 from generate_series(1, 2) n`.execute(trx)
    await sql`insert into thread (id, conversation_id, identity_id, channel_id, route) select n, n, n, 'linha', '{}' from generate_series(1, 2) n`.execute(trx)
    await sql`insert into message (id, conversation_id, seq, thread_id, channel_id, direction, author, content)
      select n * 10 + s, n, s, n, 'linha', 'out', 'bot', jsonb_build_object('text', n || '.' || s) from generate_series(1, 2) n, generate_series(1, 3) s`.execute(trx)
    await sql`insert into delivery (message_id, conversation_id, thread_id, channel_id, seq, key, state, due_at)
      select id, conversation_id, thread_id, 'linha', seq, content->>'text', 'queued', ${at} from message`.execute(trx)
  })
})

test('of a long queue the first of each thread is claimed and the others are marked; each is claimed when the one ahead is sent', async () => {
  const first = await claimed()
  expect(seqs(first)).toEqual(['1.1', '2.1'])
  await claimed()
  expect(await behind()).toEqual(['1.2', '1.3', '2.2', '2.3'])
  await settled(first, { state: 'sent', externalId: null })
  const second = await claimed()
  expect(seqs(second)).toEqual(['1.2', '2.2'])
  await settled(second, { state: 'sent', externalId: null })
  expect(seqs(await claimed())).toEqual(['1.3', '2.3'])
})

test('of a short queue nothing is marked', async () => {
  expect(seqs(await claimed(4))).toEqual(['1.1', '2.1'])
  expect(await behind()).toEqual([])
})

test('what is to be tried again keeps its place: those behind it stay there', async () => {
  await settled(await claimed(), { state: 'queued', dueAt: new Date(at.getTime() + 60_000), reason: 'unreachable', detail: { pt: '', en: '' } })
  expect(await claimed()).toEqual([])
  expect(await behind()).toEqual(['1.2', '1.3', '2.2', '2.3'])
})

test('a reply that is undone in the middle of the queue does not keep those behind it', async () => {
  const first = await claimed()
  await claimed()
  await pool.db.transaction().execute((trx) => decide(trx, '12', 'undo', at))
  expect(await behind()).toEqual(['2.2', '2.3'])
  expect(await claimed()).toEqual([])
  await settled(first, { state: 'sent', externalId: null })
  expect(seqs(await claimed())).toEqual(['1.3', '2.2'])
})

test('two of a thread that leave the queue at once, each unseen by the other, still call the third', async () => {
  const [first] = (await claimed()).filter(({ content }) => content.text === '1.1')
  await claimed()
  await pool.db.transaction().execute(async (one) => {
    await sql`update delivery set state = 'sent' where message_id = ${first!.messageId}`.execute(one)
    await pool.db.transaction().execute(async (other) => {
      await decide(other, '12', 'undo', at)
    })
    await callForward(one, [first!.messageId])
  })
  expect(seqs(await claimed())).toEqual(['1.3'])
})

test('nobody is marked while the one ahead is being settled', async () => {
  const first = await claimed(100)
  await pool.db.transaction().execute(async (trx) => {
    await settle(trx, first.map((one) => ({ ...one, outcome: { state: 'sent' as const, externalId: null } })), { now: at, progress: async () => undefined })
    await claimed()
    expect(await behind()).toEqual([])
  })
  expect(seqs(await claimed())).toEqual(['1.2', '2.2'])
})

test('what is queued behind one that is just leaving, too late to be called by it, is not marked', async () => {
  await sql`update delivery set state = 'cancelled' where message_id in (12, 13)`.execute(pool.db)
  const first = (await claimed()).filter(({ content }) => content.text === '1.1')
  await pool.db.transaction().execute(async (trx) => {
    await settle(trx, first.map((one) => ({ ...one, outcome: { state: 'sent' as const, externalId: null } })), { now: at, progress: async () => undefined })
    await sql`update delivery set state = 'queued' where message_id = 12`.execute(pool.db)
    await claimed()
  })
  expect(seqs(await claimed())).toEqual(['1.2'])
})

test('who was forgotten behind nobody is found and due again', async () => {
  await sql`update delivery set state = 'sent' where seq = 1`.execute(pool.db)
  await sql`update delivery set behind = true where seq > 1`.execute(pool.db)
  expect(await claimed()).toEqual([])
  expect(await callForgotten(pool.db)).toBe(2)
  expect(seqs(await claimed())).toEqual(['1.2', '2.2'])
})

test('who falls while marking a doubt that nobody can ask about hides it for seconds, not for another lease', async () => {
  const blind = ['linha']
  await claimed(0, { blind })
  expect(await claimed(0, { blind, now: after(34) })).toEqual([])
  const found = await claimed(0, { blind, now: after(36) })
  expect(found.map(({ doubtful }) => doubtful)).toEqual([true, true])
  expect(await claimed(0, { blind, now: after(40) })).toEqual([])
  expect(seqs(await claimed(0, { blind, now: after(42) }))).toEqual(['1.1', '2.1'])
})

test('a doubt that the vendor can be asked about keeps its whole lease, for it may be sent', async () => {
  await claimed()
  expect(seqs(await claimed(0, { now: after(36) }))).toEqual(['1.1', '2.1'])
  expect(await claimed(0, { now: after(70) })).toEqual([])
})

const sent = { state: 'sent' as const, externalId: null }
/** As by a process that goes on with what stands behind, on these channels. */
const goneOn = (due: Outgoing[], channels = ['linha']) => pool.db.transaction().execute((trx) => (
  settle(trx, due.map((one) => ({ ...one, outcome: sent })), { now: at, goOn: { channels, leaseSeconds: 35 }, progress: async () => undefined })))

test('who settles takes the next of each thread along, and knows whose place it has taken', async () => {
  const first = await claimed(100)
  const { next } = await goneOn(first)
  expect(next.map(({ after, content, attempt, doubtful }) => ({ after, text: content.text, attempt, doubtful })).sort((a, b) => a.after.localeCompare(b.after))).toEqual([
    { after: '11', text: '1.2', attempt: 1, doubtful: false }, { after: '21', text: '2.2', attempt: 1, doubtful: false }])
  expect(await claimed(0, { now: after(34) })).toEqual([])
  expect(seqs((await goneOn(next)).next)).toEqual(['1.3', '2.3'])
  expect(await behind()).toEqual([])
})

test('what is not due yet, is in doubt, or is on another channel is called forward, and not taken along', async () => {
  const first = await claimed()
  await claimed()
  await sql`update delivery set due_at = ${after(60)} where message_id = 12`.execute(pool.db)
  await sql`update delivery set reason = 'ambiguous' where message_id = 22`.execute(pool.db)
  expect((await goneOn(first)).next).toEqual([])
  expect(await behind()).toEqual(['1.3', '2.3'])
  const [doubt] = await claimed()
  expect(doubt).toMatchObject({ content: { text: '2.2' }, doubtful: true })
  expect((await goneOn([doubt!], ['outra'])).next).toEqual([])
  expect(seqs(await claimed())).toEqual(['2.3'])
})

test('what another process is sending is not taken along', async () => {
  const first = await claimed()
  await sql`update delivery set state = 'sending', attempt = 7, due_at = ${after(30)} where message_id = 12`.execute(pool.db)
  expect(seqs((await goneOn(first)).next)).toEqual(['2.2'])
  expect(await pool.db.selectFrom('delivery').select(['state', 'attempt']).where('message_id', '=', '12').executeTakeFirst()).toEqual({ state: 'sending', attempt: 7 })
})

test('what a person has sent again goes before what stood behind it', async () => {
  await sql`update delivery set state = 'failed' where message_id = 11`.execute(pool.db)
  const second = (await claimed()).filter(({ content }) => content.text === '1.2')
  await pool.db.transaction().execute((trx) => decide(trx, '11', 'resend', at))
  expect((await goneOn(second)).next.map(({ content }) => content.text)).toEqual(['1.1'])
})
