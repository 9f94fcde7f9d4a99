/**
 * A stand-in for Twilio's messaging API on 127.0.0.1: messages, receipts, media, numbers and their faults.
 * To play: npm run play sms
 */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { answerAbout, page } from './twilio-resources.ts'
import { type Call, type Form, openCaller } from './twilio-webhooks.ts'
import { formOf, type Message, newMessage, type Picture, receiptOf, refusalOf, sidOf } from './twilio-messages.ts'

export type Fault =
  | { kind: 'refuse'; status: number; code?: number; retryAfter?: number }
  /** Taken and sent, but we are told otherwise, or nothing. */
  | { kind: 'refuse-after'; status: number }
  | { kind: 'cut-before' }
  | { kind: 'cut-after' }
  | { kind: 'slow'; ms: number }
  | { kind: 'silent-after' }

export interface TwilioOptions {
  port?: number
  accountSid?: string
  authToken?: string
  numbers?: string[]
  messagingServiceSid?: string
  now?: () => Date
  webhookTimeoutMs?: number
  /** How many copies of each message's webhook are sent at once. */
  copies?: () => number
  /** Receipts of each message that is taken, in the order in which they are called. */
  receipts?: string[]
}

export interface Twilio {
  baseUrl: string
  accountSid: string
  authToken: string
  apiKey: string
  apiSecret: string
  messagingServiceSid: string
  numbers: { sid: string; phoneNumber: string; smsUrl: string; smsMethod: string }[]
  service: { inboundRequestUrl: string; inboundMethod: string; useInboundWebhookOnNumber: boolean }
  /** What phones were sent, once each: the oracle. */
  ledger: Message[]
  /** All, as the API lists them. */
  messages: Message[]
  requests: { method: string; path: string; form: Form }[]
  /** Used up in order, one a message to be sent. */
  faults: (Fault | undefined)[]
  webhooks: ReturnType<typeof openCaller>
  optedOut: Set<string>
  /** A phone writes. `lost`: the webhook is never called. Resolves with the answer to it. */
  texts(
    from: string,
    body: string,
    more?: { to?: string; pictures?: Omit<Picture, 'sid'>[]; lost?: boolean; optOutType?: string },
  ): Promise<{ sid: string; call: Call | undefined }>
  /** Calls the receipt of a message again, or another one. */
  receipt(message: Message, status: string, errorCode?: number): Promise<Call | undefined>
  /** Where a picture is kept; the API sends there. */
  redirectMediaTo?: string
  close(): Promise<void>
}

