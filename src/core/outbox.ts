/** Sends what is due: claim → render → send → settle. One row is one vendor request, and four things can become of it. */

import type { Logger } from 'pino'
import { SendError, sendFailures } from './channel.ts'
import { groupCommit } from './group-commit.ts'
import { inRealTime, type Later } from './later.ts'
import type { ChannelId } from './model.ts'
import type { Step } from './receive.ts'
import type { Signals } from './signals.ts'
import { claim, nextDue, type Outcome, type Outgoing, settle, type Settlement } from './store/deliveries.ts'
import { lockReceipts, progress } from './store/news.ts'
import { notify } from './store/rare.ts'
import type { Pool } from './store/pool.ts'
import type { OpenChannel } from './town.ts'

export interface OutboxOptions {
  pool: Pool
  /** Those that this process has open: it claims for no other. */
  open: () => Map<ChannelId, OpenChannel>
  signals: Signals
  now: () => Date
  random: () => number
  log: Logger
  /** After a restore from a backup nothing is sent until an admin says so. */
  muted: () => boolean
  counted: (what: 'sent' | 'failed' | 'unknown' | 'retried', channelId: string, seconds: number) => void
  step: Step
  /** From how many that stand behind another of their thread on they are marked, and not read again by each claim. */
  crowd?: number
  /** Real time when left out. */
  later?: Later
}

export interface Outbox {
  /** Something may be due. Cheap to call often. */
  wake(): void
  /** Resolves when what was begun is settled; claims nothing more. */
  stop(): Promise<void>
  /** Resolves when nothing that is due is left. For tests and for a graceful end. */
  drained(): Promise<void>
}

/** A request that has not answered by then is given up; its outcome is in doubt. */
export const sendTimeoutMs = 15_000
/** Twice the deadline and more: nobody may claim again what the first one is still sending. */
export const leaseSeconds = 35
/** To mark a doubt takes no vendor: who falls while at it does not hide it for another lease. */
const doubtSeconds = 5
/** An answer to a claim that took longer leaves too little of the lease. */
const lateMs = 5_000
export const maxAttempts = 20
/** A chat message that could not be sent for a day would only confuse. */
const expiresAfterMs = 24 * 3_600_000
const maxInFlight = 128
const pollMs = 1_000

