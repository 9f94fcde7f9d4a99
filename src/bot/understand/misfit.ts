/** What of a message does not fit the answer that matches best: another act, another kind of the same thing, words that it has nothing to say about. */

import type { Analysis, Term } from './analyse.ts'
import type { LanguageIndex } from './build.ts'
import { isCue } from './cues.ts'
import type { Scored } from './score.ts'

export interface Misfit {
  /** An act is wished for that is none of the answer's: to end, to complain, to be paid back. 1 where the message asks, ½ where it tells. */
  otherAct: number
  /** A verb after «quero», «como», «para» of which the answer knows nothing. */
  otherVerb: number
  /** «feira do livro», «multa de velocidade»: what follows a thing that matched, and the answer is not about. */
  otherKind: number
  /** Words of weight, where the message asks, that the answer has nothing to say about; 1 is six of them. */
  loose: number
}

const links = new Set(['de', 'da', 'do', 'das', 'dos', 'd', 'para', 'pra', 'p'])
const mostLoose = 6
const cueReach = 3
/** Below this, a word helps the answer by chance. */
const helps = 0.25
const unknownWord = 0.6

export function misfit({ terms, wishes, words }: Analysis, { answer, explained, from, until }: Scored, index: LanguageIndex): Misfit {
  const own = index.acts[answer]
  // A word may wish several acts: «reclamar» is to complain and to object. One that the answer has is enough.
  const fitting = new Set(wishes.flatMap(({ act, at }) => (own?.has(act) ? [at] : [])))
  const strangers = wishes.filter(({ at, isWished }) => isWished && !fitting.has(at))
  const asked = terms.filter(({ weight, span, clause, at }) => span === 1 && weight === 1 && clause >= 1 && at >= from && at < until)
  const left = (term: Term) => {
    const part = explained.get(term.at) ?? 0
    return part >= helps ? 0 : term.known ? 1 : unknownWord
  }
  let loose = 0
  let otherVerb = 0
  let otherKind = 0
  for (const term of asked) {
    const missing = left(term)
    if (missing === 0) continue
    loose += missing
    if (isWish(term.at, words) && missing === 1) otherVerb = 1
    if (narrows(term.at, words, explained)) otherKind = Math.max(otherKind, missing)
  }
  return {
    otherAct: strangers.length === 0 ? 0 : strangers.some(({ isAsked }) => isAsked) ? 1 : 0.5,
    otherVerb,
    otherKind,
    loose: Math.min(mostLoose, loose) / mostLoose,
  }
}

function isWish(at: number, words: readonly string[]): boolean {
  if (!/..[aei]r$/.test(words[at] ?? '')) return false
  return at === 0 || words.slice(Math.max(0, at - cueReach), at).some(isCue)
}

/** The word before the «de» is explained, and this one is not. */
function narrows(at: number, words: readonly string[], explained: ReadonlyMap<number, number>): boolean {
  const last = links.has(words[at - 1] ?? '') ? at - 1 : links.has(words[at - 2] ?? '') ? at - 2 : -1
  return last > 0 && (explained.get(last - 1) ?? 0) >= helps
}
