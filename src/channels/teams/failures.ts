/** What went wrong → what to do about it. Says nothing of the request: our token and the citizen's words are in it. */

import { SendError, type SendFailure } from '../../core/channel.ts'

/** These come before the first byte of the request has left. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])
/** The same, because we did not trust the other side. */
const notTrusted = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/

export function failureOf(error: unknown): SendError {
  if (error instanceof SendError) return error
  const code = codeOf(error)
  if (neverLeft.has(code)) return new SendError('unreachable', `sem ligação à Microsoft (${code})`)
  if (notTrusted.test(code))
    return new SendError('misconfigured', `o certificado do servidor não é de confiança (${code})`)
  return new SendError('ambiguous', `a ligação ao Teams cortou-se a meio (${code})`)
}

const byStatus: Record<number, [SendFailure, string]> = {
  401: ['misconfigured', 'o Teams não aceita as credenciais do bot'],
  403: ['blocked', 'a pessoa retirou ou bloqueou o bot, ou a organização dela não o permite'],
  404: ['rejected', 'a conversa já não existe'],
  412: ['throttled', 'a conversa está ocupada'],
  413: ['rejected', 'a mensagem é demasiado grande'],
  429: ['throttled', 'demasiados pedidos'],
}

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages */
export function refusal(status: number, code: string | undefined, retryAfter: string | null, now: Date): SendError {
  const said = `${status}${code && /^\w{1,60}$/.test(code) ? ` ${code}` : ''}`
  const [reason, words] =
    byStatus[status] ??
    // What a failed call may have done already is not said, and Teams takes no key of ours: never repeated by itself.
    (status >= 500 || status === 408
      ? (['ambiguous', 'o Teams falhou a meio'] as const)
      : (['rejected', 'o Teams não aceita esta mensagem'] as const))
  return new SendError(reason, `${said}: ${words}`, reason === 'throttled' ? waitOf(retryAfter, now) : undefined)
}

/** Seconds, or a date. */
export function waitOf(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,6}(\.\d{1,3})?$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}

function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth++) {
    const { code, cause } = at as { code?: unknown; cause?: unknown }
    if (typeof code === 'string' && /^[\w-]{1,60}$/.test(code)) return code
    at = cause
  }
  const { name } = (typeof error === 'object' && error !== null ? error : {}) as { name?: unknown }
  return typeof name === 'string' && /^\w{1,60}$/.test(name) ? name : 'unknown'
}
