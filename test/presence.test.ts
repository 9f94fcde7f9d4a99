/** Who is writing, told across the counter: the citizen's page and the operators'. */

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationSummary, LiveEvent, Page } from '../src/operator-api.types.ts'
import type { Responder } from '../src/core/model.ts'
import { message, startChat, Visitor } from './channels/webchat/setting.ts'
import { signIn, type SignedIn } from './harness/browserless.ts'
import { type Harness, startGateway } from './harness/gateway.ts'
import { plainKind, plainVendor } from './harness/plain-channel.ts'

let nodes: Harness[]
let ana: SignedIn
beforeAll(async () => {
  const first = await startChat(undefined)
  nodes = [first, await startChat(undefined, {}, { databaseUrl: first.databaseUrl })]
  ana = await signIn(first, 'ana@valeformoso.example')
})
afterAll(async () => { for (const node of nodes.toReversed()) await node.close() })

type Presence = Extract<LiveEvent, { type: 'presence' }>

async function conversationBegun(): Promise<{ visitor: Visitor; id: string }> {
  const visitor = new Visitor(nodes[0]!.url)
  await visitor.post('/messages', message('pessoa'))
  const { rows } = await ana.get<Page<ConversationSummary>>('/api/conversations?view=waiting')
  return { visitor, id: rows.at(-1)!.id }
}
const writing = (id: string, what: 'reply' | 'note' | false) => ana.call('PUT', `/api/conversations/${id}/presence`, { writing: what })

test('a citizen who writes is seen writing by who has the conversation open, on any process, until the words are there', async () => {
  const { visitor, id } = await conversationBegun()
  const told: Presence[] = []
  const heard = ana.live((event) => {
    if (event.type === 'presence' && event.conversationId === id) told.push(event as unknown as Presence)
    return told.some(({ citizenTyping }) => citizenTyping) && told.at(-1)?.citizenTyping === false
  })
  await nodes[0]!.until('the stream', async () => {
    await writing(id, false)
    return told.length > 0
  })
  await new Visitor(nodes[1]!.url, visitor.token).post('/typing', {})
  await nodes[0]!.until('the citizen’s writing', () => told.some(({ citizenTyping }) => citizenTyping))
  await visitor.post('/messages', message('Bom dia'))
  await nodes[0]!.until('told that it has ended', async () => {
    await writing(id, false)
    return told.at(-1)?.citizenTyping === false
  })
  await heard
})

test('the citizen sees that a reply is being written, and nothing of a note', async () => {
  const { visitor, id } = await conversationBegun()
  const stream = await visitor.follow()
  const typings = () => stream.events.filter(({ event }) => event === 'typing').length
  await nodes[0]!.until('what is so far', () => stream.events.some(({ event }) => event === 'news'))
  await writing(id, 'note')
  await writing(id, 'reply')
  await nodes[0]!.until('the reply’s writing', () => typings() > 0)
  // What is said after both has come: nothing is under way any more.
  await ana.call('POST', `/api/conversations/${id}/act`, { clientId: randomUUID(), actions: [{ do: 'reply', text: 'Aqui estou.' }] })
  await nodes[0]!.until('the reply', () => JSON.stringify(stream.events).includes('Aqui estou.'))
  expect(typings()).toBe(1)
  stream.end()
})

const toPeople: Responder = (state) => ({ actions: [{ do: 'hand-off', departmentId: 'geral', reason: 'asked' }], state })

test.each([false, true])('where the citizen’s channel has a sign for it, it shows once that a reply is written, whoever holds the channel (one process alone: %s)', async (exclusive) => {
  const vendor = await plainVendor()
  const options = { channels: { linha: { kind: 'plain', vendorUrl: vendor.url, exclusive } }, kinds: { plain: plainKind({ outbound: { edits: false, deletes: false, reactions: false, typing: true } }) }, respond: toPeople }
  const first = await startGateway(options)
  const second = await startGateway({ ...options, databaseUrl: first.databaseUrl })
  try {
    const rui = await signIn(second, 'rui@valeformoso.example')
    await first.until('the channel', () => first.channels.all.get('linha')?.connection)
    await fetch(`${first.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id: 'p1', from: 'carla', text: 'Bom dia' }] }) })
    const { rows: [conversation] } = await rui.get<Page<ConversationSummary>>('/api/conversations?view=waiting')
    const write = (what: 'reply' | 'note') => rui.call('PUT', `/api/conversations/${conversation!.id}/presence`, { writing: what })
    await write('note')
    await write('reply')
    await first.until('the sign', () => vendor.typings.length > 0)
    // What is said after it has gone: a second sign would have gone before.
    await rui.call('POST', `/api/conversations/${conversation!.id}/act`, { clientId: randomUUID(), actions: [{ do: 'reply', text: 'Bom dia, Carla.' }] })
    await first.until('the reply', () => vendor.ledger.some(({ text }) => text === 'Bom dia, Carla.'))
    expect(vendor.typings).toEqual(['carla'])
  } finally {
    await second.close()
    await first.close()
    await vendor.close()
  }
})
