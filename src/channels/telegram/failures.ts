/** What went wrong with a call → what to do about it. Says nothing of the request: the token is in its address. */

import { TelegramError } from 'telegraf'
import { SendError, inBoth } from '../../core/channel.ts'
import { cutOff } from '../cut.ts'

export function failureOf(error: unknown): SendError {
  if (error instanceof SendError) return error
  if (error instanceof TelegramError) return refusal(error.code, error.description, error.parameters?.retry_after)
  return cutOff(error, 'ao Telegram')
}

/** https://core.telegram.org/bots/api#making-requests */
function refusal(status: number, description: unknown, retryAfter: unknown): SendError {
  const said =
    `${status} ${typeof description === 'string' ? description.replace(/[\r\n]+/g, ' ').slice(0, 160) : ''}`.trim()
  if (status === 429) {
    return new SendError(
      'throttled',
      inBoth(said),
      typeof retryAfter === 'number' && retryAfter >= 0 ? retryAfter * 1000 : undefined,
    )
  }
  if (status === 401 || status === 404) {
    return new SendError('misconfigured', { pt: `${said}: o token do bot não é aceite`, en: `${said}: the bot's token is not accepted` })
  }
  if (status === 403) return new SendError('blocked', inBoth(said))
  // Telegram does not say what a failed call may have done already, and it takes no key of ours: never repeated by
  // itself.
  if (status >= 500) return new SendError('ambiguous', inBoth(said))
  return new SendError('rejected', inBoth(said))
}
