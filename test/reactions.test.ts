/** An operator reacts to what a citizen wrote: over real sockets, whichever process holds the channel. */

import { afterEach, expect, test } from 'vitest'
import type { Responder } from '../src/core/model.ts'
import { forgetConversations } from '../src/core/store/forget.ts'
import type { ConversationSummary, Page, Timeline } from '../src/operator-api.types.ts'
import { signIn } from './harness/browserless.ts'
import { startGateway } from './harness/gateway.ts'
import { plainKind, plainVendor } from './harness/plain-channel.ts'

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close()
})

const toPeople: Responder = (state) => ({ actions: [{ do: 'hand-off', departmentId: 'geral', reason: 'asked' }], state })

async function town({ exclusive = false, reactions = true } = {}) {
  const vendor = await plainVendor()
  const kinds = { plain: plainKind({ outbound: { edits: false, deletes: false, reactions, typing: false } }) }
  const options = { channels: { linha: { kind: 'plain', vendorUrl: vendor.url, exclusive } }, kinds, respond: toPeople }
  const first = await startGateway(options)
  const second = await startGateway({ ...options, databaseUrl: first.databaseUrl })
  closing.push(second, first, vendor)
  await first.until('the channel', () => first.channels.all.get('linha')?.connection)
  await fetch(`${first.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id: 'p1', from: 'carla', text: 'Obrigada!' }] }) })
  const rui = await signIn(second, 'rui@valeformoso.example')
  const { rows: [conversation] } = await rui.get<Page<ConversationSummary>>('/api/conversations?view=all')
  const timeline = () => rui.get<Timeline>(`/api/conversations/${conversation!.id}/timeline`).then(({ entries }) => entries)
  const said = (await timeline()).find((entry) => entry.type === 'message')!
  const react = (emoji: string | null) => rui.call<{ error?: string; detail?: object }>('PUT', `/api/messages/${said.id}/reaction`, { emoji })
  const shown = async () => (await timeline()).flatMap((entry) => (entry.type === 'message' ? entry.reactions : []))
  return { vendor, first, rui, conversation: conversation!, timeline, react, shown }
}

test.each([false, true])('a reaction reaches the citizen once, stands in the thread with whose it is, and is taken back (one process alone holds the channel: %s)', async (exclusive) => {
  const { vendor, rui, react, shown, timeline } = await town({ exclusive })
  const pressed = await Promise.all([react('👍'), react('👍')])
  expect(pressed.map(({ status }) => status)).toEqual([204, 204])
  expect(await shown()).toEqual([{ emoji: '👍', by: '', operatorId: rui.id }])
  expect((await react('🙏')).status).toBe(204)
  expect((await react(null)).status).toBe(204)
  expect(await shown()).toEqual([])
  expect(vendor.reactions).toEqual([{ id: 'p1', emoji: '👍' }, { id: 'p1', emoji: '🙏' }, { id: 'p1', emoji: null }])
  const done = (await timeline()).flatMap((entry) => (entry.type === 'activity' && entry.what === 'react' ? [[entry.operatorId, entry.data.emoji]] : []))
  expect(done).toEqual([[rui.id, '👍'], [rui.id, '🙏'], [rui.id, null]])
})

test.each([false, true])('what the vendor refuses is said in its words, and nothing is shown (one process alone holds the channel: %s)', async (exclusive) => {
  const { vendor, react, shown } = await town({ exclusive })
  vendor.reactStatus = 400
  const { status, body } = await react('👍')
  expect({ status, ...body }).toMatchObject({ status: 409, error: 'refused', detail: { pt: 'passou o prazo', en: 'too late for it' } })
  expect(await shown()).toEqual([])
})

test('only a few emoji are taken, and only where the channel carries them, the citizen wants to hear from us, and something may be sent', async () => {
  const { vendor, first, react } = await town()
  expect((await react('💩')).status).toBe(400)
  await first.gateway.pool.db.updateTable('identity').set({ opted_out_at: new Date() }).execute()
  expect((await react('👍')).body).toMatchObject({ error: 'refused', detail: { en: 'the citizen wants no messages at this contact' } })
  expect(vendor.reactions).toEqual([])
  const other = await town({ reactions: false })
  expect((await other.react('👍')).body).toMatchObject({ error: 'no-reactions' })
  expect(other.vendor.reactions).toEqual([])
})

test('a conversation is forgotten with its reactions', async () => {
  const { first, react, conversation } = await town()
  await react('👍')
  const { db } = first.gateway.pool
  await db.transaction().execute((trx) => forgetConversations(trx, [conversation.id]))
  expect(await db.selectFrom('our_reaction').selectAll().execute()).toEqual([])
})
