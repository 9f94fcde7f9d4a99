/** Through the whole gateway: real database, real sockets, both providers. */

import { afterEach, expect, test } from 'vitest'
import type { ConversationSummary, Page, Timeline } from '../../../src/operator-api.types.ts'
import { signIn } from '../../harness/browserless.ts'
import { type Harness, startGateway } from '../../harness/gateway.ts'
import { findChromium } from '../../vendors/browser.ts'
import { startWhatsappCloud, type WhatsappCloud } from '../../vendors/whatsapp-cloud.ts'
import { maria, startWhatsappPage, type WhatsappPage } from '../../vendors/whatsapp-page/server.ts'
import { generous } from './web-setup.ts'
import { until } from './host.ts'

let gateway: Harness | undefined
let cloud: WhatsappCloud | undefined
let phone: WhatsappPage | undefined
afterEach(async () => {
  await gateway?.close()
  await cloud?.close()
  await phone?.close()
  gateway = cloud = phone = undefined
}, generous)

const asksForPeople = (state: Record<string, unknown>) => ({
  actions: [
    {
      do: 'say' as const,
      content: {
        text: 'Em que podemos ajudar?',
        choices: [
          { id: 'a', label: 'Águas' },
          { id: 'b', label: 'Obras' },
        ],
      },
    },
    { do: 'hand-off' as const, reason: 'asked' as const },
  ],
  state,
})

async function replyOf(running: Harness, text: string): Promise<void> {
  const db = running.gateway.pool.db
  const conversation = await running.until('a conversation', () =>
    db.selectFrom('conversation').selectAll().executeTakeFirst(),
  )
  const operator = await running.operator({ role: 'admin' })
  await running.gateway.act({
    conversationId: conversation.id,
    operator,
    clientId: 'r-1',
    deeds: [{ do: 'take' }, { do: 'reply', text }],
  })
}

const by = (vendor: WhatsappCloud, more: { readMarks?: boolean } = {}) => ({
  channels: {
    whatsapp: {
      kind: 'whatsapp',
      phoneNumberId: vendor.phoneNumberId,
      wabaId: vendor.wabaId,
      graphBaseUrl: vendor.baseUrl,
      registerWebhook: false,
      accessToken: { env: 'TOKEN' },
      appSecret: { env: 'SECRET' },
      verifyToken: { env: 'VERIFY' },
      ...more,
    },
  },
  env: { TOKEN: vendor.accessToken, SECRET: vendor.appSecret, VERIFY: 'verify-me' },
})

test(
  "cloud: a message, the bot's buttons, a press, an operator's reply, and its receipts",
  async () => {
    const vendor = await startWhatsappCloud({ statuses: ['sent', 'delivered', 'read'], copies: () => 2 })
    cloud = vendor
    const running = await startGateway({
      ...by(vendor),
      respond: asksForPeople,
    })
    gateway = running
    vendor.webhooks.url = `${running.url}/channels/whatsapp`
    const db = running.gateway.pool.db
    await vendor.citizenWrites(
      { phone: '351912345678', userId: 'PT.1349120865530274' },
      { type: 'text', text: { body: 'Há uma fuga de água ⛲' } },
    )
    await running.until('the bot answers', () => vendor.ledger.length === 1)
    expect(vendor.ledger[0]?.body).toMatchObject({
      interactive: { type: 'button', body: { text: 'Em que podemos ajudar?' } },
    })
    await vendor.citizenWrites(
      { phone: '351912345678', userId: 'PT.1349120865530274' },
      { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id: 'a', title: 'Águas' } } },
    )
    await replyOf(running, 'Já enviámos a equipa.')
    await running.until('the reply arrives', () => vendor.ledger.length === 2)
    expect(vendor.ledger[1]?.body).toMatchObject({ to: '351912345678', text: { body: 'Já enviámos a equipa.' } })
    await running.until('both are read', async () => {
      const states = await db.selectFrom('delivery').select('state').execute()
      return states.length === 2 && states.every(({ state }) => state === 'read')
    })
    expect(await db.selectFrom('delivery').select('cost').execute()).toEqual([{ cost: 'service' }, { cost: 'service' }])
    expect(await db.selectFrom('identity').selectAll().execute()).toHaveLength(1)
    expect(await db.selectFrom('message').select('id').where('direction', '=', 'in').execute()).toHaveLength(2)
  },
  generous,
)

