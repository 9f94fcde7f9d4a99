/** How many conversations each view has, kept in memory: read whole once, and after that only those that changed. */

import { type Alike, type Countable, readCountable } from './store/counts.ts'
import type { Db } from './store/schema.ts'
import type { Signals } from './signals.ts'

export interface Tally {
  /** As it is now: with all that this process was told before. */
  read(): Promise<Alike[]>
  close(): void
}

/** So many changes cost more to read one by one than all that is open. */
const maxChanged = 5_000
/** Whatever changed without a word, by hand in the database, is seen within this time; reading all takes a hundredth of it at most. */
const wholeMs = 60_000

export function openTally({ db, signals, now, clock = () => performance.now() }: { db: Db; signals: Signals; now: () => Date; clock?: () => number }): Tally {
  let rows = new Map<string, { row: Countable; groups: Alike[] }>()
  let groups = new Map<string, Alike>()
  /** Those that can be late. */
  let due = new Map<string, { at: number; group: Alike }>()
  let waiting = new Map<string, { since: Date; group: Alike }>()
  /** The longest wait of each group, worked out when asked for; undefined: somebody came or went since. */
  let oldest: Map<Alike, Date> | undefined
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
    due = new Map()
    waiting = new Map()
    oldest = undefined
  }

  function groupOf({ departmentId, operatorId, state }: Countable, mentioned: string | null): Alike {
    const key = JSON.stringify([departmentId, operatorId, state, mentioned])
    const group = groups.get(key) ?? { departmentId, operatorId, state, mentioned, count: 0, unanswered: 0, problems: 0, late: 0, oldest: null }
    groups.set(key, group)
    return group
  }

  function remove(id: string): void {
    const old = rows.get(id)
    if (!old) return
    rows.delete(id)
    due.delete(id)
    if (waiting.delete(id)) oldest = undefined
    for (const group of old.groups) group.count -= 1
    const [first] = old.groups
    if (old.row.unanswered) first!.unanswered -= 1
    if (old.row.failed) first!.problems -= 1
  }

  function add(row: Countable): void {
    const first = groupOf(row, null)
    const mentions = row.state === 'closed' ? [] : row.mentioned.map((who) => groupOf(row, who))
    rows.set(row.id, { row, groups: [first, ...mentions] })
    for (const group of [first, ...mentions]) group.count += 1
    if (row.unanswered) first.unanswered += 1
    if (row.failed) first.problems += 1
    if (row.dueAt) due.set(row.id, { at: row.dueAt.getTime(), group: first })
    if (!row.waitingSince) return
    waiting.set(row.id, { since: row.waitingSince, group: first })
    oldest = undefined
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
      const late = new Map<Alike, number>()
      const at = now().getTime()
      for (const one of due.values()) if (one.at < at) late.set(one.group, (late.get(one.group) ?? 0) + 1)
      const since = oldest ??= oldestOf(waiting.values())
      return [...groups.values()].flatMap((group) => (group.count > 0 ? [{ ...group, late: late.get(group) ?? 0, oldest: since.get(group) ?? null }] : []))
    },
    close: unsubscribe,
  }
}

function oldestOf(all: Iterable<{ since: Date; group: Alike }>): Map<Alike, Date> {
  const oldest = new Map<Alike, Date>()
  for (const { since, group } of all) {
    const known = oldest.get(group)
    if (!known || since < known) oldest.set(group, since)
  }
  return oldest
}
