/**
 * A stand-in for Meta's WhatsApp Cloud API on 127.0.0.1: messages, media, templates, webhooks and their faults.
 * To play: npm run play whatsapp
 */

import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { graphApi } from './whatsapp-cloud-graph.ts'
import { deliveries, type Deliveries } from './whatsapp-cloud-webhooks.ts'

type Json = Record<string, unknown>

export type Fault =
  | { kind: 'refuse'; status: number; code?: number; retryAfter?: number }
  | { kind: 'cut-before' }
  | { kind: 'cut-after' }
  | { kind: 'slow'; ms: number }

export interface Accepted {
  id: string
  to: string
  key: string | undefined
  body: Json
  at: Date
}

export interface WhatsappCloudOptions {
  port?: number
  phoneNumberId?: string
  wabaId?: string
  accessToken?: string
  appSecret?: string
  webhook?: string
  /** Where the app's own webhooks go, with all fields subscribed. */
  appWebhook?: string
  firstRetryMs?: number
  /** How many copies of each webhook are sent at once. */
  copies?: () => number
  /** After a message is taken. Given in the order in which they are sent. */
  statuses?: ('sent' | 'delivered' | 'read')[]
  /** Refuse free text to those who did not write within 24 h, as a status that failed. */
  enforceWindow?: boolean
  now?: () => Date
}

export interface WhatsappCloud {
  baseUrl: string
  phoneNumberId: string
  wabaId: string
  accessToken: string
  appSecret: string
  /** What was taken, once each: the oracle. */
  ledger: Accepted[]
  readMarks: Json[]
  /** Used up in order, one a request to /messages. */
  faults: (Fault | undefined)[]
  webhooks: Deliveries
  subscribed: boolean
  /** The app's own webhooks: what is not of one number goes here, and only the fields that are subscribed. */
  app: { id: string; url: string | undefined; fields: string[] }
  templates: Json[]
  /** What GET /{phone-number-id} says beside the number's names. */
  number: Json
  /** A citizen writes. `message` lacks id, from and timestamp; gives the id. */
  citizenWrites(from: { phone?: string; userId?: string; name?: string }, message: Json): Promise<string>
  /** Any change of the field `messages`. */
  change(value: Json): Promise<number>
  /** Of the account, the number or a template. 0: nobody has subscribed that field. */
  tellsOfAccount(field: string, value: Json, wabaId?: string): Promise<number>
  status(accepted: { id: string; to: string; key?: string | undefined }, state: string, extra?: Json): Promise<number>
  keepMedia(bytes: Buffer, mimeType: string): string
  uploads: Map<string, { bytes: Buffer; mimeType: string; name: string | undefined }>
  /** What GET /{media-id} says, for tests that make it lie. */
  mediaAnswer?: (answer: Json) => Json
  close(): Promise<void>
}

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview */
export const accountFields = [
  'account_alerts', 'account_review_update', 'account_update', 'business_capability_update', 'message_template_quality_update',
  'message_template_status_update', 'phone_number_name_update', 'phone_number_quality_update', 'security', 'smb_message_echoes',
]

export async function startWhatsappCloud(options: WhatsappCloudOptions = {}): Promise<WhatsappCloud> {
  const now = options.now ?? (() => new Date())
  let handle: RequestListener = (_, response) => void response.destroy()
  const server = createServer((request, response) => handle(request, response))
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const appSecret = options.appSecret ?? 'the-app-secret'
  let count = 0
  const nextId = (): string => `wamid.HBgM${Buffer.from(`${now().getTime()}:${++count}`).toString('base64url')}`
  const seconds = (): string => String(Math.floor(now().getTime() / 1000))
  const received = new Set<string>()
  const lastWritten = new Map<string, number>()

  const vendor: WhatsappCloud = {
    baseUrl,
    phoneNumberId: options.phoneNumberId ?? '106540352242922',
    wabaId: options.wabaId ?? '102290129340398',
    accessToken: options.accessToken ?? 'the-access-token',
    appSecret,
    ledger: [],
    readMarks: [],
    faults: [],
    webhooks: deliveries({
      secret: appSecret,
      url: options.webhook,
      ...(options.firstRetryMs !== undefined && { firstRetryMs: options.firstRetryMs }),
      ...(options.copies && { copies: options.copies }),
    }),
    subscribed: false,
    app: { id: '670843887433847', url: options.appWebhook, fields: options.appWebhook ? ['messages', ...accountFields] : [] },
    templates: [],
    number: { quality_rating: 'GREEN' },
    uploads: new Map(),
    async citizenWrites({ phone, userId, name = 'Maria Amélia' }, message) {
      const id = nextId()
      received.add(id)
      for (const who of [phone, userId]) if (who) lastWritten.set(who, now().getTime())
      await vendor.change({
        contacts: [{ profile: { name }, ...(phone && { wa_id: phone }), ...(userId && { user_id: userId }) }],
        messages: [
          {
            ...(phone && { from: phone }),
            ...(userId && { from_user_id: userId }),
            id,
            timestamp: seconds(),
            ...message,
          },
        ],
      })
      return id
    },
    tellsOfAccount(field, value, wabaId = vendor.wabaId) {
      if (!vendor.app.url || !vendor.app.fields.includes(field)) return Promise.resolve(0)
      const entry = { id: wabaId, time: Number(seconds()), changes: [{ value, field }] }
      return vendor.webhooks.deliver({ object: 'whatsapp_business_account', entry: [entry] }, vendor.app.url)
    },
    change(value) {
      const metadata = { display_phone_number: '351276000000', phone_number_id: vendor.phoneNumberId }
      const change = { value: { messaging_product: 'whatsapp', metadata, ...value }, field: 'messages' }
      return vendor.webhooks.deliver({
        object: 'whatsapp_business_account',
        entry: [{ id: vendor.wabaId, changes: [change] }],
      })
    },
    status({ id, to, key }, state, extra = {}) {
      const pricing = { billable: true, pricing_model: 'PMP', category: 'service', type: 'regular' }
      return vendor.change({
        statuses: [
          {
            id,
            status: state,
            timestamp: seconds(),
            recipient_id: to,
            ...(key && { biz_opaque_callback_data: key }),
            ...(state === 'sent' && { pricing }),
            ...extra,
          },
        ],
      })
    },
    keepMedia(bytes, mimeType) {
      const id = String(1_000_000_000 + ++count)
      vendor.uploads.set(id, { bytes, mimeType, name: undefined })
      return id
    },
    async close() {
      vendor.webhooks.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  async function follow(accepted: Accepted): Promise<void> {
    const open = now().getTime() - (lastWritten.get(accepted.to) ?? Number.NEGATIVE_INFINITY) < 24 * 3600 * 1000
    if (options.enforceWindow !== false && !open && accepted.body.type !== 'template') {
      await vendor.status(accepted, 'failed', { errors: [{ code: 131047, title: 'Re-engagement message' }] })
      return
    }
    for (const state of options.statuses ?? ['sent', 'delivered']) await vendor.status(accepted, state)
  }

  const answer = graphApi({ vendor, now, nextId, received, follow })
  handle = (request, response) => {
    answer(request, response).catch(() => response.destroy())
  }
  return vendor
}
