/** Evidence → one number between 0 and 1: how often the first answer is right when the evidence looks like this. */

import type { Analysis } from './analyse.ts'
import type { LanguageIndex } from './build.ts'
import { type Misfit, misfit } from './misfit.ts'
import type { Scored } from './score.ts'

export interface Confidence {
  first: number
  /** Score of each answer as a part of the first. */
  shares: number[]
  /** Why it is not answered at once, however sure. */
  held?: Hold | undefined
}

/** A single word would be the whole reason; another answer is as good; another act is wished for; something is asked that the answer does not tell. */
export type Hold = 'one-word' | 'two-alike' | 'other-act' | 'other-ask'

export type Signals = Record<keyof typeof weights, number> & Misfit

export function signals(analysis: Analysis, scored: readonly Scored[], index: LanguageIndex): Signals | undefined {
  const [first] = scored
  if (!first) return undefined
  const { terms, asks, words } = analysis
  return {
    stems: Math.min(3, first.stems) / 3,
    covered: first.covered,
    whole: first.whole ? 1 : 0,
    way: asks.has('way') ? 1 : 0,
    few: terms.filter(({ span, weight }) => span === 1 && weight === 1).length <= aTopic ? 1 : 0,
    long: words.length >= aLetter ? 1 : 0,
    foreign: Math.min(2, first.foreign),
    foreignStory: Math.min(2, first.foreignStory),
    rival: rival(first, scored.slice(1, 4)),
    ...misfit(analysis, first, index),
  }
}

/** «Licença esplanada»: so few words of weight name a thing and nothing beside it. */
const aTopic = 2
/** From here on, a message tells before it asks. */
const aLetter = 18

/** What the best of the others explains and the first does not, as a part of the first's score. */
function rival({ hits, score }: Scored, others: readonly Scored[]): number {
  const places = new Set(hits.map(({ at }) => at))
  let most = 0
  for (const other of others) most = Math.max(most, other.hits.reduce((sum, { at, gain }) => (places.has(at) ? sum : sum + gain), 0))
  return Math.min(1, most / score)
}

/**
 * Fitted by logistic regression, a wrong answer counting twice, on nine sets whose words the lexicon half knows: a third of its entries were taken away
 * at random, six times over. Fitted with the whole lexicon it trusted words that a new town's citizens do not use.
 */
const weights = {
  stems: 3.8,
  covered: 1.4,
  whole: 1,
  way: 1.35,
  few: 0.55,
  long: 0.8,
  foreign: -1.3,
  foreignStory: -0.25,
  rival: -1.35,
  otherAct: -2.8,
  loose: -1.4,
}
const bias = -4.3
/** Two answers this near each other are a choice for the citizen; nearer ones too, unless the first explains all that the others do. */
const leastMargin = 0.2
const leastMarginUnrivalled = 0.08
const unrivalled = 0.1

/** A whole phrase of this answer was said, and little that it does not explain: «horário da câmara». */
const isNothingElse = ({ covered, loose, foreign, foreignStory, rival, otherAct, otherAsk, whole }: Signals, margin: number) =>
  whole === 1 && covered >= nothingElse && loose + foreign + foreignStory + otherAct + otherAsk === 0 && rival < unrivalled && margin >= leastMargin
const nothingElse = 0.75
const sureOfPhrase = 0.95

export function confidence(analysis: Analysis, scored: readonly Scored[], index: LanguageIndex): Confidence {
  const [first, second] = scored
  const signs = signals(analysis, scored, index)
  if (!first || !signs) return { first: 0, shares: [] }
  const margin = 1 - (second?.score ?? 0) / first.score
  let sum = bias
  for (const [name, weight] of Object.entries(weights) as [keyof typeof weights, number][]) sum += weight * signs[name]
  return {
    first: Math.max(1 / (1 + Math.exp(-sum)), isNothingElse(signs, margin) ? sureOfPhrase : 0),
    shares: scored.map(({ score }) => score / first.score),
    held: hold(first, signs, margin),
  }
}

function hold({ stems, whole }: Scored, { otherAct, otherAsk, rival }: Signals, margin: number): Hold | undefined {
  if (otherAct === 1) return 'other-act'
  if (otherAsk === 1) return 'other-ask'
  if (stems < 2 && !whole) return 'one-word'
  return margin < (rival < unrivalled ? leastMarginUnrivalled : leastMargin) ? 'two-alike' : undefined
}
