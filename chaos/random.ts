/** Chance that comes out the same for the same seed. */

export interface Chance {
  /** 0 ≤ x < 1. */
  next(): number
  below(limit: number): number
  is(probability: number): boolean
  oneOf<T>(list: readonly T[]): T
  shuffled<T>(list: readonly T[]): T[]
  /** Letters and digits that no compression makes shorter. */
  noise(length: number): string
}

/** Mulberry32: small, and good enough to choose who goes next. */
export function chanceOf(seed: number): Chance {
  let state = (seed ^ 0x9e3779b9) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    is: (probability) => next() < probability,
    oneOf: (list) => list[below(list.length)]!,
    shuffled(list) {
      const mixed = [...list]
      for (let at = mixed.length - 1; at > 0; at -= 1) {
        const with_ = below(at + 1)
        ;[mixed[at], mixed[with_]] = [mixed[with_]!, mixed[at]!]
      }
      return mixed
    },
    noise(length) {
      let text = ''
      while (text.length < length) text += below(2_176_782_336).toString(36)
      return text.slice(0, length)
    },
  }
}
