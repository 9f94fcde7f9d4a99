/** What a citizen adds to a conversation that people look after goes a short way of its own: it must leave the same as the long one. */

import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linkIdentity, mergeConversations } from '../../src/core/join.ts'
import type { Operator, Responder } from '../../src/core/model.ts'
import type { ActOptions } from '../../src/core/act.ts'
import type { Signal } from '../../src/core/signals.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainMessage, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

const respond: Responder = (state, input) => ({
  actions: input.type === 'message' && input.content.text === 'olá' ? [{ do: 'hand-off', reason: 'asked', departmentId: 'aguas' }] : [{ do: 'say', content: { text: 'eco' } }], state,
})
let clock = Date.parse('2026-01-12T09:00:00Z')
/** The first of them knows where everybody wrote last; the other has never heard of anybody. */
const nodes: Harness[] = []
/** Messages that went the long way, by node. */
const long = [0, 0]
let rita: Operator
let vendor: PlainVendor

beforeAll(async () => {
  vendor = await plainVendor()
  for (const n of [0, 1]) {
    nodes.push(await startGateway({
      channels: { linha: { kind: 'plain', vendorUrl: vendor.url }, web: { kind: 'page' } }, kinds: { plain: plainKind(), page: plainKind({ pull: true }) }, respond, now: () => new Date(clock),
      config: { departments: {
        geral: { name: { pt: 'Geral', en: 'General' } }, urbanismo: { name: { pt: 'Urbanismo', en: 'Planning' }, sla: { firstResponse: '2h' } },
        aguas: { name: { pt: 'Águas', en: 'Water' }, sla: { firstResponse: '30m' } },
      } },
      step: (name) => { if (name === 'held') long[n]! += 1 },
      ...(nodes[0] && { databaseUrl: nodes[0].databaseUrl }),
    }))
  }
  rita = await nodes[0]!.operator({ departments: ['aguas', 'geral', 'urbanismo'] })
})
afterAll(async () => {
  for (const node of nodes.toReversed()) await node.close()
  await vendor.close()
})

const db = () => nodes[0]!.gateway.pool.db
const person = () => `p-${randomBytes(6).toString('hex')}`
let written = 0
function write(n: number, from: string, text: string, more: Partial<PlainMessage> = {}, channel = 'linha'): Promise<void> {
  written += 1
  const node = nodes[n]!
  return node.gateway.receiver.receive(node.channels.all.get(channel)!, { messages: [{ id: `${from}-${written}`, from, text, ...more }] })
}
/** How many went the long way meanwhile, through the first node. */
async function longWays(work: () => Promise<unknown>): Promise<number> {
  const before = long[0]!
  await work()
  return long[0]! - before
}
const conversationsOf = (address: string) => db().selectFrom('conversation').innerJoin('identity', 'identity.citizen_id', 'conversation.citizen_id')
  .selectAll('conversation').where('identity.address', '=', address).orderBy('conversation.id').execute()
const messagesOf = (address: string) => db().selectFrom('message').innerJoin('thread', 'thread.id', 'message.thread_id').innerJoin('identity', 'identity.id', 'thread.identity_id')
  .selectAll('message').where('identity.address', '=', address).orderBy('message.conversation_id').orderBy('seq').execute()
const texts = async (address: string) => (await messagesOf(address)).map(({ content }) => content.text)
async function act(address: string, ...deeds: ActOptions['deeds']): Promise<void> {
  const conversation = (await conversationsOf(address)).find(({ state }) => state !== 'closed')!
  const done = await nodes[1]!.gateway.act({ conversationId: conversation.id, operator: rita, clientId: person(), deeds, seen: { lastSeq: conversation.last_seq, operatorId: conversation.operator_id } })
  expect(done.type).toBe('done')
  await Promise.all(nodes.map(({ gateway }) => gateway.outbox.drained()))
}

/** All that is kept of what somebody wrote, but for numbers that no two have in common. */
async function keptOf(address: string): Promise<string> {
  const rows = {
    conversations: await conversationsOf(address), messages: await messagesOf(address),
    threads: await db().selectFrom('thread').innerJoin('identity', 'identity.id', 'thread.identity_id').selectAll('thread').where('identity.address', '=', address).execute(),
    payloads: await db().selectFrom('inbound').selectAll().where('payload', 'like', `%${address}%`).orderBy('id').execute(),
  }
  const own = new Set(['id', 'reference', 'citizen_id', 'identity_id', 'conversation_id', 'thread_id', 'changed_at', 'stored_at', 'received_at', 'operator_id', 'client_id'])
  return JSON.stringify(rows, (key, value) => (own.has(key) ? typeof value : value), 1).replaceAll(address, 'PERSON').replaceAll(/PERSON-\d+/g, 'ID')
}

