/** What Meta calls: a handshake by GET, then everything by POST. 200 only for what is stored. */

import type { ServerResponse } from 'node:http'
import type { Host, WebhookRequest } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { parseBody } from '../../json-body.ts'
import { isSame } from '../../same.ts'
import { countRefusals } from '../../refusals.ts'
import type { CloudPayload } from './payload.ts'
import { isSigned } from './signature.ts'

/** `hear`: what is said of the account, of which no conversation tells. */
export function webhook(config: CloudConfig, host: Host<CloudPayload>, hear: (body: unknown) => Promise<void>) {
  const secrets = config.previousAppSecret ? [config.appSecret, config.previousAppSecret] : [config.appSecret]
  const refused = countRefusals(host, 'whatsapp: refused a webhook with a wrong signature; check appSecret if it was Meta')

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
    const { value: body, problem } = parseBody(request.body)
    try {
      if (problem !== undefined) await host.receiveCorrupt(request.body.toString('utf8'), problem)
      else {
        await host.receive({ provider: 'cloud', phoneNumberId: config.phoneNumberId, body })
        await hear(body)
      }
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
  const ours = query.get('hub.mode') === 'subscribe' && isSame(query.get('hub.verify_token'), config.verifyToken)
  // Said back as it is: only what Meta sends, a number, or a word.
  return ours && /^[\w-]{1,200}$/.test(challenge) ? challenge : undefined
}
