/** Who changes several rows takes conversations first, in the order of their ids, and deliveries only then: nobody waits in a circle. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import pg from 'pg'
import type { Responder } from '../../src/core/model.ts'
import { settle } from '../../src/core/store/deliveries.ts'
import { takeNews } from '../../src/core/store/news.ts'
import type { Trx } from '../../src/core/store/schema.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

const echo: Responder = (state, input) => (
  { actions: input.type === 'message' ? [{ do: 'say', content: { text: `eco: ${input.content.text}` } }] : [], state })

let gateway: Harness
let other: pg.Client
let vendor: PlainVendor

beforeAll(async () => {
  vendor = await plainVendor()
  gateway = await startGateway({ channels: { linha: { kind: 'plain' }, posta: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() }, respond: echo })
  other = new pg.Client({ connectionString: gateway.databaseUrl })
  await other.connect()
})
afterAll(async () => {
  await other.end()
  await gateway.close()
  await vendor.close()
})

const receive = (payload: unknown) => gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, payload)
const inTransaction = <T>(work: (trx: Trx) => Promise<T>) => gateway.gateway.pool.db.transaction().execute(work)

/** Someone who has written, and the answer that is on its way to them under that id of the vendor's. */
async function someone(name: string): Promise<{ conversationId: string; messageId: string; attempt: number }> {
  await receive({ messages: [{ id: `${name}-1`, from: name, text: 'olá' }] })
  const { rows: [found] } = await other.query(`
    update delivery d set state = 'sending', attempt = 1000, due_at = now() + interval '1 hour', external_id = $1 || '-eco' from thread t join identity i on i.id = t.identity_id
    where t.id = d.thread_id and i.address = $1 returning d.conversation_id::text as "conversationId", d.message_id::text as "messageId", d.attempt`, [name])
  return found
}

/** While another holds that conversation, `work` waits for it: is the delivery free then? */
async function isFreeMeanwhile(held: string, messageId: string, work: () => Promise<unknown>): Promise<boolean> {
  await other.query('begin')
  await other.query('select from conversation where id = $1 for no key update', [held])
  const done = work()
  await gateway.until('it waits', async () => (await other.query(`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rows.length > 0)
  const { rows } = await other.query('select from delivery where message_id = $1 for update skip locked', [messageId])
  await other.query('commit')
  await done
  return rows.length === 1
}

test('who settles what was sent holds none of it while waiting for a conversation', async () => {
  const [ana, rui] = [await someone('ana'), await someone('rui')]
  const outcomes = [ana, rui].map((one) => ({ ...one, channelId: 'linha', outcome: { state: 'sent' as const, externalId: null } }))
  expect(await isFreeMeanwhile(rui.conversationId, ana.messageId, () => inTransaction((trx) => (
    settle(trx, outcomes, { now: new Date(), progress: async () => undefined }))))).toBe(true)
  expect((await other.query('select distinct state from delivery where message_id = any($1)', [[ana.messageId, rui.messageId]])).rows).toEqual([{ state: 'sent' }])
})

test('who takes receipts holds none of what they speak of while waiting for a conversation', async () => {
  const [eva, gil] = [await someone('eva'), await someone('gil')]
  const receipts = ['eva', 'gil'].map((name) => ({ channelId: 'linha', event: { type: 'message.status' as const, externalId: `${name}-eco`, state: 'delivered' as const } }))
  expect(await isFreeMeanwhile(gil.conversationId, eva.messageId, () => inTransaction((trx) => takeNews(trx, receipts, new Date())))).toBe(true)
  expect((await other.query('select distinct state from delivery where message_id = any($1)', [[eva.messageId, gil.messageId]])).rows).toEqual([{ state: 'delivered' }])
})

test('who writes is not held up by a receipt that came in the same payload', async () => {
  const ivo = await someone('ivo')
  await someone('zita')
  await other.query('begin')
  await other.query('select from conversation where id = $1 for no key update', [ivo.conversationId])
  const stored = receive({ messages: [{ id: 'zita-2', from: 'zita', text: 'e agora?' }], statuses: [{ id: 'ivo-eco', state: 'delivered' }] })
  await gateway.until('the message is there', async () => (await other.query(`select from message where external_id = 'zita-2'`)).rows.length === 1)
  await other.query('commit')
  await stored
  expect((await other.query('select state from delivery where message_id = $1', [ivo.messageId])).rows).toEqual([{ state: 'delivered' }])
})

test('an outcome whose storing is broken off is stored a moment later: one request, and nothing is in doubt', async () => {
  await other.query(`
    create sequence tries;
    create function break_off() returns trigger language plpgsql as $$ begin
      if nextval('tries') < 3 then raise exception 'deadlock detected' using errcode = '40P01'; end if;
      return new;
    end $$;
    create trigger break_off before update on delivery for each row when (new.state = 'sent') execute function break_off()`)
  await gateway.gateway.receiver.receive(gateway.channels.all.get('posta')!, { messages: [{ id: 'lia-1', from: 'lia', text: 'olá' }] })
  await gateway.until('it is sent', async () => (await other.query(`select from delivery where channel_id = 'posta' and state = 'sent'`)).rows.length === 1)
  expect((await other.query('select last_value::int as n from tries')).rows).toEqual([{ n: 3 }])
  expect(vendor.ledger.map(({ text }) => text)).toEqual(['eco: olá'])
})
