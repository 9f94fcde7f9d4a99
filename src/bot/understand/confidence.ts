/** Evidence → one number between 0 and 1: how often the first answer is right when the evidence looks like this. */

import type { Term } from './analyse.ts'
import type { LanguageIndex } from './build.ts'
import type { Scored } from './score.ts'

export interface Confidence {
  first: number
  /** Score of each answer as a part of the first. */
  shares: number[]
  /** False where a single word would be the whole reason. */
  mayAnswer: boolean
}

export type Signals = Record<keyof typeof weights, number>

export function signals(terms: readonly Term[], scored: readonly Scored[], index: LanguageIndex): Signals | undefined {
  const [first, second] = scored
  if (!first) return undefined
  const content = terms.filter(({ weight, span }) => weight === 1 && span === 1).length
  return {
    score: Math.min(3, first.score / index.unknown),
    margin: 1 - (second?.score ?? 0) / first.score,
    covered: first.covered,
    phrase: first.phrase,
    wholeKeyword: first.wholeKeyword ? 1 : 0,
    stems: Math.min(3, first.stems) / 3,
    foreign: Math.min(2, first.foreign),
    strange: first.strange,
    length: Math.min(1, content / 20),
    rival: rival(first, scored.slice(1, 4)),
  }
}

/** What the best of the others explains and the first does not, as a part of the first's score. */
function rival({ places, score }: Scored, others: readonly Scored[]): number {
  let most = 0
  for (const { evidence } of others) most = Math.max(most, evidence.reduce((sum, { at, gain }) => (places.has(at) ? sum : sum + gain), 0))
  return Math.min(1, most / score)
}

/** Fitted by logistic regression on three sets together, a wrong answer counting twice; each set was first predicted from the others. */
const weights = {
  score: 1.7,
  margin: 2.2,
  covered: 1,
  phrase: 0.6,
  wholeKeyword: 1,
  stems: 2.7,
  foreign: -3.2,
  strange: -0.4,
  length: -0.5,
  rival: -0.5,
}
const bias = -4.4
/** Two answers this near each other are a choice for the citizen. */
const leastMargin = 0.06

export function confidence(terms: readonly Term[], scored: readonly Scored[], index: LanguageIndex): Confidence {
  const [first] = scored
  const signs = signals(terms, scored, index)
  if (!first || !signs) return { first: 0, shares: [], mayAnswer: false }
  let sum = bias
  for (const [name, weight] of Object.entries(weights) as [keyof Signals, number][]) sum += weight * signs[name]
  return {
    first: 1 / (1 + Math.exp(-sum)),
    shares: scored.map(({ score }) => score / first.score),
    mayAnswer: (first.stems >= 2 || first.wholeKeyword) && signs.margin >= leastMargin,
  }
}
