/**
 * What Telegram calls: checked, stored, and only then 200. It holds back everything behind what it did not get a 200
 * for.
 */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Host, WebhookRequest } from '../../core/channel.ts'
import type { Secret } from '../../core/secret.ts'
import { type Fields, fields } from './fields.ts'
import type { TelegramPayload } from './normalise.ts'

/** https://core.telegram.org/bots/api#setwebhook */
export function webhook(secretToken: Secret, host: Host<TelegramPayload>, stored: (update: Fields) => void) {
  const refused = countingWarning(host)
  return async ({ method, path, headers, body }: WebhookRequest, response: ServerResponse): Promise<void> => {
    const answer = (status: number) => void response.writeHead(status).end()
    if (path !== '' && path !== '/') return answer(404)
    if (method !== 'POST') return answer(405)
    if (!isSame(headers['x-telegram-bot-api-secret-token'], secretToken)) {
      refused()
      return answer(401)
    }
    const { update, problem } = parse(body)
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

/** Hashed first, so that neither content nor length shows in the time it takes. */
function isSame(given: string | string[] | undefined, secret: Secret): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return (
    timingSafeEqual(hash(typeof given === 'string' ? given : ''), hash(secret.reveal())) && typeof given === 'string'
  )
}

/** JSON.parse takes any depth, JSON.stringify does not: such a thing could never be stored. */
const deepest = 100

function parse(raw: Buffer): { update: Fields; problem: '' } | { update: undefined; problem: string } {
  try {
    if (depth(raw) > deepest) return { update: undefined, problem: `nested more than ${deepest} deep` }
    const update = fields(JSON.parse(raw.toString('utf8')))
    return update ? { update, problem: '' } : { update: undefined, problem: 'not a JSON object' }
  } catch {
    return { update: undefined, problem: 'not JSON' }
  }
}

function depth(raw: Buffer): number {
  let now = 0
  let most = 0
  let quoted = false
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i]
    if (quoted && byte === 0x5c) i += 1
    else if (byte === 0x22) quoted = !quoted
    else if (!quoted && (byte === 0x7b || byte === 0x5b)) most = Math.max(most, (now += 1))
    else if (!quoted && (byte === 0x7d || byte === 0x5d)) now -= 1
  }
  return most
}

/** One line a minute, however many knock. */
function countingWarning(host: Host<TelegramPayload>): () => void {
  let saidAt = Number.NEGATIVE_INFINITY
  let count = 0
  return () => {
    count += 1
    const at = host.now().getTime()
    if (at - saidAt < 60_000) return
    host.log.warn({ count }, 'telegram: refused calls without the right secret token')
    saidAt = at
    count = 0
  }
}
