import { afterAll, beforeAll, expect, test } from 'vitest'
import { linkIdentity, mergeConversations, splitConversation, undoLink } from '../../src/core/join.ts'
import type { Operator } from '../../src/core/model.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind } from '../harness/plain-channel.ts'

let gateway: Harness
let operator: Operator
beforeAll(async () => {
  gateway = await startGateway({ channels: { linha: { kind: 'plain' } }, kinds: { plain: plainKind() }, respond: (state) => ({ actions: [{ do: 'hand-off', reason: 'rule' }], state }) })
  operator = await gateway.operator()
})
afterAll(() => gateway.close())

const joining = () => ({ pool: gateway.gateway.pool, signals: gateway.gateway.signals, now: () => new Date(), referencePrefix: () => 'BAL' })
const db = () => gateway.gateway.pool.db
const write = (from: string, id: string, text: string) => gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, { messages: [{ id, from, text }] })
const identity = (address: string) => db().selectFrom('identity').selectAll().where('address', '=', address).executeTakeFirstOrThrow()
const texts = async (conversationId: string) => (await db().selectFrom('message').select(['seq', 'content']).where('conversation_id', '=', conversationId).orderBy('seq').execute())
const conversationsOf = (citizenId: string) => db().selectFrom('conversation').selectAll().where('citizen_id', '=', citizenId).orderBy('id').execute()

test('two identities are linked on proof, their conversations merged, split again, and the link undone', async () => {
  await write('joana-tel', 'j1', 'um')
  await write('joana-mail', 'j2', 'dois')
  await write('joana-tel', 'j3', 'três')
  const [phone, mail] = [await identity('joana-tel'), await identity('joana-mail')]
  expect(await linkIdentity(joining(), operator, mail.id, phone.citizen_id, 'disse o código por telefone')).toBe(true)
  const both = await conversationsOf(phone.citizen_id)
  expect(both.map(({ aside }) => aside)).toEqual([false, true])
  await write('joana-mail', 'j4', 'quatro')

  expect(await mergeConversations(joining(), operator, both[1]!.id, both[0]!.id)).toBe(true)
  const merged = await texts(both[0]!.id)
  expect(merged.map(({ seq, content }) => [seq, content.text])).toEqual([[1, 'um'], [2, 'dois'], [3, 'três'], [4, 'quatro']])
  expect(await db().selectFrom('conversation').select(['state', 'merged_into']).where('id', '=', both[1]!.id).executeTakeFirst()).toEqual({ state: 'closed', merged_into: both[0]!.id })

  const split = await splitConversation(joining(), operator, both[0]!.id, 3)
  expect((await texts(split!)).map(({ seq, content }) => [seq, content.text])).toEqual([[1, 'três'], [2, 'quatro']])
  expect((await texts(both[0]!.id)).map(({ content }) => content.text)).toEqual(['um', 'dois'])

  const link = await db().selectFrom('identity_link').select('id').where('identity_id', '=', mail.id).executeTakeFirstOrThrow()
  expect(await undoLink(joining(), operator, link.id)).toBe(true)
  expect((await identity('joana-mail')).citizen_id).toBe(mail.citizen_id)
  expect(await undoLink(joining(), operator, link.id)).toBe(false)
})

test('two addresses of one citizen that write at once are each answered where they wrote', async () => {
  await write('ines-tel', 'i1', 'um')
  await write('ines-mail', 'i2', 'dois')
  const [phone, mail] = [await identity('ines-tel'), await identity('ines-mail')]
  await linkIdentity(joining(), operator, mail.id, phone.citizen_id, 'disse o código por telefone')
  const [open, aside] = await conversationsOf(phone.citizen_id)
  await mergeConversations(joining(), operator, aside!.id, open!.id)
  await gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, { messages: [{ id: 'i3', from: 'ines-tel', text: 'três' }, { id: 'i4', from: 'ines-mail', text: 'quatro' }] })
  const wrote = await db().selectFrom('message').innerJoin('thread', 'thread.id', 'message.thread_id').innerJoin('identity', 'identity.id', 'thread.identity_id')
    .select(['identity.address', 'message.external_id']).where('message.conversation_id', '=', open!.id).orderBy('seq').execute()
  expect(wrote.slice(-2)).toEqual([{ address: 'ines-tel', external_id: 'i3' }, { address: 'ines-mail', external_id: 'i4' }])
})

