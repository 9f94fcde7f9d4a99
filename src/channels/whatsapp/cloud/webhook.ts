/** What Meta calls: a handshake by GET, then everything by POST. 200 only for what is stored. */

import type { ServerResponse } from 'node:http'
import type { Host, WebhookRequest } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { object } from '../json.ts'
import type { CloudPayload } from './payload.ts'
import { isSame, isSigned } from './signature.ts'

export function webhook(config: CloudConfig, host: Host<CloudPayload>) {
  const secrets = config.previousAppSecret ? [config.appSecret, config.previousAppSecret] : [config.appSecret]
  const refused = warner(host)

  return async (request: WebhookRequest, response: ServerResponse): Promise<void> => {
    const answer = (status: number, text = ''): void => {
      response
        .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
        .end(text)
    }
    if (request.path !== '' && request.path !== '/') return answer(404)
    if (request.method === 'GET') {
      const challenge = handshake(request.query, config)
      return challenge === undefined ? answer(403) : answer(200, challenge)
    }
    if (request.method !== 'POST') return answer(405)
    if (!isSigned(request.body, request.headers['x-hub-signature-256'], secrets)) {
      refused()
      return answer(401)
    }
    const { body, problem } = parse(request.body)
    try {
      if (problem) await host.receiveCorrupt(request.body.toString('utf8'), problem)
      else await host.receive({ provider: 'cloud', phoneNumberId: config.phoneNumberId, body })
    } catch (error) {
      host.log.error({ err: error }, 'whatsapp: could not store a webhook; Meta will repeat it')
      return answer(503)
    }
    answer(200)
  }
}

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint */
function handshake(query: URLSearchParams, config: CloudConfig): string | undefined {
  const challenge = query.get('hub.challenge') ?? ''
  const ours = query.get('hub.mode') === 'subscribe' && isSame(query.get('hub.verify_token') ?? '', config.verifyToken)
  // Said back as it is: only what Meta sends, a number, or a word.
  return ours && /^[\w-]{1,200}$/.test(challenge) ? challenge : undefined
}

const deepest = 60

function parse(raw: Buffer): { body?: unknown; problem?: string } {
  try {
    if (depth(raw) > deepest) return { problem: `nested more than ${deepest} deep` }
    const body: unknown = JSON.parse(raw.toString('utf8'))
    return object(body) ? { body } : { problem: 'not a JSON object' }
  } catch {
    return { problem: 'not JSON' }
  }
}

/** JSON.parse takes any depth, JSON.stringify does not: what is stored would never be stored. */
function depth(raw: Buffer): number {
  let now = 0
  let most = 0
  let quoted = false
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i]
    if (quoted) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) quoted = false
    } else if (byte === 0x22) quoted = true
    else if (byte === 0x7b || byte === 0x5b) most = Math.max(most, ++now)
    else if (byte === 0x7d || byte === 0x5d) now--
  }
  return most
}

/** One line a minute, however many knock. */
function warner(host: Host<CloudPayload>): () => void {
  let last = Number.NEGATIVE_INFINITY
  let count = 0
  return () => {
    count++
    const now = host.now().getTime()
    if (now - last < 60_000) return
    host.log.warn({ count }, 'whatsapp: refused a webhook with a wrong signature; check appSecret if it was Meta')
    last = now
    count = 0
  }
}
