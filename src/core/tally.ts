/** How many conversations each view has, kept in memory: read whole once, and after that only those that changed. */

import { type Heap, heap } from './heap.ts'
import { type Alike, type Countable, readCountable } from './store/counts.ts'
import type { Db } from './store/schema.ts'
import type { Signals } from './signals.ts'

export interface Tally {
  /** As it is now: with all that this process was told before. */
  read(): Promise<Alike[]>
  close(): void
}

interface Group { alike: Alike; waiting: Heap<Of> }
interface Kept { row: Countable; groups: Group[]; isLate: boolean }
interface Of { at: number; kept: Kept }

/** So many changes cost more to read one by one than all that is open. */
const maxChanged = 5_000
/** Whatever changed without a word, by hand in the database, is seen within this time; reading all takes a hundredth of it at most. */
const wholeMs = 60_000

export function openTally({ db, signals, now, clock = () => performance.now() }: { db: Db; signals: Signals; now: () => Date; clock?: () => number }): Tally {
  let rows = new Map<string, Kept>()
  let groups = new Map<string, Group>()
  /** Of all that can be late and are not yet, who has gone meanwhile among them. */
  let due = heap<Of>()
  let changed = new Set<string>()
  let isStale = true
  let wholeAt = 0
  let reading: Promise<void> = Promise.resolve()

  const unsubscribe = signals.subscribe((signal) => {
    if (signal.type === 'gap') isStale = true
    if (signal.type !== 'changed' || isStale) return
    for (const { conversationId } of signal.changes) changed.add(conversationId)
    // Nobody asked for a long time: it is not kept for nobody.
    if (changed.size > maxChanged) forget()
  })

  function forget(): void {
    isStale = true
    changed = new Set()
    rows = new Map()
    groups = new Map()
    due = heap()
  }

  function groupOf({ departmentId, operatorId, state }: Countable, mentioned: string | null): Group {
    const key = JSON.stringify([departmentId, operatorId, state, mentioned])
    const group = groups.get(key) ?? { alike: { departmentId, operatorId, state, mentioned, count: 0, unanswered: 0, problems: 0, late: 0, oldest: null }, waiting: heap() }
    groups.set(key, group)
    return group
  }

  function remove(id: string): void {
    const old = rows.get(id)
    if (!old) return
    rows.delete(id)
    for (const { alike } of old.groups) alike.count -= 1
    const { alike } = old.groups[0]!
    if (old.row.unanswered) alike.unanswered -= 1
    if (old.row.failed) alike.problems -= 1
    if (old.isLate) alike.late -= 1
  }

  function add(row: Countable): void {
    const first = groupOf(row, null)
    const mentions = row.state === 'closed' ? [] : row.mentioned.map((who) => groupOf(row, who))
    const kept = { row, groups: [first, ...mentions], isLate: false }
    rows.set(row.id, kept)
    for (const { alike } of kept.groups) alike.count += 1
    if (row.unanswered) first.alike.unanswered += 1
    if (row.failed) first.alike.problems += 1
    if (row.dueAt) due.add({ at: row.dueAt.getTime(), kept })
    if (row.waitingSince) first.waiting.add({ at: row.waitingSince.getTime(), kept })
  }

  const isHere = (kept: Kept) => rows.get(kept.row.id) === kept

  /** Those whose time has come. A clock that was put back makes nobody late in time again: that is seen when all is read. */
  function markLate(at: number): void {
    for (let next = due.first(); next && next.at < at; next = due.first()) {
      due.removeFirst()
      if (!isHere(next.kept)) continue
      next.kept.isLate = true
      next.kept.groups[0]!.alike.late += 1
    }
  }

  function oldestOf(waiting: Heap<Of>): Date | null {
    for (let next = waiting.first(); next; next = waiting.first()) {
      if (isHere(next.kept)) return next.kept.row.waitingSince
      waiting.removeFirst()
    }
    return null
  }

  async function refresh(): Promise<void> {
    const isWhole = isStale || clock() >= wholeAt
    const ids = changed
    if (!isWhole && ids.size === 0) return
    // What is told from here on may be newer than what is read now: it is read again.
    changed = new Set()
    isStale = false
    const begun = clock()
    try {
      const read = await readCountable(db, isWhole ? undefined : [...ids])
      if (isWhole) {
        const [meanwhile, wasStale] = [changed, isStale]
        forget()
        changed = meanwhile
        isStale = wasStale
        wholeAt = clock() + Math.max(wholeMs, 100 * (clock() - begun))
      } else for (const id of ids) remove(id)
      for (const row of read) add(row)
    } catch (error) {
      isStale = true
      throw error
    }
  }

  return {
    async read() {
      const mine = reading.catch(() => undefined).then(refresh)
      reading = mine
      await mine
      markLate(now().getTime())
      return [...groups.values()].flatMap(({ alike, waiting }) => (alike.count > 0 ? [{ ...alike, oldest: oldestOf(waiting) }] : []))
    },
    close: unsubscribe,
  }
}
