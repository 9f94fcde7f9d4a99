/** What of a message does not fit the answer that matches best: another act, another kind of answer asked for, words that it has nothing to say about. */

import type { Analysis } from './analyse.ts'
import type { LanguageIndex } from './build.ts'
import type { Scored } from './score.ts'

export interface Misfit {
  /** An act is wished for that is none of the answer's: to end, to complain, to be paid back. 1 where the message asks, ½ where it tells. */
  otherAct: number
  /** It asks to be told what the answer does not tell: when it is, not how one goes about it. */
  otherAsk: number
  /** Words of weight, where the message asks, that the answer has nothing to say about; 1 is six of them. */
  loose: number
}

const mostLoose = 6
/** Below this, a word helps the answer by chance. */
const helps = 0.25
const unknownWord = 0.6

export function misfit({ terms, wishes, asks }: Analysis, { answer, explained, from, until }: Scored, { acts, tells }: LanguageIndex): Misfit {
  // A word may wish several acts: «reclamar» is to complain and to object. One that the answer has is enough.
  const fitting = new Set(wishes.flatMap(({ act, at }) => (acts[answer]?.has(act) ? [at] : [])))
  const strangers = wishes.filter(({ at, isWished }) => isWished && !fitting.has(at))
  let loose = 0
  for (const { at, weight, span, clause, known } of terms) {
    if (span > 1 || weight < 1 || clause < 1 || at < from || at >= until || (explained.get(at) ?? 0) >= helps) continue
    loose += known ? 1 : unknownWord
  }
  return {
    otherAct: strangers.length === 0 ? 0 : strangers.some(({ isAsked }) => isAsked) ? 1 : 0.5,
    otherAsk: asks.size > 0 && ![...asks].some((ask) => ask === 'way' || tells[answer]?.has(ask)) ? 1 : 0,
    loose: Math.min(mostLoose, loose) / mostLoose,
  }
}
