import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collectCitizen } from '../../src/citizen/collect.ts'
import { citizenPage } from '../../src/citizen/page.ts'
import { sweep } from '../../src/core/chores.ts'
import { openFiles } from '../../src/core/files.ts'
import { eraseCitizen, forgetOld } from '../../src/core/forget.ts'
import type { Responder } from '../../src/core/model.ts'
import { signIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

const day = 86_400_000
const respond: Responder = (state, input) => ({
  actions: [{ do: 'say', content: { text: 'Um momento.' } }, ...(input.type === 'message' && input.content.text.includes('pessoa') ? [{ do: 'hand-off', reason: 'asked' } as const] : [])], state,
})
let vendor: PlainVendor
let gateway: Harness
let clock = new Date('2026-11-26T10:00:00Z')
const folder = mkdtempSync(join(tmpdir(), 'balcao-forget-'))
const files = openFiles(join(folder, 'files'))

beforeAll(async () => {
  vendor = await plainVendor()
  gateway = await startGateway({
    channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() }, respond, now: () => clock,
    config: {
      limits: { closeAfter: '7d' },
      municipality: { name: 'Município de Vale Formoso', contact: {}, privacy: { noticeUrl: 'https://valeformoso.example/privacidade', noticeVersion: '2026-11' } },
    },
  })
})
afterAll(async () => {
  await gateway.close()
  await vendor.close()
  rmSync(folder, { recursive: true, force: true })
})

const db = () => gateway.gateway.pool.db
const write = (from: string, text: string, name?: string, attachments?: { source: string }[]) => gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, {
  messages: [{ id: `${from}-${text}`, from, text, ...(name && { name }), ...(attachments && { attachments: attachments.map(({ source }) => ({ source, kind: 'file', mimeType: 'text/plain', name: 'a.txt' })) }) }],
})
const citizenOf = async (address: string) => (await db().selectFrom('identity').select('citizen_id').where('address', '=', address).executeTakeFirst())?.citizen_id
const conversationOf = async (address: string) => db().selectFrom('conversation').selectAll().where('citizen_id', '=', (await citizenOf(address))!).orderBy('id', 'desc').executeTakeFirstOrThrow()
const close = async (address: string) => {
  const operator = await gateway.operator({ role: 'admin' })
  const { id } = await conversationOf(address)
  await gateway.gateway.act({ conversationId: id, operator, clientId: `close-${id}-${clock.getTime()}`, deeds: [{ do: 'close', survey: false }] })
}
/** Every text of every table, so that a word that is left anywhere is found. */
async function dump(): Promise<string> {
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(db())
  const all = await Promise.all(rows.map(({ name }) => sql<{ row: string }>`select to_jsonb(t)::text as row from ${sql.ref(name)} t`.execute(db())))
  return all.flatMap((table) => table.rows.map(({ row }) => row)).join('\n')
}

test('who writes for the first time is told what becomes of it, once, and the version is on record', async () => {
  await write('+351910000001', 'olá', 'Berta')
  await write('+351910000001', 'outra vez')
  await gateway.until('all said', () => vendor.ledger.filter(({ to }) => to === '+351910000001').length === 3)
  const said = vendor.ledger.filter(({ to }) => to === '+351910000001').map(({ text }) => text)
  expect(said.filter((text) => text.includes('https://valeformoso.example/privacidade'))).toEqual([said[0]])
  const given = await db().selectFrom('activity').selectAll().where('type', '=', 'notice-given').execute()
  expect(given.map(({ data }) => data)).toEqual([{ version: '2026-11' }])
})

test('what is answered and then silent is closed without a word; what a citizen waits for never is', async () => {
  await write('calada', 'olá')
  await write('a-espera', 'quero uma pessoa')
  await gateway.until('all said', () => ['calada', 'a-espera'].every((one) => vendor.ledger.filter(({ to }) => to === one).length === 2))
  const before = vendor.ledger.length
  clock = new Date(clock.getTime() + 8 * day)
  await gateway.gateway.chores()
  expect(await conversationOf('calada')).toMatchObject({ state: 'closed', outcome: 'silence' })
  expect(await conversationOf('a-espera')).toMatchObject({ state: 'waiting' })
  expect(vendor.ledger.length).toBe(before)
  await write('calada', 'voltei')
  expect(await conversationOf('calada')).toMatchObject({ state: 'bot' })
})

test('an erased citizen leaves no word, name, address or file anywhere, and others lose nothing', async () => {
  const mine = await files.keep(Buffer.from('o meu segredo'), { maxBytes: 1_000 })
  const both = await files.keep(Buffer.from('de ambos'), { maxBytes: 1_000 })
  await write('+351912345678', 'palavra-canário', 'Canária Erasmo', [mine, both])
  await write('vizinha', 'fico cá', 'Vizinha', [both])
  await db().updateTable('attachment').set({ state: 'stored' }).execute()
  await gateway.gateway.chores()
  const id = (await citizenOf('+351912345678'))!
  expect(await dump()).toContain('palavra-canário')
  const facts = await sql`select count(*) from conversation_fact`.execute(db())
  expect(await eraseCitizen(db(), files, id)).toEqual({ conversations: 1, files: 1 })
  const left = await dump()
  for (const word of ['palavra-canário', 'Canária', '912345678', 'can[aá]ri']) expect(left).not.toMatch(new RegExp(word, 'i'))
  expect(left).toContain('fico cá')
  expect(await files.has(mine.source)).toBe(false)
  expect(await files.has(both.source)).toBe(true)
  expect(await sql`select count(*) from conversation_fact`.execute(db())).toEqual(facts)
  expect(await eraseCitizen(db(), files, id)).toBeUndefined()
})

