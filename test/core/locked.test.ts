import { afterAll, beforeAll, expect, test } from 'vitest'
import pg from 'pg'
import type { Responder } from '../../src/core/model.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind } from '../harness/plain-channel.ts'

const echo: Responder = (state, input) => (
  { actions: input.type === 'message' ? [{ do: 'say', content: { text: `eco: ${input.content.text}` } }] : [], state })

let gateway: Harness
let other: pg.Client

beforeAll(async () => {
  gateway = await startGateway({ channels: { linha: { kind: 'plain' } }, kinds: { plain: plainKind() }, respond: echo })
  other = new pg.Client({ connectionString: gateway.databaseUrl })
  await other.connect()
})
afterAll(async () => {
  await other.end()
  await gateway.close()
})

const write = (from: string, id: string, text: string) => gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, { messages: [{ id: `${from}-${id}`, from, text }] })
const conversationOf = async (address: string) => (await other.query(`
  select c.id, c.state from identity i join thread t on t.identity_id = i.id join conversation c on c.id = t.conversation_id where i.address = $1 order by c.id desc limit 1`, [address])).rows[0]
const textsOf = async (id: string) => (await other.query(`select content->>'text' as text from message where conversation_id = $1 order by seq`, [id])).rows.map(({ text }) => text)

/** `change` is made, and committed only when the message that came meanwhile waits for it. */
async function meanwhile(change: () => Promise<unknown>, message: () => Promise<void>): Promise<void> {
  await other.query('begin')
  await change()
  const stored = message()
  await gateway.until('the message waits', async () => (await other.query(`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rows.length > 0)
  await other.query('commit')
  await stored
}

test('a message that waited for a conversation meets it as it is then, not as it was', async () => {
  await write('ana', '1', 'olá')
  const { id } = await conversationOf('ana')
  await meanwhile(() => other.query(`update conversation set state = 'assigned', operator_id = 'op-1', version = version + 1 where id = $1`, [id]), () => write('ana', '2', 'há alguém?'))
  expect(await conversationOf('ana')).toEqual({ id, state: 'assigned' })
  expect(await textsOf(id)).toEqual(['olá', 'eco: olá', 'há alguém?'])
})

test('a message that waited while its writer became another citizen is not lost', async () => {
  await write('rui', '1', 'olá')
  const { id } = await conversationOf('rui')
  await meanwhile(async () => {
    const { rows: [citizen] } = await other.query(`insert into citizen (name) values ('Rui') returning id`)
    await other.query(`update identity set citizen_id = $1 where address = 'rui'`, [citizen.id])
    await other.query(`update conversation set citizen_id = $1, version = version + 1 where id = $2`, [citizen.id, id])
  }, () => write('rui', '2', 'continuo aqui'))
  expect(await textsOf(id)).toEqual(['olá', 'eco: olá', 'continuo aqui', 'eco: continuo aqui'])
})

test('a message that waited while its conversation was closed opens the next one', async () => {
  await write('eva', '1', 'olá')
  const { id } = await conversationOf('eva')
  await meanwhile(() => other.query(`update conversation set state = 'closed', closed_at = now(), version = version + 1 where id = $1`, [id]), () => write('eva', '2', 'outra coisa'))
  const next = await conversationOf('eva')
  expect(next.id).not.toBe(id)
  expect(await textsOf(next.id)).toEqual(['outra coisa', 'eco: outra coisa'])
})

test('a further picture that waited while its conversation was closed joins its album, and opens nothing', async () => {
  const picture = (id: string, text: string) => gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, { messages: [{ id, from: 'ivo', text, group: 'ivo-album' }] })
  await picture('ivo-1', 'uma')
  const { id } = await conversationOf('ivo')
  await meanwhile(() => other.query(`update conversation set state = 'closed', closed_at = now(), version = version + 1 where id = $1`, [id]), () => picture('ivo-2', 'duas'))
  expect((await textsOf(id))[0]).toBe('uma\nduas')
  const { rows } = await other.query(`select c.state from conversation c join identity i on i.citizen_id = c.citizen_id where i.address = 'ivo'`)
  expect(rows).toEqual([{ state: 'closed' }])
})

test('of two messages that fail at the same time, both are counted', async () => {
  await write('lia', '1', 'um')
  await write('lia', '2', 'dois')
  const { id } = await conversationOf('lia')
  await gateway.until('both have been tried', async () => (await other.query(`select from delivery where conversation_id = $1 and state = 'sending'`, [id])).rows.length === 0)
  await other.query(`update delivery set state = 'sent', external_id = 'lia-' || seq where conversation_id = $1`, [id])
  await other.query('update conversation set failed_deliveries = 0 where id = $1', [id])
  await meanwhile(async () => {
    await other.query(`update delivery set state = 'failed' where conversation_id = $1 and seq = 2`, [id])
    await other.query('update conversation set failed_deliveries = failed_deliveries + 1, version = version + 1 where id = $1', [id])
  }, () => gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, { statuses: [{ id: 'lia-4', state: 'failed' }] }))
  expect((await other.query('select failed_deliveries from conversation where id = $1', [id])).rows).toEqual([{ failed_deliveries: 2 }])
})

test.each([
  ['quotes and braces', `diz "sim" ou 'não' {a,b} \\ {"c":null}`], ['a word that arrays know', 'NULL'], ['an empty text', ''],
  ['lines', 'um\r\ndois\ttrês'], ['emoji and accents', '👩‍👩‍👧 ação €'],
])('%s: a text arrives as it was written', async (name, text) => {
  await write(name, '1', text)
  expect((await textsOf((await conversationOf(name)).id))[0]).toBe(text)
})

test('what PostgreSQL cannot hold is marked as such, and the rest of the message stays', async () => {
  await write('zero', '1', 'antes\0depois \ud800 e fim')
  expect((await textsOf((await conversationOf('zero')).id))[0]).toBe('antes\ufffddepois \ufffd e fim')
})
