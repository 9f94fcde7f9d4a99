/** Chance that is the same at every run: the same seed makes the same town. */

export interface Chance {
  next(): number
  whole(from: number, to: number): number
  pick<T>(those: readonly T[]): T
  is(share: number): boolean
}

export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (those) => {
      const one = those[Math.floor(next() * those.length)]
      if (one === undefined) throw new Error('nothing to pick from')
      return one
    },
    is: (share) => next() < share,
  }
}