test.each([true, false])(
  'cloud: Meta is told once that the operator who deals with it has read, or never where the town keeps that to itself; and of a reaction (readMarks: %s)',
  async (readMarks) => {
    const vendor = await startWhatsappCloud()
    cloud = vendor
    const running = await startGateway({ ...by(vendor, { readMarks }), respond: asksForPeople })
    gateway = running
    vendor.webhooks.url = `${running.url}/channels/whatsapp`
    const ana = await signIn(running, 'ana@valeformoso.example')
    const said = await vendor.citizenWrites({ phone: '351912345678' }, { type: 'text', text: { body: 'Há uma fuga' } })
    const waiting = await running.until('a conversation', async () => (
      await ana.get<Page<ConversationSummary>>('/api/conversations?view=waiting')).rows[0])
    const at = `/api/conversations/${waiting.id}`
    const act = (clientId: string, ...actions: object[]) => ana.call('POST', `${at}/act`, { clientId, actions })
    await ana.call('PUT', `${at}/read`, { seq: waiting.lastSeq })
    await act('click-0001', { do: 'take' })
    if (readMarks) await running.until('the mark', () => vendor.readMarks.length > 0)
    await ana.call('PUT', `${at}/read`, { seq: waiting.lastSeq })
    if (!readMarks) await ana.call('PUT', `${at}/presence`, { writing: 'reply' })
    await act('click-0002', { do: 'reply', text: 'Já enviámos a equipa.' })
    await running.until('the reply arrives', () => vendor.ledger.length === 2)
    const { entries } = await ana.get<Timeline>(`${at}/timeline`)
    const asked = entries.find((entry) => entry.type === 'message' && entry.direction === 'in')!
    expect((await ana.call('PUT', `/api/messages/${asked.id}/reaction`, { emoji: '🙏' })).status).toBe(204)
    expect(vendor.ledger.at(-1)?.body.reaction).toEqual({ message_id: said, emoji: '🙏' })
    expect(vendor.readMarks).toEqual(readMarks ? [{ messaging_product: 'whatsapp', status: 'read', message_id: said }] : [])
  },
  generous,
)

test(
  'web: the same, by a linked device',
  async () => {
    const [page, browser] = await Promise.all([startWhatsappPage(), findChromium()])
    phone = page
    const running = await startGateway({
      channels: {
        whatsapp: {
          kind: 'whatsapp',
          provider: 'web',
          acceptRiskOfBan: true,
          encryptionKey: { env: 'KEY' },
          executablePath: browser.executablePath,
          browserArguments: [...browser.args, ...page.browserArguments],
          page: page.page,
          perSecond: 5,
          watchdogSeconds: 1,
        },
      },
      env: { KEY: 'uma chave comprida' },
      respond: asksForPeople,
    })
    gateway = running
    const state = () => running.gateway.pool.db.selectFrom('channel_status').selectAll().executeTakeFirst()
    await running.until('a QR code', async () => (await state())?.qr)
    page.scan()
    await running.until('connected', async () => (await state())?.status === 'connected')
    page.says(maria, { body: 'Há uma fuga de água' })
    await until('the bot answers', () => page.ledger.length === 1, generous)
    expect(page.ledger[0]?.body).toBe('Em que podemos ajudar?\n\n1. Águas\n2. Obras')
    await replyOf(running, 'Já enviámos a equipa.')
    await until('the reply arrives', () => page.ledger.length === 2, generous)
    expect(page.ledger[1]).toMatchObject({ chat: maria.phone, body: 'Já enviámos a equipa.' })
    // Nobody had opened it: neither the bot's answer nor a reply by another way is a reader.
    expect(page.seen).toEqual([])
  },
  generous,
)
