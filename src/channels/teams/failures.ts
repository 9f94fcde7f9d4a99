/** What went wrong → what to do about it. Says nothing of the request: our token and the citizen's words are in it. */

import { SendError, type SendFailure } from '../../core/channel.ts'
import { cutOff } from '../cut.ts'

export const failureOf = (error: unknown): SendError =>
  error instanceof SendError ? error : cutOff(error, 'à Microsoft')

const byStatus: Record<number, [SendFailure, string]> = {
  401: ['misconfigured', 'o Teams não aceita as credenciais do bot'],
  403: ['blocked', 'a pessoa retirou ou bloqueou o bot, ou a organização dela não o permite'],
  404: ['rejected', 'a conversa já não existe'],
  // One person's conversation: the others need not wait.
  412: ['unreachable', 'a conversa está ocupada'],
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
