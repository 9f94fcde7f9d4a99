/** What faults have in common: vendors with moods, breaks in a row, and how soon there is an acknowledgement again. */

import type { Chance } from '../random.ts'
import { pause, type Stage } from '../stage.ts'

export const moody = (chance: Chance) => () => {
  const luck = chance.next()
  return luck < 0.03 ? 429 : luck < 0.06 ? 500 : luck < 0.08 ? 'cut' : luck < 0.085 ? 400 : 'accept'
}

export async function whileOn({ isOn }: Stage, everyMs: () => number, what: () => Promise<void>): Promise<void> {
  while (isOn()) {
    await pause(everyMs())
    if (isOn()) await what()
  }
}

/** Milliseconds until the first acknowledgement after now. */
export async function firstAcknowledgement({ citizens }: Stage): Promise<number> {
  const begun = Date.now()
  const before = citizens.acknowledged.length
  while (citizens.acknowledged.length === before && Date.now() - begun < 60_000) await pause(5)
  return Date.now() - begun
}

export async function killDatabase(on: Stage): Promise<number> {
  await on.postgres.kill()
  await on.postgres.answers()
  return firstAcknowledgement(on)
}