test('nobody links a citizen whom they may not see', async () => {
  await write('tiago', 't1', 'olá')
  await write('vera', 'v1', 'olá')
  const [a, b] = [await identity('tiago'), await identity('vera')]
  const stranger = await gateway.operator({ departments: ['urbanismo'] })
  expect(await linkIdentity(joining(), stranger, a.id, b.citizen_id, 'nenhuma')).toBe(false)
  expect((await identity('tiago')).citizen_id).toBe(a.citizen_id)
})

test('an e-mail left in the web chat is nobody’s, whoever leaves it first', async () => {
  const { email } = await import('../../src/channels/email/index.ts')
  const mail = { ...plainKind(), name: 'email', routeTo: email.routeTo! }
  const town = await startGateway({
    channels: { web: { kind: 'page' }, correio: { kind: 'mail' } }, kinds: { page: plainKind({ pull: true }), mail },
    respond: (state) => ({ actions: [], state }),
  })
  const page = town.channels.all.get('web')!
  const leave = (from: string, address: string) => town.gateway.receiver.receive({ ...page, kind: { ...page.kind, normalise: () => [{ type: 'message.received', externalId: `${from}-mail`, from: { address: from, route: {} }, content: { text: address, contact: { name: '', phones: [], emails: [address] } } }] } }, {})
  await leave('v1', 'Luisa@Correio.example')
  await leave('v2', 'luisa@correio.example')
  const threads = await town.gateway.pool.db.selectFrom('thread').innerJoin('identity', 'identity.id', 'thread.identity_id').select(['thread.channel_id', 'identity.address', 'thread.route', 'thread.unproven', 'identity.citizen_id']).orderBy('thread.id').execute()
  expect(threads.map(({ channel_id, address, unproven }) => [channel_id, address, unproven])).toEqual([
    ['web', 'v1', false], ['correio', 'luisa@correio.example', true], ['web', 'v2', false], ['correio', 'luisa@correio.example', true],
  ])
  expect(threads[1]).toMatchObject({ route: { to: 'luisa@correio.example' } })
  expect(new Set(threads.map(({ citizen_id }) => citizen_id)).size).toBe(3)
  await town.close()
})

test('who reads on the page goes on reading there when their conversation joins an older one', async () => {
  const town = await startGateway({ channels: { linha: { kind: 'plain' }, web: { kind: 'page' } }, kinds: { plain: plainKind(), page: plainKind({ pull: true }) }, respond: (state) => ({ actions: [{ do: 'hand-off', reason: 'rule' }], state }) })
  const chief = await town.operator({ role: 'admin' })
  const around = { pool: town.gateway.pool, signals: town.gateway.signals, now: () => new Date(), referencePrefix: () => 'BAL' }
  const say = (channel: string, from: string, id: string, text: string) => town.gateway.receiver.receive(town.channels.all.get(channel)!, { messages: [{ id, from, text }] })
  const of = (address: string) => town.gateway.pool.db.selectFrom('identity').innerJoin('conversation', 'conversation.citizen_id', 'identity.citizen_id').select(['identity.id as identityId', 'conversation.id', 'identity.citizen_id as citizenId']).where('identity.address', '=', address).orderBy('conversation.id').executeTakeFirstOrThrow()
  await say('linha', 'ana-tel', 'a1', 'por telefone')
  await say('web', 'ana-page', 'a2', 'na página')
  const [old, page] = [await of('ana-tel'), await of('ana-page')]
  const reader = town.gateway.readerFor('web')
  const { cursor, entries } = await reader.history('ana-page', undefined, 50)
  expect(entries.map(({ content }) => content.text)).toEqual(['na página'])
  await linkIdentity(around, chief, page.identityId, old.citizenId, 'é ela')
  await mergeConversations(around, chief, page.id, old.id)
  await say('web', 'ana-page', 'a3', 'e agora?')
  await town.gateway.act({ conversationId: old.id, operator: chief, clientId: 'r1', deeds: [{ do: 'take' }, { do: 'reply', text: 'Já vi.' }] })
  expect((await reader.history('ana-page', cursor, 50)).entries.map(({ content }) => content.text)).toEqual(['e agora?', 'Já vi.'])
  expect((await reader.history('ana-page', undefined, 50)).entries.map(({ content }) => content.text)).toEqual(['na página', 'e agora?', 'Já vi.'])
  await town.close()
})
