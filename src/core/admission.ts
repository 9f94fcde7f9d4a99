/** Answers in time, whatever the store does: a quick no to whom there is no room for, a late no to who has waited too long, and a yes when they come back. */

import { Overloaded } from './group-commit.ts'
import type { Later } from './later.ts'

export interface Admission<Entry> {
  /** Resolves once stored. Rejects with Overloaded at once, or when patience ends; what was let in is stored all the same, if it can be. */
  admit(entry: Entry): Promise<void>
  /** How many may be inside. */
  room(): number
}

export interface AdmissionOptions<Entry> {
  store(entry: Entry): Promise<void>
  /** By what an entry is known when its sender comes again; undefined: by nothing. Whoever bears a name that is stored is taken for stored. */
  nameOf(entry: Entry): string | undefined
  /** Milliseconds of a clock that only goes forward. */
  now(): number
  later: Later
  /** No answer is later than this. */
  patienceMs: number
  /** So long may storing take when many come at once. */
  goodMs: number
  least: number
  most: number
}

/** Enough for all that one stall can leave behind. */
const maxRemembered = 5_000

export function openAdmission<Entry>({ store, nameOf, now, later, patienceMs, goodMs, least, most }: AdmissionOptions<Entry>): Admission<Entry> {
  const givenUp = new Map<string, Promise<void>>()
  let inside = 0
  let room = most

  function enter(entry: Entry): Promise<void> {
    inside += 1
    const [ahead, since] = [inside, now()]
    return store(entry).finally(() => {
      inside -= 1
      const took = now() - since
      // So many took so long: of those who are in time there would have been so many.
      if (took > goodMs) room = Math.max(least, Math.min(room, Math.floor(ahead * goodMs / took)))
      else room = Math.min(most, room + 1)
    })
  }

  function inTime(stored: Promise<void>, name: string | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = later(() => {
        if (name !== undefined) remember(name, stored)
        // The store stands still: no use in a long row before it.
        room = least
        reject(new Overloaded(`not stored within ${patienceMs} ms`))
      }, patienceMs)
      stored.then(resolve, reject).finally(cancel)
    })
  }

  function remember(name: string, stored: Promise<void>): void {
    if (givenUp.has(name)) return
    if (givenUp.size >= maxRemembered) givenUp.delete(givenUp.keys().next().value!)
    givenUp.set(name, stored)
    stored.catch(() => givenUp.delete(name))
  }

  return {
    admit(entry) {
      const name = nameOf(entry)
      const known = name === undefined ? undefined : givenUp.get(name)
      if (known) return inTime(known, name)
      if (inside >= room) return Promise.reject(new Overloaded(`${inside} messages wait to be stored`))
      return inTime(enter(entry), name)
    },
    room: () => room,
  }
}
