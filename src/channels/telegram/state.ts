/** What an admin is told about the bot, said once a change; and since when messages may be missing. */

import type { ChannelState, Host, SendError } from '../../core/channel.ts'
import type { TelegramPayload } from './normalise.ts'

/** What the channel remembers. `offset` is of polling alone. */
export interface Memory {
  at: string
  offset?: number
}

export interface State {
  tell(status: ChannelState['status'], reason?: ChannelState['reason']): void
  failed(error: SendError): void
}

/** Telegram keeps an update for a day, then drops it. */
const keptMs = 24 * 3_600_000

export function openState(host: Host<TelegramPayload>, memory: Memory | undefined): State {
  const seen = memory ? Date.parse(memory.at) : Number.NaN
  const gap = host.now().getTime() - seen > keptMs ? { gapSince: new Date(seen) } : {}
  let told = ''
  function tell(status: ChannelState['status'], reason?: ChannelState['reason']): void {
    const state: ChannelState = { status, ...(reason && { reason }), ...gap }
    const words = JSON.stringify(state)
    if (words === told) return
    told = words
    host.report(state)
  }
  return {
    tell,
    failed(error) {
      if (error.reason === 'misconfigured') {
        return tell('needs-attention', {
          pt:
            `O Telegram não aceita este bot (${error.message}). Peça o token ao @BotFather e ponha-o na ` +
            `configuração do canal.`,
          en:
            `Telegram does not accept this bot (${error.message}). Get its token from @BotFather and ` +
            `put it in the channel's configuration.`,
        })
      }
      tell('degraded', {
        pt: `Sem resposta útil do Telegram (${error.message}). Tenta-se de novo; nada se perde durante 24 horas.`,
        en: `No useful answer from Telegram (${error.message}). It is being tried again; nothing is lost for 24 hours.`,
      })
    },
  }
}

export function memoryOf(value: unknown): Memory | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { at, offset } = value as Partial<Record<keyof Memory, unknown>>
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at))) return undefined
  return { at, ...(Number.isSafeInteger(offset) && { offset: offset as number }) }
}
