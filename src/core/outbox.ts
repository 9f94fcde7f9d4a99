/** Sends what is due: claim → render → send → settle. One row is one vendor request, and four things can become of it. */

import type { Logger } from 'pino'
import { groupCommit } from './group-commit.ts'
import { inRealTime, type Later } from './later.ts'
import type { ChannelId } from './model.ts'
import type { Step } from './receive.ts'
import { isBlind, sender } from './sender.ts'
import type { Signals } from './signals.ts'
import { claim, nextDue, type Outgoing, settle, type Settlement } from './store/deliveries.ts'
import { isPoison } from './store/errors.ts'
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
  /** From how many at once on, who settles takes the next of the thread along: a claim for each would be most of the work. */
  goesOnFrom?: number
  /** Real time when left out. */
  later?: Later
}

export interface Outbox {
  /** Something may be due. Cheap to call often. */
  wake(): void
  /** Resolves when what was begun is settled; claims nothing more. */
  stop(): Promise<void>
  /** How many are being sent or settled. */
  sending(): number
  /** Resolves when nothing that is due is left. For tests and for a graceful end. */
  drained(): Promise<void>
}

/** Twice the deadline of a request and more: nobody may claim again what the first one is still sending. */
export const leaseSeconds = 35
/** To mark a doubt takes no vendor: who falls while at it does not hide it for another lease. */
const doubtSeconds = 5
/** An outcome is stored at once, or as long as its lease may last: a fence keeps out what comes too late. */
const insistMs = (leaseSeconds - 5) * 1_000
const againMs = 200
const maxInFlight = 128
const pollMs = 1_000

export function openOutbox({ pool, open, signals, now, random, log, muted, counted, step, crowd = 200, goesOnFrom = 32, later = inRealTime }: OutboxOptions): Outbox {
  const pausedUntil = new Map<ChannelId, number>()
  const spent = new Map<ChannelId, { from: number; count: number }>()
  const sending = new Set<Promise<void>>()
  /** Whose place another of their thread has taken. */
  const goneOn = new Set<string>()
  /** More was due than could be taken: those have waited, and come first. */
  let crowded = false
  const idlers: (() => void)[] = []
  let stopped = false
  let again = false
  let claiming: Promise<void> | undefined
  let cancel = () => {}
  /** When the next retry that we know of comes due. */
  let soonest = Infinity

  const send = sender({
    open, now, random, log, counted, step,
    pause: (channelId, until) => pausedUntil.set(channelId, until),
    retryAt: (at) => { soonest = Math.min(soonest, at) },
  })

  const settlements = groupCommit<Settlement>({
    store: (batch) => insisting(() => settleAll(batch)),
    refuse: async ({ messageId }, error) => log.error({ message: messageId, error: String(error) }, 'an outcome could not be stored; its lease will show it'),
    isPoison,
    keysOf: () => [],
    maxBatch: 200, maxInFlight: 1, maxWaiting: 100_000,
  })

  async function settleAll(batch: Settlement[]): Promise<void> {
    let settled: Awaited<ReturnType<typeof settle>> = { changes: [], next: [] }
    const asked = now().getTime()
    await pool.db.transaction().execute(async (trx) => {
      await lockReceipts(trx, batch.flatMap(({ channelId, outcome }) => (
        outcome.state === 'sent' && outcome.externalId !== null ? [{ channelId, externalId: outcome.externalId }] : [])))
      settled = await settle(trx, batch, {
        now: new Date(asked), goOn: { channels: goesOn(), leaseSeconds }, progress: (inside, channelId, status) => progress(inside, channelId, status, now()),
      })
      await notify(trx, signals.notices({ type: 'changed', changes: settled.changes }))
    })
    step('settled')
    signals.tell({ type: 'changed', changes: settled.changes })
    if (settled.next.length > 0) step('claimed')
    for (const { after, ...message } of settled.next) {
      goneOn.add(after)
      begin(message, asked)
    }
  }

  /** What we know of a message is worth more than a try: until the database is back, or whoever takes it over finds it doubtful. */
  async function insisting(store: () => Promise<void>): Promise<void> {
    const begun = now().getTime()
    for (let tries = 1; ; tries += 1) {
      try {
        return await store()
      } catch (error) {
        if (stopped || isPoison(error) || now().getTime() - begun > insistMs) throw error
        if (tries === 1) log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'outcomes could not be stored; trying again')
        await new Promise<void>((resolve) => later(resolve, againMs))
      }
    }
  }

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
      crowded = false
      try {
        for (const { channels, limit } of allowances(free)) {
          const asked = now().getTime()
          const due = await claim(pool.db, { channels, blind: channels.filter((id) => isBlind(open().get(id))), limit, leaseSeconds, doubtSeconds, now: new Date(asked), crowd })
          if (due.length === limit) again = crowded = true
          if (due.length > 0) step('claimed')
          for (const message of due) begin(message, asked)
        }
      } catch (error) {
        log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'the outbox could not be read; trying again')
        return
      }
    }
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

  /** Channels on which the next of a thread may follow at once. */
  function goesOn(): ChannelId[] {
    if (sending.size < goesOnFrom || crowded || stopped || muted()) return []
    const at = now().getTime()
    return [...open()].flatMap(([id, { connection, capabilities }]) => (connection && !capabilities.pace && (pausedUntil.get(id) ?? 0) <= at ? id : []))
  }

  function begin(message: Outgoing, asked: number): void {
    const window = spent.get(message.channelId)
    if (window) window.count += 1
    const work = send(message, asked)
      .then((outcome) => settlements.add({ ...pick(message), outcome }))
      // The database is away: the lease runs out and whoever claims it next knows that it is doubtful.
      .catch((error: Error) => log.warn({ message: message.messageId, reason: error.message }, 'an outcome waits for its lease'))
      .finally(() => {
        sending.delete(work)
        if (!goneOn.delete(message.messageId)) wake()
      })
    sending.add(work)
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
    sending: () => sending.size,
    async stop() {
      stopped = true
      cancel()
      await claiming
      // What is being settled may have taken the next of its thread along.
      while (sending.size > 0) await Promise.all(sending)
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
