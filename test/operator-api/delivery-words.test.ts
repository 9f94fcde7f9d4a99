/** Why a message did not go stands beside it in both of the inbox's languages: as we were refused, and as the vendor says later. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { SendError } from '../../src/core/channel.ts'
import type { InboundEvent, Words } from '../../src/core/model.ts'
import type { MessageView, TimelineEntry } from '../../src/operator-api.types.ts'
import { signIn, type SignedIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind } from '../harness/plain-channel.ts'

const refused: Words = { pt: '21614: o número não é de telemóvel', en: '21614: the number is not a mobile' }
const undelivered: Words = { pt: '30003: telefone desligado', en: '30003: phone switched off' }
let taken = 0
const plain = plainKind()
const kind = {
  ...plain,
  normalise(payload: unknown, at: Date): InboundEvent[] {
    const { failed } = payload as { failed?: { id: string; reason?: string | Words } }
    return failed ? [{ type: 'message.status', externalId: failed.id, state: 'failed', ...(failed.reason && { reason: failed.reason }) }] : plain.normalise(payload, at)
  },
  connect: async (config: unknown, host: Parameters<typeof plain.connect>[1]) => ({
    ...await plain.connect(config, host),
    async send(request: unknown) {
      if (JSON.stringify(request).includes('recusa')) throw new SendError('rejected', refused)
      taken += 1
      return { externalId: `sent-${taken}` }
    },
  }),
}

let gateway: Harness
let ana: SignedIn
beforeAll(async () => {
  gateway = await startGateway({ channels: { linha: { kind: 'plain' } }, kinds: { plain: kind }, respond: (state) => ({ actions: [], state }) })
  ana = await signIn(gateway, 'ana@valeformoso.example')
}, 60_000)
afterAll(() => gateway.close())

const receive = (payload: unknown) => fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify(payload) })

test('refused at once, undelivered later, undelivered before we knew its id, and of an older version', async () => {
  await receive({ messages: [{ id: 'm1', from: 'rui', text: 'olá' }] })
  const { id } = await gateway.until('it is stored', () => gateway.gateway.pool.db.selectFrom('conversation').select('id').executeTakeFirst())
  const reply = async (clientId: string, text: string) => {
    const { status } = await ana.call('POST', `/api/conversations/${id}/act`, { clientId, actions: [{ do: 'reply', text }] })
    expect(status).toBe(200)
  }
  const shown = (text: string, state: string) => gateway.until(`«${text}» is ${state}`, async () => {
    const { entries } = await ana.get<{ entries: TimelineEntry[] }>(`/api/conversations/${id}/timeline`)
    return entries.find((entry): entry is MessageView => entry.type === 'message' && entry.text === text && entry.delivery?.state === state)?.delivery
  })

  await reply('click-0001', 'recusa esta')
  expect(await shown('recusa esta', 'failed')).toMatchObject({ reason: 'rejected', detail: refused })

  await reply('click-0002', 'segue')
  await shown('segue', 'sent')
  await receive({ failed: { id: 'sent-1', reason: undelivered } })
  expect(await shown('segue', 'failed')).toMatchObject({ reason: 'undelivered', detail: undelivered })

  await receive({ failed: { id: 'sent-2', reason: undelivered } })
  await reply('click-0003', 'cedo')
  expect(await shown('cedo', 'failed')).toMatchObject({ reason: 'undelivered', detail: undelivered })

  await reply('click-0004', 'sem razão')
  await shown('sem razão', 'sent')
  await receive({ failed: { id: 'sent-3' } })
  expect(await shown('sem razão', 'failed')).toMatchObject({ reason: 'undelivered', detail: null })

  // As a version before wrote it: in one language alone.
  await gateway.gateway.pool.db.updateTable('delivery').set({ detail: 'sem rede', detail_en: null }).where('external_id', '=', 'sent-3').execute()
  expect(await shown('sem razão', 'failed')).toMatchObject({ detail: { pt: 'sem rede', en: 'sem rede' } })
}, 60_000)