test.each<[string, number, (address: string) => Promise<void>]>([
  ['waits', 3_000, async () => undefined],
  ['has waited for minutes', 200_000, async () => undefined],
  ['is somebody’s, who has not answered', 3_000, (address) => act(address, { do: 'take' })],
  ['is somebody’s, who has answered', 90_000, (address) => act(address, { do: 'take' }, { do: 'reply', text: 'Já vemos.' })],
])('a message added to a conversation that %s leaves the same rows whichever way it goes', async (_what, later, meanwhile) => {
  const [short, roundabout] = [person(), person()]
  for (const [node, address] of [short, roundabout].entries()) {
    clock = Date.parse('2026-01-12T09:00:00Z')
    await write(0, address, 'olá')
    await meanwhile(address)
    clock += later
    const before = long[node]!
    await write(node, address, 'então «\u0000» \\ "isto"')
    expect(long[node]! - before).toBe(node)
  }
  expect(await keptOf(short)).toBe(await keptOf(roundabout))
})

test('the other processes hear of it, and on channels that are read, whose page must read again', async () => {
  const from = person()
  const heard: Signal[] = []
  const leave = nodes[1]!.gateway.signals.subscribe((signal) => { if (JSON.stringify(signal).includes(from)) heard.push(signal) })
  await write(0, from, 'olá', {}, 'web')
  await nodes[1]!.until('news of the first', () => heard.length === 1)
  expect(await longWays(() => write(0, from, 'ainda cá está?', {}, 'web'))).toBe(0)
  await nodes[1]!.until('news of the second', () => heard.length === 2)
  leave()
  const [conversation] = await conversationsOf(from)
  expect(heard[1]).toEqual({ type: 'changed', changes: [{ conversationId: conversation!.id, follow: [['web', from]] }] })
})

