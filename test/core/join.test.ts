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

test('nobody links a citizen whom they may not see', async () => {
  await write('tiago', 't1', 'olá')
  await write('vera', 'v1', 'olá')
  const [a, b] = [await identity('tiago'), await identity('vera')]
  const stranger = await gateway.operator({ departments: ['urbanismo'] })
  expect(await linkIdentity(joining(), stranger, a.id, b.citizen_id, 'nenhuma')).toBe(false)
  expect((await identity('tiago')).citizen_id).toBe(a.citizen_id)
})

test('an e-mail left in the web chat opens a second thread, but never somebody else’s address', async () => {
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
  const threads = await town.gateway.pool.db.selectFrom('thread').innerJoin('identity', 'identity.id', 'thread.identity_id').select(['thread.channel_id', 'identity.address', 'thread.route', 'identity.citizen_id']).orderBy('thread.id').execute()
  expect(threads.map(({ channel_id, address }) => [channel_id, address])).toEqual([['web', 'v1'], ['correio', 'luisa@correio.example'], ['web', 'v2']])
  expect(threads[1]).toMatchObject({ route: { to: 'luisa@correio.example' }, citizen_id: threads[0]!.citizen_id })
  await town.close()
})
