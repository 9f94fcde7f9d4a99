/**
 * What Twilio calls: messages at '', receipts at '/status'. Signed over the public address and every field; 200 only
 * for what is stored.
 */

import type { ServerResponse } from 'node:http'
import twilio from 'twilio'
import type { Host, WebhookRequest } from '../../core/channel.ts'
import { countRefusals } from '../refusals.ts'
import type { SmsConfig } from './config.ts'
import { ours, type SmsPayload } from './normalise.ts'

/**
 * Twilio gives up after 15 s unless told to try again; this tells it so. Never sent to us, but perhaps part of what
 * is signed.
 */
export const tryAgain = '#rc=5&rp=all'

/** A text has 1600 characters and a dozen fields come along. */
const maxBytes = 65_536

export function webhook(config: SmsConfig, host: Host<SmsPayload>, stored: (sid: string) => void) {
  const tokens = config.previousAuthToken ? [config.authToken, config.previousAuthToken] : [config.authToken]
  const refused = countRefusals(
    host,
    'sms: refused calls that were not signed for this address; if it was Twilio, see authToken and the public address',
  )

  return async (
    { method, path, url, query, headers, body }: WebhookRequest,
    response: ServerResponse,
  ): Promise<void> => {
    const answer = (status: number, text = '') =>
      void response.writeHead(status, { 'content-type': 'text/xml; charset=utf-8' }).end(text)
    if (path !== '' && path !== '/' && path !== '/status') return answer(404)
    if (method !== 'POST') return answer(405)
    if (body.length > maxBytes) return answer(413)
    const form = formOf(body)
    if (!isSigned(headers['x-twilio-signature'], url, form) || form.AccountSid !== config.accountSid) {
      refused()
      return answer(403)
    }
    const key = path === '/status' ? query.get('key') : null
    try {
      await host.receive({ ...form, [ours.country]: config.country, ...(key && { [ours.key]: key }) })
    } catch (error) {
      host.log.warn(
        { reason: error instanceof Error ? error.name : 'unknown' },
        'sms: a call could not be stored; the list of messages will show it again',
      )
      return answer(503)
    }
    if (path !== '/status' && typeof form.MessageSid === 'string') stored(form.MessageSid)
    // Nothing to say back here: answers go out like any other message.
    answer(200, '<?xml version="1.0" encoding="UTF-8"?><Response/>')
  }

  function isSigned(signature: string | string[] | undefined, url: string, form: Form): boolean {
    if (typeof signature !== 'string' || signature === '') return false
    return tokens.some((token) =>
      [url, url + tryAgain].some((address) => twilio.validateRequest(token.reveal(), signature, address, form)),
    )
  }
}

type Form = Record<string, string | string[]>

function formOf(body: Buffer): Form {
  const pairs = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(body.toString('utf8')))
    pairs.set(name, [...(pairs.get(name) ?? []), value])
  return Object.fromEntries(Array.from(pairs, ([name, values]) => [name, values.length === 1 ? values[0]! : values]))
}