test('who is erased goes from every screen and every count at once, though another program erased them', async () => {
  await write('à-vista', 'quero uma pessoa')
  const { id } = await conversationOf('à-vista')
  const clara = await signIn(gateway, 'clara@valeformoso.example', { role: 'admin', departments: ['geral'] })
  const waiting = async () => (await clara.get<{ waiting: number }>('/api/counts')).waiting
  const before = await waiting()
  await clara.live((event) => {
    if (event.type === 'hello') void citizenOf('à-vista').then((citizen) => eraseCitizen(db(), files, citizen!))
    return event.type === 'conversations' && (event.hidden as string[]).includes(id)
  })
  expect(await waiting()).toBe(before - 1)
})

test('whoever wants no messages is not written to after being forgotten either', async () => {
  await write('farta', 'olá', 'Farta de Mensagens')
  const id = (await citizenOf('farta'))!
  await db().updateTable('identity').set({ opted_out_at: clock }).where('citizen_id', '=', id).execute()
  await eraseCitizen(db(), files, id)
  expect(await db().selectFrom('identity').select(['name', 'opted_out_at']).where('address', '=', 'farta').executeTakeFirst()).toEqual({ name: null, opted_out_at: clock })
  expect(await dump()).not.toContain('Farta de Mensagens')
})

test('who is erased while a reply to them is settled is erased all the same', async () => {
  await write('apressada', 'olá, sou a apressada')
  const { id } = await conversationOf('apressada')
  const messages = db().selectFrom('message').select('id').where('conversation_id', '=', id)
  const waits = async (query: string) => (await sql`select from pg_stat_activity where wait_event_type = 'Lock' and query ilike ${query}`.execute(db())).rows.length > 0
  let erasing: Promise<unknown> | undefined
  await db().transaction().execute(async (trx) => {
    // It is the eraser who finds out that each waits for the other, and gives way.
    await sql`set local deadlock_timeout = '1min'`.execute(trx)
    await trx.updateTable('delivery').set({ reason: null }).where('message_id', 'in', messages).execute()
    erasing = eraseCitizen(db(), files, (await citizenOf('apressada'))!)
    await gateway.until('the eraser waits', async () => (await waits('delete from "delivery"%')) || undefined)
    await trx.selectFrom('conversation').select('id').where('id', '=', id).forUpdate().execute()
  })
  expect(await erasing).toMatchObject({ conversations: 1 })
  expect(await dump()).not.toContain('apressada')
})

test('what the config keeps for a year is there after eleven months and gone after thirteen, its figures excepted', async () => {
  const kept = await files.keep(Buffer.from('um anexo antigo'), { maxBytes: 1_000 })
  await write('antiga', 'conversa antiga', 'Antiga', [kept])
  await db().updateTable('attachment').set({ state: 'stored' }).where('source', '=', kept.source).execute()
  await close('antiga')
  const { id } = await conversationOf('antiga')
  await sql`insert into conversation_fact (conversation_id, channel_id, language, opened_at, messages_in, messages_bot, messages_operator, bot_answers, bot_misses, bot_alone, helpful, unhelpful, reopened, moved, calls_asked, calls_taken, calls_missed, call_ms, failed, unknown)
    values (${id}, 'linha', 'pt', now(), 1, 1, 0, 1, 0, true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) on conflict (conversation_id) do nothing`.execute(db())
  const keeping = { messages: 365 * day, attachments: 180 * day, audit: 365 * day }
  const after = (days: number) => new Date(clock.getTime() + days * day)
  await forgetOld(db(), files, after(330), keeping)
  expect(await files.has(kept.source)).toBe(false)
  expect(await db().selectFrom('attachment').select(['state', 'detail']).where('message_id', 'in', db().selectFrom('message').select('id').where('conversation_id', '=', id)).execute()).toEqual([{ state: 'refused', detail: 'expired' }])
  expect(await dump()).toContain('conversa antiga')
  expect((await forgetOld(db(), files, after(390), keeping)).conversations).toBeGreaterThan(0)
  await sweep(db(), after(390), { rawDays: 30 })
  expect(await dump()).not.toContain('conversa antiga')
  expect(await citizenOf('antiga')).toBeUndefined()
  expect((await sql`select from conversation_fact where conversation_id = ${id}`.execute(db())).rows).toHaveLength(1)
  // Who still waits is not forgotten, however long it has been.
  expect(await dump()).toContain('quero uma pessoa')
})

test('a citizen’s record holds what was said to and by them, not what operators noted, and its page shows it as text', async () => {
  await write('curiosa', 'pessoa <script>alert(1)</script>', 'Curiosa & Filhos')
  const operator = await gateway.operator({ role: 'admin' })
  const { id } = await conversationOf('curiosa')
  await gateway.gateway.act({ conversationId: id, operator, clientId: 'note-for-us', deeds: [{ do: 'note', text: 'só para nós' }] })
  const { record } = (await collectCitizen(db(), (await citizenOf('curiosa'))!))!
  expect(record.citizen.name).toBe('Curiosa & Filhos')
  expect(record.conversations[0]!.messages.map(({ from }) => from)).toEqual(['citizen', 'assistant', 'assistant'])
  expect(JSON.stringify(record)).not.toContain('só para nós')
  const page = citizenPage(record, 'Município de Vale Formoso', 'Europe/Lisbon')
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).not.toContain('<script>')
  expect(page).toContain('Curiosa &amp; Filhos')
})