export function openOutbox({ pool, open, signals, now, random, log, muted, counted, step, crowd = 200, later = inRealTime }: OutboxOptions): Outbox {
  const pausedUntil = new Map<ChannelId, number>()
  const spent = new Map<ChannelId, { from: number; count: number }>()
  const sending = new Set<Promise<void>>()
  const idlers: (() => void)[] = []
  let stopped = false
  let again = false
  let claiming: Promise<void> | undefined
  let cancel = () => {}
  /** When the next retry that we know of comes due. */
  let soonest = Infinity

  const settlements = groupCommit<Settlement>({
    store: async (batch) => {
      let changes: Awaited<ReturnType<typeof settle>> = []
      await pool.db.transaction().execute(async (trx) => {
        await lockReceipts(trx, batch.flatMap(({ channelId, outcome }) => (
          outcome.state === 'sent' && outcome.externalId !== null ? [{ channelId, externalId: outcome.externalId }] : [])))
        changes = await settle(trx, batch, now(), (inside, channelId, status) => progress(inside, channelId, status, now()))
        await notify(trx, signals.notices({ type: 'changed', changes }))
      })
      step('settled')
      signals.tell({ type: 'changed', changes })
    },
    refuse: async ({ messageId }, error) => log.error({ message: messageId, error: String(error) }, 'an outcome could not be stored; its lease will show it'),
    isPoison: () => false,
    keysOf: () => [],
    maxBatch: 200, maxInFlight: 1, maxWaiting: 100_000,
  })

  function wake(): void {
    again = true
    if (!claiming && !stopped) {
      claiming = loop().finally(() => {
        claiming = undefined
        if (again && !stopped && sending.size < maxInFlight) wake()
        else rest()
      })
    }
  }

  async function loop(): Promise<void> {
    while (again && !stopped) {
      again = false
      const free = maxInFlight - sending.size
      if (free <= 0 || muted()) return
      try {
        for (const { channels, limit } of allowances(free)) {
          const asked = now().getTime()
          const due = await claim(pool.db, { channels, blind: channels.filter(isBlind), limit, leaseSeconds, doubtSeconds, now: new Date(asked), crowd })
          if (due.length === limit) again = true
          if (due.length > 0) step('claimed')
          for (const message of due) begin(message, asked)
        }
      } catch (error) {
        log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'the outbox could not be read; trying again')
        return
      }
    }
  }

  /** Nobody can ask its vendor whether a message arrived. */
  function isBlind(id: ChannelId): boolean {
    const idempotent = open().get(id)?.capabilities.idempotent
    return idempotent !== 'key' && idempotent !== 'lookup'
  }

  /** Channels that may be claimed for now; one that has a pace gets a list of its own, no longer than the pace allows. */
  function allowances(free: number): { channels: ChannelId[]; limit: number }[] {
    const together: ChannelId[] = []
    const alone: { channels: ChannelId[]; limit: number }[] = []
    const at = now().getTime()
    for (const [id, channel] of open()) {
      if (!channel.connection && !channel.capabilities.pull) continue
      if ((pausedUntil.get(id) ?? 0) > at) continue
      const pace = channel.capabilities.pace
      if (!pace) {
        together.push(id)
        continue
      }
      const window = spent.get(id)
      const current = window && at - window.from < 1_000 ? window : { from: at, count: 0 }
      spent.set(id, current)
      const limit = Math.min(free, Math.max(1, Math.floor(pace.perSecond)) - current.count)
      if (limit > 0) alone.push({ channels: [id], limit })
    }
    return together.length > 0 ? [{ channels: together, limit: free }, ...alone] : alone
  }

  function begin(message: Outgoing, asked: number): void {
    const window = spent.get(message.channelId)
    if (window) window.count += 1
    const work = trySend(message, asked)
      .then((outcome) => settlements.add({ ...pick(message), outcome }))
      // The database is away: the lease runs out and whoever claims it next knows that it is doubtful.
      .catch((error: Error) => log.warn({ message: message.messageId, reason: error.message }, 'an outcome waits for its lease'))
      .finally(() => {
        sending.delete(work)
        wake()
      })
    sending.add(work)
  }

  async function trySend(message: Outgoing, asked: number): Promise<Outcome> {
    const channel = open().get(message.channelId)
    const begun = now().getTime()
    const seconds = () => (now().getTime() - message.queuedAt.getTime()) / 1000
    // A doubt stays until the vendor has been asked, however often we fail to ask.
    let { doubtful } = message
    if (!channel) return { state: 'queued', dueAt: new Date(begun + pollMs), reason: doubtful ? 'ambiguous' : 'unreachable', detail: 'channel closed' }
    if (channel.capabilities.pull) return { state: 'sent', externalId: null }
    // The lease has run since the claim was asked for: what a frozen database answers late may be somebody else's already.
    if (begun - asked > lateMs) return { state: 'queued', dueAt: new Date(begun), reason: doubtful ? 'ambiguous' : 'unreachable', detail: 'claimed too late' }
    try {
      const connection = channel.connection
      if (!connection) throw new SendError('unreachable', 'channel not connected')
      const signal = AbortSignal.timeout(sendTimeoutMs)
      const delivery = { key: message.key, attempt: message.attempt, by: message.author, signal }
      const request = channel.kind.render(message.content, message.route, channel.config)
      if (doubtful) {
        const { idempotent } = channel.capabilities
        const found = idempotent === 'lookup' ? await connection.lookup?.(request, delivery) : undefined
        if (found) return { state: 'sent', externalId: found.externalId ?? null }
        if (isBlind(message.channelId)) return doubt(message, 'the process that was sending it ended')
        doubtful = idempotent === 'key'
      }
      const { externalId } = await connection.send(request, delivery)
      step('sent')
      counted('sent', message.channelId, seconds())
      return { state: 'sent', externalId: externalId ?? null }
    } catch (error) {
      return failed(message, error instanceof SendError ? error : new SendError('ambiguous', nameOf(error)), doubtful, seconds())
    }
  }

  function failed(message: Outgoing, error: SendError, doubtful: boolean, seconds: number): Outcome {
    const { reason, message: detail, retryAfterMs } = error
    const at = now().getTime()
    const { retry, pauses } = sendFailures[reason]
    const wait = retryAfterMs ?? backoffMs(message.attempt, random)
    if (pauses) pausedUntil.set(message.channelId, at + wait)
    if (retry === 'when idempotent' && isBlind(message.channelId)) return doubt(message, detail)
    const expired = at - message.queuedAt.getTime() > expiresAfterMs
    if (retry && message.attempt < maxAttempts && !expired) {
      counted('retried', message.channelId, seconds)
      soonest = Math.min(soonest, at + wait)
      return { state: 'queued', dueAt: new Date(at + wait), reason: doubtful ? 'ambiguous' : reason, detail }
    }
    if (doubtful || reason === 'ambiguous') return doubt(message, detail)
    counted('failed', message.channelId, seconds)
    log.warn({ message: message.messageId, channel: message.channelId, reason, detail }, 'a message was not sent')
    return { state: 'failed', reason: expired ? 'expired' : reason, detail }
  }

  function doubt(message: Outgoing, detail: string): Outcome {
    counted('unknown', message.channelId, 0)
    log.warn({ message: message.messageId, channel: message.channelId, detail }, 'nobody knows whether a message arrived; an operator decides')
    return { state: 'unknown', reason: 'ambiguous', detail }
  }

  function rest(): void {
    if (sending.size === 0 && !again) for (const wakeUp of idlers.splice(0)) wakeUp()
    if (stopped) return
    cancel()
    const wait = Math.max(1, Math.min(pollMs, soonest - now().getTime()))
    soonest = Infinity
    cancel = later(wake, wait)
  }

  return {
    wake,
    async stop() {
      stopped = true
      cancel()
      await claiming
      await Promise.all(sending)
      await settlements.idle()
    },
    async drained() {
      for (;;) {
        wake()
        await new Promise<void>((resolve) => (claiming || sending.size > 0 ? idlers.push(resolve) : resolve()))
        await Promise.all(sending)
        const next = await nextDue(pool.db, [...open().keys()])
        if ((!next || next > now()) && !claiming && sending.size === 0) return
      }
    },
  }
}

function pick({ messageId, conversationId, channelId, attempt }: Outgoing): Omit<Settlement, 'outcome'> {
  return { messageId, conversationId, channelId, attempt }
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
