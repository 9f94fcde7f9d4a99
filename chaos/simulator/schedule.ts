/** One thread, one step at a time: everybody waits here until chance lets them go on. The same seed gives the same history. */

import { createHash } from 'node:crypto'
import type { Chance } from '../random.ts'

interface Waiting { who: string; label: string; weight: number; pid: number | undefined; go: () => void }

export interface Schedule {
  /** Resolves when it is this one's turn; never, once its owner is gone. */
  turn(who: string, label: string, weight?: number, pid?: number): Promise<void>
  /** Runs a statement. Others go on only when it has come back or waits for a lock. `keeps`: it is still in a transaction afterwards. */
  inDatabase<T>(pid: number, run: () => Promise<T>, keeps: () => boolean): Promise<T>
  /** Nobody goes on before this has come back. */
  alone<T>(work: Promise<T>): Promise<T>
  /** Nobody whose name begins so gets a turn again. */
  forget(prefix: string): void
  /** Lets one after the other go until nobody waits; `calm` says what to do then: true when there is more. */
  play(calm: () => Promise<boolean>): Promise<void>
  steps(): number
  /** Of the whole history. */
  digest(): string
  tail(): string[]
}

/** A statement that takes longer may be waiting for somebody. */
const lockMs = 1

/** `blockers`: which of these backends wait for a lock, and for whom. */
export function openSchedule(chance: Chance, blockers: (pids: number[]) => Promise<Map<number, number[]>>, maxSteps = 20_000): Schedule {
  let waiting: Waiting[] = []
  const running = new Set<number>()
  const history = createHash('sha256')
  const recent: string[] = []
  const gone: string[] = []
  let cameBack = () => {}
  /** Who waits for a lock, and for whom: so until one of these lets go. */
  const stuck = new Map<number, number[]>()
  let outside = 0
  let steps = 0

  /** A promise's followers run before this comes back, and what a turn of the event loop has gathered; what a socket brings is waited for by name. */
  const breathe = async (): Promise<void> => {
    for (let turns = 0; turns < 4; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      if (outside > 0 || running.size > stuck.size) return
    }
  }

  /** False: nothing has for a moment, and it may be a lock. */
  function somethingComesBack(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), lockMs)
      cameBack = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
  }

  async function settled(): Promise<void> {
    for (;;) {
      await breathe()
      const unsure = [...running].filter((pid) => !stuck.has(pid))
      if (outside === 0 && unsure.length === 0) return
      if (await somethingComesBack() || outside > 0) continue
      const found = await blockers(unsure)
      await breathe()
      for (const [pid, by] of found) if (running.has(pid)) stuck.set(pid, by)
    }
  }

  function next(): Waiting {
    // By name, not by who came first: several may come back from one commit at the same time.
    waiting.sort((a, b) => (a.who < b.who ? -1 : a.who > b.who ? 1 : 0))
    const inTheWay = new Set([...stuck.values()].flat())
    // Two who wait for one lock would race when it comes free: whoever holds what is waited for goes on first.
    const holders = waiting.filter(({ pid }) => pid !== undefined && inTheWay.has(pid))
    const free = holders.length > 0 ? holders : waiting
    let left = chance.next() * free.reduce((sum, { weight }) => sum + weight, 0)
    const chosen = free.find(({ weight }) => (left -= weight) < 0) ?? free.at(-1)!
    waiting = waiting.filter((one) => one !== chosen)
    return chosen
  }

  return {
    turn: (who, label, weight = 1, pid) => new Promise((go) => {
      if (!gone.some((prefix) => who.startsWith(prefix))) waiting.push({ who, label, weight, pid, go })
    }),
    async inDatabase(pid, run, keeps) {
      running.add(pid)
      let failed = true
      try {
        const answer = await run()
        failed = false
        return answer
      } finally {
        running.delete(pid)
        stuck.delete(pid)
        // Locks end with the transaction, and with its first error.
        if (failed || !keeps()) for (const [other, by] of stuck) if (by.includes(pid)) stuck.delete(other)
        cameBack()
      }
    },
    async alone(work) {
      outside += 1
      try {
        return await work
      } finally {
        outside -= 1
        stuck.clear()
        cameBack()
      }
    },
    forget(prefix) {
      gone.push(prefix)
      waiting = waiting.filter(({ who }) => !who.startsWith(prefix))
    },
    async play(calm) {
      for (;;) {
        await settled()
        if (waiting.length === 0) {
          // In a circle: PostgreSQL will end it by letting one of them fail.
          stuck.clear()
          if (running.size > 0) continue
          if (await calm()) continue
          return
        }
        if (steps >= maxSteps) throw new Error(`no end after ${maxSteps} steps; waiting: ${waiting.map(({ who, label }) => `${who} ${label}`).join(', ')}`)
        steps += 1
        const { who, label, go } = next()
        history.update(`${who} ${label}\n`)
        recent.push(`${steps} ${who}: ${label}`)
        go()
      }
    },
    steps: () => steps,
    digest: () => history.copy().digest('hex').slice(0, 16),
    tail: () => recent,
  }
}
