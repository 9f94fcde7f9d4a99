/** Long work in pieces of a millisecond or less: all at once for whoever waits for it, or between other things. */

import { setImmediate } from 'node:timers/promises'

export type Pieces<T> = Generator<void, T>

export function atOnce<T>(work: Pieces<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

/** `longest`: milliseconds until others have their turn. */
export async function betweenOthers(work: Pieces<unknown>, longest = 10, now = () => performance.now()): Promise<void> {
  for (let since = now(); !work.next().done; ) {
    if (now() - since < longest) continue
    await setImmediate()
    since = now()
  }
}
