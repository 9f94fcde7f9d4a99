/** The citizen's channel is told what an operator has read: over real sockets, whichever process holds the channel. */

import { afterEach, expect, test } from 'vitest'
import type { Responder } from '../src/core/model.ts'
import type { ConversationSummary, Page } from '../src/operator-api.types.ts'
import { signIn } from './harness/browserless.ts'
import { type Harness, startGateway } from './harness/gateway.ts'
import { plainKind, plainVendor } from './harness/plain-channel.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close()
})

const toPeopleWhenAsked: Responder = (state, input) => (
  { actions: input.type === 'message' && input.content.text === 'pessoa' ? [{ do: 'hand-off', departmentId: 'geral', reason: 'asked' }] : [], state })
const kinds = { plain: plainKind({ outbound: { edits: false, deletes: false, reactions: false, typing: false, readMarks: true } }) }

async function town(exclusive: boolean) {
  const vendor = await plainVendor()
  const options = { channels: { linha: { kind: 'plain', vendorUrl: vendor.url, exclusive } }, kinds, respond: toPeopleWhenAsked }
  const first = await startGateway(options)
  const second = await startGateway({ ...options, databaseUrl: first.databaseUrl })
  closing.push(second, first, vendor)
  await first.until('the channel', () => first.channels.all.get('linha')?.connection)
  return { vendor, first, second, write: (id: string, text: string) => fetch(`${first.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id, from: 'carla', text }] }) }) }
}

async function deskOf(gateway: Harness, email: string) {
  const operator = await signIn(gateway, email)
  let clicks = 0
  const all = () => operator.get<Page<ConversationSummary>>('/api/conversations?view=all').then(({ rows }) => rows[0]!)
  return {
    async reads() {
      const { id, lastSeq } = await all()
      expect((await operator.call('PUT', `/api/conversations/${id}/read`, { seq: lastSeq })).status).toBe(204)
    },
    async acts(...actions: object[]) {
      clicks += 1
      expect((await operator.call('POST', `/api/conversations/${(await all()).id}/act`, { clientId: `click-${operator.id}-${clicks}`, actions })).status).toBe(200)
    },
  }
}

test.each([false, true])('a channel is told once of what its operator has read, and of nothing that others look in on (one process alone holds it: %s)', async (exclusive) => {
  const { vendor, first, second, write } = await town(exclusive)
  const rui = await deskOf(second, 'rui@valeformoso.example')
  const eva = await deskOf(first, 'eva@valeformoso.example')
  await write('p1', 'Bom dia')
  await rui.reads()
  await write('p2', 'pessoa')
  await rui.reads()
  await eva.reads()
  await rui.acts({ do: 'take' })
  await first.until('what was read before it became theirs', () => vendor.reads.length > 0)
  await rui.reads()
  await write('p3', 'Ainda lá estão?')
  await eva.reads()
  await Promise.all([rui.reads(), rui.reads(), rui.reads()])
  await first.until('the next', () => vendor.reads.length > 1)
  // A colleague who answers has read it too.
  await write('p4', 'Obrigada')
  await eva.reads()
  await eva.acts({ do: 'reply', text: 'De nada.' })
  await first.until('what a colleague answered', () => vendor.reads.length > 2)
  await rui.reads()
  await write('p5', 'Até logo')
  await rui.reads()
  await first.until('the last', () => vendor.reads.includes('p5'))
  expect(vendor.reads).toEqual(['p2', 'p3', 'p4', 'p5'])
})

test('a channel that takes no read mark is not asked again, and nobody is held up', async () => {
  const { vendor, first, write } = await town(false)
  const rui = await deskOf(first, 'rui@valeformoso.example')
  vendor.readStatus = 500
  await write('p1', 'pessoa')
  await rui.reads()
  await rui.acts({ do: 'take' })
  await first.until('the mark', () => vendor.reads.length > 0)
  await rui.acts({ do: 'reply', text: 'Bom dia, Carla.' })
  await rui.reads()
  await first.until('the reply', () => vendor.ledger.some(({ text }) => text === 'Bom dia, Carla.'))
  await write('p2', 'Obrigada')
  await rui.reads()
  await first.until('the next', () => vendor.reads.includes('p2'))
  expect(vendor.reads).toEqual(['p1', 'p2'])
})
