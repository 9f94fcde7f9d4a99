import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Responder } from '../../src/core/model.ts'
import { isPrivate } from '../../src/core/public-address.ts'
import { safeFetch } from '../../src/core/safe-fetch.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind } from '../harness/plain-channel.ts'

const respond: Responder = (state, input) => {
  if (input.type === 'result') return { actions: [{ do: 'say', content: { text: input.ok ? `registado ${(input.body as { id: number }).id}` : 'falhou' } }], state }
  if (input.type === 'message' && input.content.text === 'registar') return { actions: [{ do: 'request', id: 'r1', connection: 'avarias', path: '/pedidos', body: { local: 'Rua' } }], state }
  return { actions: [{ do: 'hand-off', reason: 'asked', ...(input.type === 'message' && input.content.text === 'à vez' && { departmentId: 'vez' }) }], state }
}
let town: Server
const asked: { path: string; body: unknown; key: string }[] = []
let answer: () => number = () => 200
let gateway: Harness
let clock = new Date('2026-11-24T10:00:00Z')

beforeAll(async () => {
  town = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => { body += chunk })
    request.on('end', () => {
      asked.push({ path: request.url ?? '', body: JSON.parse(body), key: String(request.headers['idempotency-key']) })
      response.writeHead(answer()).end(JSON.stringify({ id: 42 }))
    })
  })
  await new Promise<void>((resolve) => town.listen(0, '127.0.0.1', resolve))
  gateway = await startGateway({
    channels: { linha: { kind: 'plain' } }, kinds: { plain: plainKind() }, respond, now: () => clock,
    config: {
      connections: { avarias: { baseUrl: `http://127.0.0.1:${(town.address() as AddressInfo).port}`, allowPrivate: true } },
      departments: { geral: { name: { pt: 'Geral', en: 'General' }, assign: 'least-loaded' }, outro: { name: { pt: 'Outro', en: 'Other' } }, vez: { name: { pt: 'À vez', en: 'In turn' }, assign: 'round-robin' } },
    },
  })
})
afterAll(async () => {
  await gateway.close()
  await new Promise((resolve) => town.close(resolve))
})

const db = () => gateway.gateway.pool.db
const write = (from: string, text: string) => gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, { messages: [{ id: `${from}-${text}`, from, text }] })
const conversationOf = (address: string) => db().selectFrom('conversation').innerJoin('thread', 'thread.id', 'conversation.thread_id').innerJoin('identity', 'identity.id', 'thread.identity_id')
  .selectAll('conversation').where('identity.address', '=', address).executeTakeFirstOrThrow()
const lastText = async (address: string) => (await db().selectFrom('message').select('content').where('conversation_id', '=', (await conversationOf(address)).id).orderBy('seq', 'desc').executeTakeFirstOrThrow()).content.text

test('what the bot asks of a town system comes back to it as a turn', async () => {
  await write('rosa', 'registar')
  await gateway.until('the answer', async () => await lastText('rosa') === 'registado 42')
  expect(asked.filter(({ path }) => path === '/pedidos')).toEqual([{ path: '/pedidos', body: { local: 'Rua' }, key: expect.stringMatching(/^balcao-\d+$/) }])
})

test('a town system that fails is told to the bot, not to the citizen as silence', async () => {
  answer = () => 500
  await write('rita', 'registar')
  await gateway.until('the failure', async () => await lastText('rita') === 'falhou')
})

test('a queue is handed to the operator with the fewest conversations, never beyond their capacity', async () => {
  const [a, b] = [await gateway.operator(), await gateway.operator()]
  await db().updateTable('operator').set({ capacity: 1, seen_at: clock }).where('id', '=', a.id).execute()
  await db().updateTable('operator').set({ capacity: 1, seen_at: clock }).where('id', '=', b.id).execute()
  for (const from of ['q1', 'q2', 'q3']) await write(from, 'pessoa')
  await gateway.until('two assigned', async () => {
    await gateway.gateway.chores()
    return (await Promise.all(['q1', 'q2'].map(conversationOf))).every(({ state }) => state === 'assigned')
  })
  const [first, second, third] = await Promise.all(['q1', 'q2', 'q3'].map(conversationOf))
  expect(new Set([first!.operator_id, second!.operator_id])).toEqual(new Set([a.id, b.id]))
  expect(third!.state).toBe('waiting')
})

test('a queue is handed round in turn, however much the one has who is next', async () => {
  const team = await Promise.all(['1', '2', '3'].map((n) => gateway.operator({ id: `op-vez-${n}`, departments: ['vez'] })))
  await db().updateTable('operator').set({ seen_at: clock }).where('id', 'in', team.map(({ id }) => id)).execute()
  const turns: (string | null)[] = []
  for (const from of ['v1', 'v2', 'v3', 'v4']) {
    await write(from, 'à vez')
    await gateway.until(`${from} assigned`, async () => {
      await gateway.gateway.chores()
      return (await conversationOf(from)).state === 'assigned'
    })
    const { id, operator_id: whose } = await conversationOf(from)
    turns.push(whose)
    // The second and the third have nothing any more: by load alone it would be their turn again.
    if (whose !== 'op-vez-1') await db().updateTable('conversation').set({ state: 'closed', operator_id: null, closed_at: clock }).where('id', '=', id).execute()
    clock = new Date(clock.getTime() + 1_000)
  }
  expect(turns).toEqual(['op-vez-1', 'op-vez-2', 'op-vez-3', 'op-vez-1'])
})

test('a sleeping conversation wakes at its time and when the citizen writes', async () => {
  const operator = await gateway.operator()
  for (const from of ['s1', 's2']) {
    await write(from, 'pessoa')
    await gateway.gateway.act({ conversationId: (await conversationOf(from)).id, operator, clientId: `snooze-${from}`, deeds: [{ do: 'take' }, { do: 'snooze', until: new Date(clock.getTime() + 3_600_000) }] })
  }
  await write('s2', 'afinal já posso')
  expect((await conversationOf('s2')).state).toBe('assigned')
  expect((await conversationOf('s1')).state).toBe('snoozed')
  clock = new Date(clock.getTime() + 3_600_001)
  await gateway.until('awake', async () => (await conversationOf('s1')).state === 'assigned')
})

test.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '192.168.0.1', '100.64.0.1', '0.0.0.0', '::1', 'fd00::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', 'fe80::1'])('%s is a private address', (address) => {
  expect(isPrivate(address)).toBe(true)
})
test.each(['8.8.8.8', '2606:4700::1111', '193.136.0.1'])('%s is a public address', (address) => expect(isPrivate(address)).toBe(false))

test.each(['127.1', '2130706433', '0x7f000001', '0177.0.0.1', 'localhost', '[::ffff:7f00:1]', '①②⑦.⓪.⓪.①'])('no spelling of the loopback is fetched: %s', async (host) => {
  const before = asked.length
  const options = { method: 'POST' as const, headers: {}, body: '{}', timeoutMs: 2_000, maxBytes: 1_000, allowPrivate: false }
  await expect(safeFetch(`http://${host}:${(town.address() as AddressInfo).port}/`, options)).rejects.toThrow()
  expect(asked).toHaveLength(before)
})
