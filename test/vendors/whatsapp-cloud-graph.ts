/** The Graph API's side of the stand-in: messages, media, the number and its account, over HTTP. */

import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { refusal } from './whatsapp-cloud-rules.ts'
import type { Accepted, WhatsappCloud } from './whatsapp-cloud.ts'

type Json = Record<string, unknown>
type Answer = (status: number, value: unknown, headers?: Record<string, string>) => void
type Refuse = (status: number, code: number, message: string, headers?: Record<string, string>) => void

export interface Inside {
  vendor: WhatsappCloud
  now(): Date
  nextId(): string
  /** Ids of what citizens wrote. */
  received: Set<string>
  /** After a message is taken. */
  follow(accepted: Accepted): Promise<void>
}

const megabyte = 1 << 20
const kept =
  /^(image\/(jpeg|png|webp)|audio\/(aac|amr|mpeg|mp4|ogg)|video\/(mp4|3gpp)|text\/plain|application\/(pdf|msword|vnd\..+))/

export function graphApi({ vendor, now, nextId, received, follow }: Inside) {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '/', vendor.baseUrl)
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

    const forApp = url.pathname.endsWith(`/${vendor.app.id}/subscriptions`)
    const token = forApp ? `${vendor.app.id}|${vendor.appSecret}` : vendor.accessToken
    if (request.headers.authorization !== `Bearer ${token}`) return refuse(401, 190, 'Error validating access token')
    const bytes = /^\/media-bytes\/(\d+)$/.exec(url.pathname)
    if (bytes) {
      // Seen at Meta: who does not say what it is gets a page of HTML, not the file.
      if (!request.headers['user-agent']) return refuse(400, 1, 'no user agent')
      const file = vendor.uploads.get(bytes[1] ?? '')
      if (!file) return refuse(404, 100, 'gone')
      response.writeHead(200, { 'content-type': file.mimeType }).end(file.bytes)
      return
    }
    const [, version, subject = '', edge = ''] = url.pathname.split('/')
    if (!/^v\d+\.\d+$/.test(version ?? '')) return refuse(400, 2500, 'Unknown path components')
    const subjects: Record<string, string> = { [vendor.phoneNumberId]: 'number', [vendor.wabaId]: 'account', [vendor.app.id]: 'app' }
    const what = subjects[subject] ?? 'media'
    const route = `${request.method} ${what}/${edge}`
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
          url: `${vendor.baseUrl}/media-bytes/${subject}`,
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
          ...vendor.number,
          webhook_configuration: {
            ...(vendor.app.url && { application: vendor.app.url }),
            ...(vendor.webhooks.url && { phone_number: vendor.webhooks.url }),
          },
        })
      case 'POST number/': {
        const { override_callback_uri: uri, verify_token: token } = (json().webhook_configuration ?? {}) as Record<
          string,
          string
        >
        if (!vendor.subscribed) return refuse(400, 100, 'the app is not subscribed to the account')
        if (!(await answersChallenge(uri, token))) return refuse(400, 2200, 'Callback verification failed')
        vendor.webhooks.url = uri
        return answer(200, { success: true })
      }
      case 'GET account/subscribed_apps':
        return answer(200, {
          data: vendor.subscribed ? [{ whatsapp_business_api_data: { id: vendor.app.id, name: 'Balcão' } }] : [],
        })
      case 'POST account/subscribed_apps':
        vendor.subscribed = true
        return answer(200, { success: true })
      case 'GET app/subscriptions':
        return answer(200, {
          data: vendor.app.url
            ? [{ object: 'whatsapp_business_account', callback_url: vendor.app.url, active: true, fields: vendor.app.fields.map((name) => ({ name, version: 'v24.0' })) }]
            : [],
        })
      case 'POST app/subscriptions': {
        const { object, callback_url: uri, verify_token: token, fields } = json() as Record<string, string>
        if (object !== 'whatsapp_business_account' || !uri || !fields) return refuse(400, 100, 'Invalid parameter')
        if (!(await answersChallenge(uri, token))) return refuse(400, 2200, 'Callback verification failed')
        vendor.app = { ...vendor.app, url: uri, fields: fields.split(',') }
        return answer(200, { success: true })
      }
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

  async function upload(body: Buffer, request: IncomingMessage, answer: Answer, refuse: Refuse): Promise<void> {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData()
    const file = form.get('file')
    const type = String(form.get('type') ?? '')
    if (form.get('messaging_product') !== 'whatsapp' || !(file instanceof File))
      return refuse(400, 100, 'Invalid parameter')
    const bytes = Buffer.from(await file.arrayBuffer())
    if (!kept.test(type)) return refuse(400, 131053, `(#131053) Media upload error: Unsupported type ${type}`)
    const limit = type.startsWith('image/webp')
      ? megabyte / 2
      : type.startsWith('image/')
        ? 5 * megabyte
        : /^(audio|video)\//.test(type)
          ? 16 * megabyte
          : 100 * megabyte
    if (bytes.length > limit || bytes.length === 0)
      return refuse(400, 131053, '(#131053) Media upload error: File size')
    const id = vendor.keepMedia(bytes, type)
    vendor.uploads.set(id, { bytes, mimeType: type, name: file.name })
    answer(200, { id })
  }

  return handle
}

/** As Meta asks before it takes an address. */
async function answersChallenge(uri: string | undefined, token = ''): Promise<boolean> {
  const challenge = '1158201444'
  const query = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': token, 'hub.challenge': challenge })
  return fetch(`${uri}?${query}`).then(async (reply) => reply.ok && (await reply.text()) === challenge).catch(() => false)
}

function blanksOf(template: Json): number {
  const parts = Array.isArray(template.components) ? (template.components as Json[]) : []
  const body = parts.find((part) => part.type === 'BODY')
  return new Set(String(body?.text ?? '').match(/\{\{\d+\}\}/g)).size
}
