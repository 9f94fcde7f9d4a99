/** Evidence → one number between 0 and 1: how often the first answer is right when the evidence looks like this. */

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

export function signals(scored: readonly Scored[], index: LanguageIndex): Signals | undefined {
  const [first, second] = scored
  if (!first) return undefined
  return {
    score: Math.min(3, first.score / index.unknown),
    margin: 1 - (second?.score ?? 0) / first.score,
    covered: first.covered,
    phrase: first.phrase,
    wholeKeyword: first.wholeKeyword ? 1 : 0,
    stems: Math.min(3, first.stems) / 3,
    foreign: Math.min(2, first.foreign),
    strange: first.strange,
    rival: rival(first, scored.slice(1, 4)),
  }
}

/** What the best of the others explains and the first does not, as a part of the first's score. */
function rival({ places, score }: Scored, others: readonly Scored[]): number {
  let most = 0
  for (const { evidence } of others) most = Math.max(most, evidence.reduce((sum, { at, gain }) => (places.has(at) ? sum : sum + gain), 0))
  return Math.min(1, most / score)
}

/**
 * Fitted by logistic regression, a wrong answer counting twice, on sets whose words the lexicon half knows: a third of its entries were taken
 * away at random, eight times over. Fitted with the whole lexicon it trusted words that a new town's citizens do not use.
 */
const weights = {
  score: 1.7,
  margin: 2.8,
  covered: 1.55,
  phrase: 1.25,
  wholeKeyword: 0.05,
  stems: 2.2,
  foreign: -2.7,
  strange: -0.65,
  rival: -0.95,
}
const bias = -5.1
/** Two answers this near each other are a choice for the citizen. */
const leastMargin = 0.08

export function confidence(scored: readonly Scored[], index: LanguageIndex): Confidence {
  const [first] = scored
  const signs = signals(scored, index)
  if (!first || !signs) return { first: 0, shares: [], mayAnswer: false }
  let sum = bias
  for (const [name, weight] of Object.entries(weights) as [keyof Signals, number][]) sum += weight * signs[name]
  return {
    first: 1 / (1 + Math.exp(-sum)),
    shares: scored.map(({ score }) => score / first.score),
    mayAnswer: (first.stems >= 2 || first.wholeKeyword) && signs.margin >= leastMargin,
  }
}
