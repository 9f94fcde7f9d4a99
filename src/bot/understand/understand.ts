/** A citizen's message → which answers match, and how sure we are. Pure: no clock, no I/O, the same for the same index and text. */

import type { Language } from '../../core/model.ts'
import { analyse } from './analyse.ts'
import type { AnswerIndex, LanguageIndex } from './build.ts'
import { confidence, type Hold } from './confidence.ts'
import { score } from './score.ts'

export interface Evidence {
  at: number
  term: string
  feature: string
  gain: number
}

export interface Candidate {
  id: string
  /** How sure we are that this is the answer, 0 to 1. */
  score: number
  matched(): Evidence[]
  /** The phrase of the rulebook that comes nearest. */
  phrase: string
  why(): string
}

export interface Understanding {
  /** answer: say it. suggest: «quis dizer». none: the ladder. */
  zone: 'answer' | 'suggest' | 'none'
  /** Best first, a dozen at most. In the zone `suggest` the first `maxSuggestions` are worth offering. */
  candidates: Candidate[]
  repairs: { from: string; to: string }[]
  language: Language
  /** Why the first is not said at once, however sure we are of it. */
  held?: Hold | undefined
}

export function understand(index: AnswerIndex, text: string, language: Language): Understanding {
  const [known, own] = languageIndex(index, language)
  if (!own) return { zone: 'none', candidates: [], repairs: [], language }
  const analysis = analyse(text, own.reader)
  const scored = score(analysis, own)
  const { first, shares, held } = confidence(analysis, scored, own)
  const candidates = scored.map((one, at) => ({
    id: own.ids[one.answer] ?? '',
    score: at === 0 ? first : first * (shares[at] ?? 0),
    matched: () => one.hits.map(({ term, feature, gain }) => ({ at: term.at, term: term.text, feature: own.keys[feature] ?? '', gain })),
    phrase: one.phraseText,
    why: () => `${one.stems} words, ${Math.round(one.covered * 100)} % of what was said, ${Math.round(one.phrase * 100)} % of «${one.phraseText}»`,
  }))
  const { answerAt, suggestAt } = index.options
  const zone = first >= answerAt && !held ? 'answer' : first >= suggestAt ? 'suggest' : 'none'
  const repairs = analysis.terms.flatMap(({ text: from, repairedTo: to }) => (to === undefined ? [] : [{ from, to }]))
  return { zone, candidates, repairs, language: known, held }
}

function languageIndex({ languages }: AnswerIndex, language: Language): [Language, LanguageIndex | undefined] {
  const own = languages[language]
  if (own) return [language, own]
  const [other] = Object.entries(languages) as [Language, LanguageIndex][]
  return other ?? [language, undefined]
}
