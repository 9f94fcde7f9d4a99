/** What went wrong → what to do about it. Says nothing of the request: our token and the citizen's words are in it. */

import { SendError, type SendFailure, type Words } from '../../core/channel.ts'
import { cutOff } from '../cut.ts'

export const failureOf = (error: unknown): SendError =>
  error instanceof SendError ? error : cutOff(error, 'à Microsoft')

const byStatus: Record<number, [SendFailure, Words]> = {
  401: ['misconfigured', { pt: 'o Teams não aceita as credenciais do bot', en: "Teams does not accept the bot's credentials" }],
  403: ['blocked', { pt: 'a pessoa retirou ou bloqueou o bot, ou a organização dela não o permite', en: 'the person removed or blocked the bot, or their organisation does not allow it' }],
  404: ['rejected', { pt: 'a conversa já não existe', en: 'the conversation is gone' }],
  // One person's conversation: the others need not wait.
  412: ['unreachable', { pt: 'a conversa está ocupada', en: 'the conversation is busy' }],
  413: ['rejected', { pt: 'a mensagem é demasiado grande', en: 'the message is too big' }],
  429: ['throttled', { pt: 'demasiados pedidos', en: 'too many requests' }],
}

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages */
export function refusal(status: number, code: string | undefined, retryAfter: string | null, now: Date): SendError {
  const said = `${status}${code && /^\w{1,60}$/.test(code) ? ` ${code}` : ''}`
  const [reason, words] =
    byStatus[status] ??
    // What a failed call may have done already is not said, and Teams takes no key of ours: never repeated by itself.
    (status >= 500 || status === 408
      ? (['ambiguous', { pt: 'o Teams falhou a meio', en: 'Teams failed halfway' }] as const)
      : (['rejected', { pt: 'o Teams não aceita esta mensagem', en: 'Teams does not take this message' }] as const))
  return new SendError(reason, { pt: `${said}: ${words.pt}`, en: `${said}: ${words.en}` }, reason === 'throttled' ? waitOf(retryAfter, now) : undefined)
}

/** Seconds, or a date. */
export function waitOf(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,6}(\.\d{1,3})?$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}
