/** Evidence → one number between 0 and 1: how often the first answer is right when the evidence looks like this. */

import type { Analysis } from './analyse.ts'
import type { LanguageIndex } from './build.ts'
import { misfit } from './misfit.ts'
import type { Scored } from './score.ts'

export interface Confidence {
  first: number
  /** Score of each answer as a part of the first. */
  shares: number[]
  /** False where a single word would be the whole reason, two answers are too near each other, or another act is asked for. */
  mayAnswer: boolean
}

export type Signals = Record<keyof typeof weights, number>

export function signals(analysis: Analysis, scored: readonly Scored[], index: LanguageIndex): Signals | undefined {
  const [first, second] = scored
  if (!first) return undefined
  return {
    score: Math.min(3, first.score / index.unknown),
    margin: 1 - (second?.score ?? 0) / first.score,
    stems: Math.min(3, first.stems) / 3,
    foreign: Math.min(2, first.foreign),
    foreignStory: Math.min(2, first.foreignStory),
    rival: rival(first, scored.slice(1, 4)),
    ...misfit(analysis, first, index),
  }
}

/** What the best of the others explains and the first does not, as a part of the first's score. */
function rival({ hits, score }: Scored, others: readonly Scored[]): number {
  const places = new Set(hits.map(({ at }) => at))
  let most = 0
  for (const other of others) most = Math.max(most, other.hits.reduce((sum, { at, gain }) => (places.has(at) ? sum : sum + gain), 0))
  return Math.min(1, most / score)
}

/**
 * Fitted by logistic regression, a wrong answer counting twice, on four sets whose words the lexicon half knows: a third of its entries were taken away
 * at random, ten times over. Fitted with the whole lexicon it trusted words that a new town's citizens do not use.
 */
const weights = {
  score: 1.6,
  margin: 0.7,
  stems: 1.1,
  foreign: -1.8,
  foreignStory: -0.3,
  rival: -0.85,
  otherAct: -2.5,
  otherVerb: -0.65,
  otherKind: -0.6,
  loose: -1.7,
}
const bias = -2.35
/** Two answers this near each other are a choice for the citizen; nearer ones too, unless the first explains all that the others do. */
const leastMargin = 0.2
const leastMarginUnrivalled = 0.08
const unrivalled = 0.1

/** A keyword of this answer was said, and nothing that it does not explain: «horário da câmara». */
const isNothingElse = ({ wholeKeyword }: Scored, { loose, foreign, foreignStory, rival, otherAct, margin }: Signals) =>
  wholeKeyword && loose + foreign + foreignStory + otherAct === 0 && rival < unrivalled && margin >= leastMargin
const sureOfKeyword = 0.75

export function confidence(analysis: Analysis, scored: readonly Scored[], index: LanguageIndex): Confidence {
  const [first] = scored
  const signs = signals(analysis, scored, index)
  if (!first || !signs) return { first: 0, shares: [], mayAnswer: false }
  let sum = bias
  for (const [name, weight] of Object.entries(weights) as [keyof Signals, number][]) sum += weight * signs[name]
  return {
    first: Math.max(1 / (1 + Math.exp(-sum)), isNothingElse(first, signs) ? sureOfKeyword : 0),
    shares: scored.map(({ score }) => score / first.score),
    mayAnswer: (first.stems >= 2 || first.wholeKeyword) && signs.margin >= (signs.rival < unrivalled ? leastMarginUnrivalled : leastMargin) && signs.otherAct < 1,
  }
}
