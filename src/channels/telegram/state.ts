/** What an admin is told about the bot, said once a change; and since when messages may be missing. */

import type { Host } from '../../core/channel.ts'
import { openState, type State } from '../state.ts'
import type { TelegramPayload } from './normalise.ts'

/** What the channel remembers: when it was last well; and of polling alone the offset, with when it was given. */
export interface Memory {
  at: string
  offset?: number
  offsetAt?: string
}

/** Telegram keeps an update for a day, then drops it. */
const keptMs = 24 * 3_600_000

export function stateOf(host: Host<TelegramPayload>, memory: Memory | undefined): State {
  const seen = memory ? Date.parse(memory.at) : Number.NaN
  return openState(host, {
    gapSince: host.now().getTime() - seen > keptMs ? new Date(seen) : undefined,
    attention: (detail) => ({
      pt:
        `O Telegram não aceita este bot (${detail.pt}). Peça o token ao @BotFather e ponha-o na ` +
        `configuração do canal.`,
      en:
        `Telegram does not accept this bot (${detail.en}). Get its token from @BotFather and ` +
        `put it in the channel's configuration.`,
    }),
    trouble: (detail) => ({
      pt: `Sem resposta útil do Telegram (${detail.pt}). Tenta-se de novo; nada se perde durante 24 horas.`,
      en: `No useful answer from Telegram (${detail.en}). It is being tried again; nothing is lost for 24 hours.`,
    }),
  })
}

export function memoryOf(value: unknown): Memory | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { at, offset, offsetAt } = value as Partial<Record<keyof Memory, unknown>>
  if (!isTime(at)) return undefined
  return { at, ...(Number.isSafeInteger(offset) && { offset: offset as number }), ...(isTime(offsetAt) && { offsetAt }) }
}

const isTime = (value: unknown): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value))
