/** What went wrong with a call → what to do about it. Says nothing of the request: the token is in its address. */

import { TelegramError } from 'telegraf'
import { SendError } from '../../core/channel.ts'

/** These come before the first byte of the request has left. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ERR_CONNECT_DEADLINE',
])
/** The same, because we did not trust the other side. */
const notTrusted = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/

export function failureOf(error: unknown): SendError {
  if (error instanceof SendError) return error
  if (error instanceof TelegramError) return refusal(error.code, error.description, error.parameters?.retry_after)
  const code = codeOf(error)
  if (neverLeft.has(code)) return new SendError('unreachable', `sem ligação ao Telegram (${code})`)
  if (notTrusted.test(code))
    return new SendError('misconfigured', `o certificado do servidor do Telegram não é de confiança (${code})`)
  return new SendError('ambiguous', `a ligação ao Telegram cortou-se a meio (${code})`)
}

/** https://core.telegram.org/bots/api#making-requests */
function refusal(status: number, description: unknown, retryAfter: unknown): SendError {
  const said =
    `${status} ${typeof description === 'string' ? description.replace(/[\r\n]+/g, ' ').slice(0, 160) : ''}`.trim()
  if (status === 429) {
    return new SendError(
      'throttled',
      said,
      typeof retryAfter === 'number' && retryAfter >= 0 ? retryAfter * 1000 : undefined,
    )
  }
  if (status === 401 || status === 404) return new SendError('misconfigured', `${said}: o token do bot não é aceite`)
  if (status === 403) return new SendError('blocked', said)
  // Telegram does not say what a failed call may have done already, and it takes no key of ours: never repeated by
  // itself.
  if (status >= 500) return new SendError('ambiguous', said)
  return new SendError('rejected', said)
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown'
  const { code, type, name } = error as { code?: unknown; type?: unknown; name?: unknown }
  for (const word of [code, type, name]) if (typeof word === 'string' && /^[\w-]{1,60}$/.test(word)) return word
  return 'unknown'
}
