/** Sends one message that was claimed, and says which of four things became of it. */

import type { Logger } from 'pino'
import { inBoth, SendError, sendFailures, type Words } from './channel.ts'
import type { ChannelId } from './model.ts'
import type { Step } from './receive.ts'
import type { Outcome, Outgoing } from './store/deliveries.ts'
import type { OpenChannel } from './town.ts'

export interface SenderOptions {
  open: () => Map<ChannelId, OpenChannel>
  now: () => Date
  random: () => number
  log: Logger
  counted: (what: 'sent' | 'failed' | 'unknown' | 'retried', channelId: string, seconds: number) => void
  step: Step
  /** Nothing more is to be sent on this channel until then, in milliseconds since 1970. */
  pause(channelId: ChannelId, until: number): void
  /** Something comes due again at that time, in milliseconds since 1970. */
  retryAt(at: number): void
}

/** A request that has not answered by then is given up; its outcome is in doubt. */
export const sendTimeoutMs = 15_000
/** An answer to a claim that took longer leaves too little of the lease. */
const lateMs = 5_000
const closedMs = 1_000
const maxAttempts = 20
/** A chat message that could not be sent for a day would only confuse. */
const expiresAfterMs = 24 * 3_600_000

/** Nobody can ask its vendor whether a message arrived. */
export const isBlind = (channel: OpenChannel | undefined): boolean => channel?.capabilities.idempotent !== 'key' && channel?.capabilities.idempotent !== 'lookup'

/** `asked`: when the claim was asked for, in milliseconds since 1970. */
export function sender({ open, now, random, log, counted, step, pause, retryAt }: SenderOptions): (message: Outgoing, asked: number) => Promise<Outcome> {
  async function send(message: Outgoing, asked: number): Promise<Outcome> {
    const channel = open().get(message.channelId)
    const begun = now().getTime()
    const seconds = () => (now().getTime() - message.queuedAt.getTime()) / 1000
    // A doubt stays until the vendor has been asked, however often we fail to ask.
    let { doubtful } = message
    if (!channel) return { state: 'queued', dueAt: new Date(begun + closedMs), reason: doubtful ? 'ambiguous' : 'unreachable', detail: { pt: 'este canal está desligado', en: 'this channel is switched off' } }
    if (channel.capabilities.pull) return { state: 'sent', externalId: null }
    // No vendor is needed to mark it, connected or not.
    if (doubtful && isBlind(channel)) return doubt(message, { pt: 'o processo que a enviava terminou', en: 'the process that was sending it ended' })
    // The lease has run since the claim was asked for: what a frozen database answers late may be somebody else's already.
    if (begun - asked > lateMs) return { state: 'queued', dueAt: new Date(begun), reason: doubtful ? 'ambiguous' : 'unreachable', detail: { pt: 'a sua vez passou', en: 'its turn has passed' } }
    try {
      const connection = channel.connection
      if (!connection) throw new SendError('unreachable', { pt: 'o canal não está ligado neste momento', en: 'the channel is not connected at this moment' })
      const signal = AbortSignal.timeout(sendTimeoutMs)
      const delivery = { key: message.key, attempt: message.attempt, by: message.author, signal }
      const request = channel.kind.render(message.content, message.route, channel.config)
      if (doubtful) {
        const { idempotent } = channel.capabilities
        const found = idempotent === 'lookup' ? await connection.lookup?.(request, delivery) : undefined
        if (found) return { state: 'sent', externalId: found.externalId ?? null }
        doubtful = idempotent === 'key'
      }
      const { externalId } = await connection.send(request, delivery)
      step('sent')
      counted('sent', message.channelId, seconds())
      return { state: 'sent', externalId: externalId ?? null }
    } catch (error) {
      return failed(message, channel, error instanceof SendError ? error : new SendError('ambiguous', inBoth(nameOf(error))), doubtful, seconds())
    }
  }

  function failed(message: Outgoing, channel: OpenChannel, error: SendError, doubtful: boolean, seconds: number): Outcome {
    const { reason, detail, retryAfterMs } = error
    const at = now().getTime()
    const { retry, pauses } = sendFailures[reason]
    const wait = retryAfterMs ?? backoffMs(message.attempt, random)
    if (pauses) pause(message.channelId, at + wait)
    if (retry === 'when idempotent' && isBlind(channel)) return doubt(message, detail)
    const expired = at - message.queuedAt.getTime() > expiresAfterMs
    if (retry && message.attempt < maxAttempts && !expired) {
      counted('retried', message.channelId, seconds)
      retryAt(at + wait)
      return { state: 'queued', dueAt: new Date(at + wait), reason: doubtful ? 'ambiguous' : reason, detail }
    }
    if (doubtful || reason === 'ambiguous') return doubt(message, detail)
    counted('failed', message.channelId, seconds)
    log.warn({ message: message.messageId, channel: message.channelId, reason, detail: detail.en }, 'a message was not sent')
    return { state: 'failed', reason: expired ? 'expired' : reason, detail }
  }

  function doubt(message: Outgoing, detail: Words): Outcome {
    counted('unknown', message.channelId, 0)
    log.warn({ message: message.messageId, channel: message.channelId, detail: detail.en }, 'nobody knows whether a message arrived; an operator decides')
    return { state: 'unknown', reason: 'ambiguous', detail }
  }

  return send
}

/** 1 s, 2 s, 4 s … 5 min, each ± 20 %, so that processes do not retry in step. */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.min(1000 * 2 ** (attempt - 1), 300_000) * (0.8 + 0.4 * random())
}

/** Errors of SDKs carry headers and tokens: only their name leaves this place. */
function nameOf(error: unknown): string {
  const { name, code } = (error ?? {}) as { name?: string; code?: string }
  return [name ?? 'Error', code].filter(Boolean).join(' ')
}