export async function startTwilio(options: TwilioOptions = {}): Promise<Twilio> {
  const now = options.now ?? (() => new Date())
  const accountSid = options.accountSid ?? `AC${'0123456789abcdef'.repeat(2)}`
  const authToken = options.authToken ?? 'auth-token-of-the-stand-in'
  const webhooks = openCaller(authToken, options.webhookTimeoutMs ?? 15_000)
  const receipts = options.receipts ?? ['queued', 'sent', 'delivered']
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  const twilio: Twilio = {
    baseUrl: '',
    accountSid,
    authToken,
    apiKey: `SK${'fedcba9876543210'.repeat(2)}`,
    apiSecret: 'secret-of-the-api-key',
    messagingServiceSid: options.messagingServiceSid ?? `MG${'0'.repeat(32)}`,
    numbers: (options.numbers ?? ['+351910000001']).map((phoneNumber, i) => ({
      sid: sidOf('PN', i + 1),
      phoneNumber,
      smsUrl: '',
      smsMethod: 'POST',
    })),
    service: { inboundRequestUrl: '', inboundMethod: 'POST', useInboundWebhookOnNumber: true },
    ledger: [],
    messages: [],
    requests: [],
    faults: [],
    webhooks,
    optedOut: new Set(),
    texts,
    receipt,
    async close() {
      server.close()
      server.closeAllConnections()
      await webhooks.idle()
    },
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    const url = new URL(request.url!, twilio.baseUrl)
    const answer = (status: number, json: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
    }
    const refuse = (status: number, code: number, message: string, headers?: Record<string, string>) =>
      answer(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }, headers)
    const form = Object.fromEntries(new URLSearchParams(body))
    twilio.requests.push({ method: request.method!, path: url.pathname, form })

    const kept = /^\/cdn\/(ME\w+)$/.exec(url.pathname)?.[1]
    if (kept) return picture(kept, request, response)
    if (!isSignedIn(request.headers.authorization)) return refuse(401, 20003, 'Authenticate')
    const media = /\/Media\/(ME[0-9a-f]{32})$/.exec(url.pathname)?.[1]
    if (media) {
      response.writeHead(307, { location: twilio.redirectMediaTo ?? `${twilio.baseUrl}/cdn/${media}` }).end()
      return
    }
    const messages = `/2010-04-01/Accounts/${accountSid}/Messages.json`
    if (url.pathname === messages && request.method === 'POST') return create(form, response, answer, refuse)
    if (url.pathname === messages) return answer(200, page(twilio.messages, url))
    const about = answerAbout(twilio, url, request.method!, form)
    return about ? answer(200, about) : refuse(404, 20404, `The requested resource ${url.pathname} was not found`)
  }

  async function create(
    form: Form,
    response: ServerResponse,
    answer: (status: number, json: unknown) => void,
    refuse: (status: number, code: number, message: string, headers?: Record<string, string>) => void,
  ): Promise<void> {
    const fault = twilio.faults.shift()
    if (fault?.kind === 'cut-before') return void response.destroy()
    if (fault?.kind === 'refuse') {
      return refuse(
        fault.status,
        fault.code ?? (fault.status === 429 ? 20429 : 20500),
        `About ${form.To}`,
        fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) },
      )
    }
    if (fault?.kind === 'slow') await pause(fault.ms)
    const from =
      form.From ??
      (form.MessagingServiceSid === twilio.messagingServiceSid ? twilio.numbers[0]?.phoneNumber : undefined)
    const why = refusalOf(form, from, twilio)
    if (why) return refuse(400, ...why)
    const message = newMessage({
      direction: 'outbound-api',
      from: from!,
      to: form.To!,
      body: form.Body ?? '',
      status: 'queued',
      at: now(),
      statusCallback: form.StatusCallback ?? '',
      accountSid,
      service: form.MessagingServiceSid ?? null,
    })
    twilio.ledger.push(message)
    twilio.messages.push(message)
    void webhooks.during(follow(message))
    if (fault?.kind === 'cut-after') return void response.destroy()
    if (fault?.kind === 'silent-after') return
    if (fault?.kind === 'refuse-after') return refuse(fault.status, 20500, 'Internal Server Error')
    answer(201, message.resource)
  }

  async function follow(message: Message): Promise<void> {
    for (const status of receipts) await receipt(message, status)
  }

  async function receipt(message: Message, status: string, errorCode?: number): Promise<Call | undefined> {
    Object.assign(message.resource, { status, error_code: errorCode ?? null })
    if (!message.statusCallback) return undefined
    return webhooks.call(message.statusCallback, receiptOf(message, accountSid, status, errorCode))
  }

  async function texts(
    from: string,
    body: string,
    more: { to?: string; pictures?: Omit<Picture, 'sid'>[]; lost?: boolean; optOutType?: string } = {},
  ): Promise<{ sid: string; call: Call | undefined }> {
    const number = twilio.numbers.find(
      ({ phoneNumber }) => phoneNumber === (more.to ?? twilio.numbers[0]!.phoneNumber),
    )!
    const pictures = (more.pictures ?? []).map((one) => ({
      ...one,
      sid: sidOf('ME', Math.floor(Math.random() * 2 ** 40)),
    }))
    const message = newMessage({
      direction: 'inbound',
      from,
      to: number.phoneNumber,
      body,
      status: 'received',
      at: now(),
      statusCallback: '',
      accountSid,
      service: null,
      pictures,
    })
    twilio.messages.push(message)
    if (/^(stop|stopall|unsubscribe|cancel|end|quit)$/i.test(body.trim())) twilio.optedOut.add(from)
    if (/^(start|unstop|yes)$/i.test(body.trim())) twilio.optedOut.delete(from)
    const address = twilio.service.useInboundWebhookOnNumber ? number.smsUrl : twilio.service.inboundRequestUrl
    if (more.lost || address === '') return { sid: message.sid, call: undefined }
    const copies = Array.from({ length: options.copies?.() ?? 1 }, () =>
      webhooks.call(address, formOf(message, accountSid, more.optOutType)),
    )
    return { sid: message.sid, call: (await Promise.all(copies))[0] }
  }

  /** Kept elsewhere, and open to whoever has the address: our password has no business there. */
  function picture(sid: string, request: IncomingMessage, response: ServerResponse): void {
    const found = twilio.messages.flatMap(({ pictures }) => pictures).find((one) => one.sid === sid)
    if (!found) return void response.writeHead(404).end()
    twilio.requests.at(-1)!.form = { authorization: request.headers.authorization ?? '' }
    response.writeHead(200, { 'content-type': found.mimeType, 'content-length': found.bytes.length }).end(found.bytes)
  }

  function isSignedIn(authorization: string | undefined): boolean {
    const given = Buffer.from((authorization ?? '').replace(/^Basic /, ''), 'base64').toString('utf8')
    return given === `${accountSid}:${authToken}` || given === `${twilio.apiKey}:${twilio.apiSecret}`
  }

  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  twilio.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return twilio
}
