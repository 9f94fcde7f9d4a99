/** Slow on purpose: a burst is what gets a number banned. Counts over restarts, by the day (UTC). */

import { SendError, type Host } from '../../../core/channel.ts'
import type { WebConfig } from '../config.ts'
import { pause } from '../../pause.ts'
import type { Memory } from './memory.ts'
import type { WebPayload } from './payload.ts'

const day = 24 * 3600 * 1000
/** Waited for here; a longer wait is for the queue. */
const short = 3000

export function pacer(config: WebConfig, host: Host<WebPayload>, memory: Memory) {
  let next = 0
  return {
    /** Resolves when it is this message's turn; rejects when there are no more turns today. */
    async turn(signal: AbortSignal): Promise<void> {
      const now = host.now()
      const today = now.toISOString().slice(0, 10)
      if (memory.sentOn !== today) Object.assign(memory, { sentOn: today, sent: 0 })
      if (memory.sent >= config.perDay) {
        throw new SendError(
          'throttled',
          { pt: `limite de ${config.perDay} mensagens por dia (perDay)`, en: `limit of ${config.perDay} messages a day (perDay)` },
          day - (now.getTime() % day),
        )
      }
      const wait = Math.max(0, next - now.getTime())
      if (wait > short) throw new SendError('throttled', { pt: `ritmo de ${config.perSecond} por segundo (perSecond)`, en: `pace of ${config.perSecond} a second (perSecond)` }, wait)
      memory.sent++
      next = now.getTime() + wait + 1000 / config.perSecond
      await pause(wait, signal)
      if (signal.aborted) throw new SendError('unreachable', { pt: 'desistiu-se antes da sua vez', en: 'given up before its turn' })
    },
    save: () => memory.save(),
  }
}
