/**
 * A stand-in for Meta's WhatsApp Cloud API on 127.0.0.1: messages, media, templates, webhooks and their faults.
 * To play: npx tsx test/vendors/whatsapp-cloud.ts --port 8083 --webhook http://127.0.0.1:8080/channels/whatsapp
 */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { deliveries, type Deliveries } from './whatsapp-cloud-webhooks.ts'
import { refusal } from './whatsapp-cloud-rules.ts'

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
  templates: Json[]
  /** A citizen writes. `message` lacks id, from and timestamp; gives the id. */
  citizenWrites(from: { phone?: string; userId?: string; name?: string }, message: Json): Promise<string>
  /** Any change of the field `messages`. */
  change(value: Json, field?: string): Promise<number>
  status(accepted: { id: string; to: string; key?: string | undefined }, state: string, extra?: Json): Promise<number>
  keepMedia(bytes: Buffer, mimeType: string): string
  uploads: Map<string, { bytes: Buffer; mimeType: string; name: string | undefined }>
  /** What GET /{media-id} says, for tests that make it lie. */
  mediaAnswer?: (answer: Json) => Json
  close(): Promise<void>
}

export async function startWhatsappCloud(options: WhatsappCloudOptions = {}): Promise<WhatsappCloud> {
  const now = options.now ?? (() => new Date())
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
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
    templates: [],
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
    change(value, field = 'messages') {
      const metadata = { display_phone_number: '351276000000', phone_number_id: vendor.phoneNumberId }
      const change = { value: { messaging_product: 'whatsapp', metadata, ...value }, field }
      return vendor.webhooks.deliver({
        object: 'whatsapp_business_account',
        entry: [{ id: vendor.wabaId, changes: [change] }],
      })
    },
    status({ id, to, key }, state, extra = {}) {
      const pricing = { billable: true, pricing_model: 'PMP', category: 'service', type: 'free_customer_service' }
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

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '/', baseUrl)
    const answer = (status: number, value: unknown, headers: Record<string, string> = {}): void => {
      response
        .writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers })
        .end(JSON.stringify(value))
    }
    const refuse = (status: number, code: number, message: string, headers: Record<string, string> = {}): void =>
      answer(
        status,
        {
          error: {
            message,
            type: 'OAuthException',
            code,
            error_data: { messaging_product: 'whatsapp', details: message },
            fbtrace_id: 'A',
          },
        },
        headers,
      )

    if (request.headers.authorization !== `Bearer ${vendor.accessToken}`)
      return refuse(401, 190, 'Error validating access token')
    const bytes = /^\/media-bytes\/(\d+)$/.exec(url.pathname)
    if (bytes) {
      const file = vendor.uploads.get(bytes[1] ?? '')
      if (!file) return refuse(404, 100, 'gone')
      response.writeHead(200, { 'content-type': file.mimeType }).end(file.bytes)
      return
    }
    const [, version, subject = '', edge = ''] = url.pathname.split('/')
    if (!/^v\d+\.\d+$/.test(version ?? '')) return refuse(400, 2500, 'Unknown path components')
    const route = `${request.method} ${subject === vendor.phoneNumberId ? 'number' : subject === vendor.wabaId ? 'account' : 'media'}/${edge}`
    const json = (): Json => JSON.parse(body.toString('utf8')) as Json

    switch (route) {
      case 'POST number/messages':
        return messages(json(), request, response, answer, refuse)
      case 'POST number/media':
        return upload(body, request, answer, refuse)
      case 'GET media/': {
        const file = vendor.uploads.get(subject)
        if (!file) return refuse(400, 100, `Unsupported get request. Object with ID '${subject}' does not exist`)
        const about: Json = {
          messaging_product: 'whatsapp',
          id: subject,
          url: `${baseUrl}/media-bytes/${subject}`,
          mime_type: file.mimeType,
          sha256: createHash('sha256').update(file.bytes).digest('hex'),
          file_size: file.bytes.length,
        }
        return answer(200, vendor.mediaAnswer?.(about) ?? about)
      }
      case 'GET number/':
        return answer(200, {
          id: subject,
          display_phone_number: '+351 276 000 000',
          verified_name: 'Câmara Municipal',
          quality_rating: 'GREEN',
          webhook_configuration: {
            application: 'https://app.example/webhook',
            ...(vendor.webhooks.url && { phone_number: vendor.webhooks.url }),
          },
        })
      case 'POST number/': {
        const { override_callback_uri: uri, verify_token: token } = (json().webhook_configuration ?? {}) as Record<
          string,
          string
        >
        const challenge = '1158201444'
        const asked = await fetch(
          `${uri}?hub.mode=subscribe&hub.verify_token=${encodeURIComponent(token ?? '')}&hub.challenge=${challenge}`,
        )
          .then(async (reply) => reply.ok && (await reply.text()) === challenge)
          .catch(() => false)
        if (!asked) return refuse(400, 2200, 'Callback verification failed')
        vendor.webhooks.url = uri
        return answer(200, { success: true })
      }
      case 'GET account/subscribed_apps':
        return answer(200, {
          data: vendor.subscribed ? [{ whatsapp_business_api_data: { id: '1', name: 'Balcão' } }] : [],
        })
      case 'POST account/subscribed_apps':
        vendor.subscribed = true
        return answer(200, { success: true })
      case 'GET account/message_templates': {
        const at = Number(url.searchParams.get('after') ?? 0)
        const limit = Math.min(Number(url.searchParams.get('limit') ?? 25), 2)
        const next = at + limit
        return answer(200, {
          data: vendor.templates.slice(at, next),
          paging: {
            cursors: { before: String(at), after: String(next) },
            ...(next < vendor.templates.length && { next: 'https://graph.facebook.com/next' }),
          },
        })
      }
      default:
        return refuse(400, 100, `Unsupported ${route}`)
    }
  }

  type Answer = (status: number, value: unknown, headers?: Record<string, string>) => void
  type Refuse = (status: number, code: number, message: string, headers?: Record<string, string>) => void

  async function messages(
    body: Json,
    request: IncomingMessage,
    response: ServerResponse,
    answer: Answer,
    refuse: Refuse,
  ): Promise<void> {
    const fault = vendor.faults.shift()
    if (fault?.kind === 'cut-before') return void request.socket.destroy()
    if (fault?.kind === 'slow') await pause(fault.ms)
    if (fault?.kind === 'refuse') {
      const headers: Record<string, string> =
        fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }
      if (fault.code === undefined) return void response.writeHead(fault.status, headers).end('<html>upstream</html>')
      return refuse(fault.status, fault.code, `(#${fault.code}) refused`, headers)
    }
    const templates = new Map(
      vendor.templates.map((one) => [`${String(one.name)}/${String(one.language)}`, blanksOf(one)]),
    )
    const refused = refusal(body, { media: new Set(vendor.uploads.keys()), templates, received })
    if (refused) return refuse(refused.status, refused.code, `(#${refused.code}) ${refused.title}: ${refused.details}`)
    if (body.status === 'read') {
      vendor.readMarks.push(body)
      return answer(200, { success: true })
    }
    const to = String(body.to ?? body.recipient).replace(/^\+/, '')
    const key = typeof body.biz_opaque_callback_data === 'string' ? body.biz_opaque_callback_data : undefined
    const accepted: Accepted = { id: nextId(), to, key, body, at: now() }
    vendor.ledger.push(accepted)
    void follow(accepted)
    if (fault?.kind === 'cut-after') return void request.socket.destroy()
    answer(200, {
      messaging_product: 'whatsapp',
      contacts: [{ input: to, ...(body.to ? { wa_id: to } : { user_id: to }) }],
      messages: [{ id: accepted.id }],
    })
  }

  async function follow(accepted: Accepted): Promise<void> {
    const open = now().getTime() - (lastWritten.get(accepted.to) ?? Number.NEGATIVE_INFINITY) < 24 * 3600 * 1000
    if (options.enforceWindow !== false && !open && accepted.body.type !== 'template') {
      await vendor.status(accepted, 'failed', { errors: [{ code: 131047, title: 'Re-engagement message' }] })
      return
    }
    for (const state of options.statuses ?? ['sent', 'delivered']) await vendor.status(accepted, state)
  }

  async function upload(body: Buffer, request: IncomingMessage, answer: Answer, refuse: Refuse): Promise<void> {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData()
    const file = form.get('file')
    const type = String(form.get('type') ?? '')
    if (form.get('messaging_product') !== 'whatsapp' || !(file instanceof File))
      return refuse(400, 100, 'Invalid parameter')
    const bytes = Buffer.from(await file.arrayBuffer())
    const limit = type.startsWith('image/webp')
      ? 500 * 1024
      : type.startsWith('image/')
        ? 5 << 20
        : /^(audio|video)\//.test(type)
          ? 16 << 20
          : 100 << 20
    if (
      !/^(image\/(jpeg|png|webp)|audio\/(aac|amr|mpeg|mp4|ogg)|video\/(mp4|3gpp)|text\/plain|application\/(pdf|msword|vnd\..+))/.test(
        type,
      )
    ) {
      return refuse(400, 131053, `(#131053) Media upload error: Unsupported type ${type}`)
    }
    if (bytes.length > limit || bytes.length === 0)
      return refuse(400, 131053, '(#131053) Media upload error: File size')
    const id = vendor.keepMedia(bytes, type)
    vendor.uploads.set(id, { bytes, mimeType: type, name: file.name })
    answer(200, { id })
  }

  return vendor
}

function blanksOf(template: Json): number {
  const parts = Array.isArray(template.components) ? (template.components as Json[]) : []
  const body = parts.find((part) => part.type === 'BODY')
  return new Set(String(body?.text ?? '').match(/\{\{\d+\}\}/g)).size
}

if (process.argv[1] === import.meta.filename) {
  const { play } = await import('./whatsapp-cloud-play.ts')
  await play(process.argv.slice(2))
}