test('what is said at once is kept in order, also where only the first of it goes the short way', async () => {
  const from = person()
  await write(0, from, 'olá')
  await Promise.all(['um', 'dois', 'três', 'quatro'].map((text, n) => write(0, from, text, n === 1 ? { thread: 'outra' } : {})))
  expect(await texts(from)).toEqual(['olá', 'um', 'dois', 'três', 'quatro'])
  expect((await messagesOf(from)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
})

test('delivered ten times at once through two processes that both know the place, it is stored once', async () => {
  const from = person()
  await write(0, from, 'olá')
  await write(1, from, 'ainda cá está?')
  const once = { id: `${from}-once` }
  await Promise.all(Array.from({ length: 10 }, (_, n) => write(n % 2, from, 'uma vez', once)))
  await write(0, from, 'uma vez', once)
  expect(await texts(from)).toEqual(['olá', 'ainda cá está?', 'uma vez'])
})

test('a second delivery that waited for the first one’s row is known, not taken for corrupt', async () => {
  const from = person()
  await write(0, from, 'olá')
  await write(1, from, 'ainda cá está?')
  const [conversation] = await conversationsOf(from)
  const once = { id: `${from}-once` }
  let both: Promise<unknown> | undefined
  await db().transaction().execute(async (trx) => {
    await trx.selectFrom('conversation').select('id').where('id', '=', conversation!.id).forUpdate().execute()
    both = Promise.all([0, 1].map((node) => write(node, from, 'uma vez', once)))
    await nodes[0]!.until('both to wait for the row', async () => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%with added as%'`.execute(db())
      return rows[0]!.n === 2
    })
  })
  await both
  expect(await texts(from)).toEqual(['olá', 'ainda cá está?', 'uma vez'])
  expect(await db().selectFrom('inbound').select('outcome').where('payload', 'like', `%${from}%`).where('outcome', '=', 'corrupt').execute()).toEqual([])
})

test('one that cannot be stored is kept as corrupt, and its neighbours pass', async () => {
  const people = Array.from({ length: 6 }, person)
  await Promise.all(people.map((from) => write(0, from, 'olá')))
  await Promise.all(people.map((from, n) => write(0, from, 'mais', n === 2 ? { id: `${from}-${randomBytes(3_000).toString('hex')}` } : {})))
  expect(await Promise.all(people.map(async (from) => (await texts(from)).length))).toEqual([2, 2, 1, 2, 2, 2])
  expect(await db().selectFrom('inbound').select('outcome').where('payload', 'like', `%${people[2]!}%`).orderBy('id').execute()).toEqual([{ outcome: 'taken' }, { outcome: 'corrupt' }])
})

test('what has changed since, through another process, is seen', async () => {
  const [closed, backWithTheBot, asleep, moved] = [person(), person(), person(), person()]
  for (const from of [closed, backWithTheBot, asleep, moved]) {
    await write(0, from, 'olá')
    await act(from, { do: 'take' })
  }
  await act(closed, { do: 'close', survey: false })
  await act(backWithTheBot, { do: 'hand-back' })
  await act(asleep, { do: 'snooze', until: new Date(clock + 86_400_000) })
  await act(moved, { do: 'move', departmentId: 'urbanismo' }, { do: 'take' }, { do: 'reply', text: 'Já vemos.' })
  expect(await longWays(() => Promise.all([closed, backWithTheBot, asleep, moved].map((from) => write(0, from, 'mais'))))).toBe(1)
  expect((await conversationsOf(closed)).map(({ state }) => state)).toEqual(['closed', 'bot'])
  expect(await texts(backWithTheBot)).toEqual(['olá', 'eco', 'mais', 'eco'])
  expect((await conversationsOf(asleep)).map(({ state }) => state)).toEqual(['assigned'])
  expect((await conversationsOf(moved)).map(({ due_at }) => due_at)).toEqual([new Date(clock + 7_200_000)])
})

test('who was linked to another citizen meanwhile writes into that one’s conversation', async () => {
  const [phone, mail] = [person(), person()]
  await write(0, phone, 'olá')
  await write(0, mail, 'olá')
  const joining = { pool: nodes[1]!.gateway.pool, signals: nodes[1]!.gateway.signals, now: () => new Date(clock), referencePrefix: () => 'BAL' }
  const identity = (address: string) => db().selectFrom('identity').selectAll().where('address', '=', address).executeTakeFirstOrThrow()
  await linkIdentity(joining, rita, (await identity(mail)).id, (await identity(phone)).citizen_id, 'disse o código por telefone')
  const [open, aside] = await conversationsOf(phone)
  await write(0, mail, 'no meio')
  await mergeConversations(joining, rita, aside!.id, open!.id)
  expect(await longWays(() => write(0, mail, 'depois'))).toBe(0)
  const all = await messagesOf(mail)
  expect(all.map(({ conversation_id }) => conversation_id)).toEqual([open!.id, open!.id, open!.id])
  expect(all.at(-1)!.content.text).toBe('depois')
})

test('who goes by two names is kept under the first that was known, by either way', async () => {
  const [phone, userId] = [person(), person()]
  await write(0, phone, 'olá')
  expect(await longWays(() => write(0, userId, 'agora com nome', { aliases: [phone] }))).toBe(1)
  expect(await longWays(() => write(0, userId, 'outra vez', { aliases: [phone] }))).toBe(0)
  expect(await texts(phone)).toEqual(['olá', 'agora com nome', 'outra vez'])
})

test('of ten people at once, each by two names, nobody is taken for another', async () => {
  const people = Array.from({ length: 10 }, () => [person(), person()] as const)
  await Promise.all(people.map(([phone]) => write(0, phone, 'olá')))
  await Promise.all(people.map(([phone, userId]) => write(0, userId, `sou ${phone}`, { aliases: [phone] })))
  expect(await Promise.all(people.map(([phone]) => texts(phone)))).toEqual(people.map(([phone]) => ['olá', `sou ${phone}`]))
})

test('pictures, answers to a message and whatever comes with more than words go the long way', async () => {
  const from = person()
  await write(0, from, 'olá')
  const more: Partial<PlainMessage>[] = [{ attachments: [{ kind: 'image', source: 'a1', mimeType: 'image/jpeg' }] }, { group: 'album' }]
  for (const one of more) expect(await longWays(() => write(0, from, 'veja', one))).toBe(1)
  expect(await longWays(() => write(0, from, 'só palavras'))).toBe(0)
})
