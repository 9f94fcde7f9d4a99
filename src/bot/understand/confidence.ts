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

export function signals(terms: readonly Term[], scored: readonly Scored[], index: LanguageIndex): number[] {
  const [first, second] = scored
  if (!first) return [0, 0, 0, 0, 0, 0, 0, 0]
  const margin = 1 - (second?.score ?? 0) / first.score
  const strange = terms.some(({ senses }) => senses.some(({ key, strength }) => key.startsWith('c:x_') && strength > 0.6 && !index.adopted.has(key)))
  const length = Math.min(1, terms.filter(({ weight, span }) => weight === 1 && span === 1).length / 12)
  return [Math.min(3, first.score / index.unknown), margin, first.covered, first.phrase, first.wholeKeyword ? 1 : 0, Math.min(3, first.stems) / 3, strange ? 1 : 0, length]
}

const weights = [0.7, 3, 2.2, 1, 0.4, 1.2, -2.5, 0.3]
const bias = -3.6

export function confidence(terms: readonly Term[], scored: readonly Scored[], index: LanguageIndex): Confidence {
  const [first] = scored
  if (!first) return { first: 0, shares: [], mayAnswer: false }
  const sum = signals(terms, scored, index).reduce((total, signal, at) => total + signal * (weights[at] ?? 0), bias)
  return {
    first: 1 / (1 + Math.exp(-sum)),
    shares: scored.map(({ score }) => score / first.score),
    mayAnswer: first.stems >= 2 || first.wholeKeyword,
  }
}
