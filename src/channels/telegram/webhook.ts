/**
 * What Telegram calls: checked, stored, and only then 200. It holds back everything behind what it did not get a 200
 * for.
 */

import type { ServerResponse } from 'node:http'
import type { Host, WebhookRequest } from '../../core/channel.ts'
import type { Secret } from '../../core/secret.ts'
import type { Fields } from '../fields.ts'
import { parseBody } from '../json-body.ts'
import { isSame } from '../same.ts'
import { countRefusals } from '../refusals.ts'
import type { TelegramPayload } from './normalise.ts'

/** https://core.telegram.org/bots/api#setwebhook */
export function webhook(secretToken: Secret, host: Host<TelegramPayload>, stored: (update: Fields) => void) {
  const refused = countRefusals(host, 'telegram: refused calls without the right secret token')
  return async ({ method, path, headers, body }: WebhookRequest, response: ServerResponse): Promise<void> => {
    const answer = (status: number) => void response.writeHead(status).end()
    if (path !== '' && path !== '/') return answer(404)
    if (method !== 'POST') return answer(405)
    if (!isSame(headers['x-telegram-bot-api-secret-token'], secretToken)) {
      refused()
      return answer(401)
    }
    const { value: update, problem } = parseBody(body)
    try {
      if (update) await host.receive(update)
      else await host.receiveCorrupt(body.toString('utf8'), problem)
    } catch (error) {
      host.log.warn(
        { reason: error instanceof Error ? error.name : 'unknown' },
        'telegram: an update could not be stored; Telegram repeats it',
      )
      return answer(503)
    }
    answer(200)
    if (update) stored(update)
  }
}
