/** Answers → an index to understand messages with. Slow on purpose: everything that can be known before a message comes is worked out here. */

import type { Language } from '../../core/model.ts'
import { type Analysis, analyse, type Term } from './analyse.ts'
import { type Ask, tellsOf } from './asks.ts'
import { type Dictionary, dictionary } from './dictionary.ts'
import { everyday } from './lexicon/everyday.ts'
import { fold, words } from './normalise.ts'
import { atOnce, type Pieces } from './pieces.ts'
import { type Reader, reader, type Sense } from './reading.ts'
import { type Sheet, sheet } from './score.ts'
import { type Speller, speller } from './spelling.ts'

export interface AnswerPhrases {
  question: string
  keywords: readonly string[]
  examples: readonly string[]
  /** What the bot would say: counts a little. */
  text?: string
}

export interface AnswerSource {
  id: string
  phrases: Partial<Record<Language, AnswerPhrases>>
}

export interface Options {
  /** From this confidence on, answer at once. */
  answerAt: number
  /** From this confidence on, offer as a suggestion. */
  suggestAt: number
  maxSuggestions: number
  /** The town's own words that mean the same, for each language. */
  synonyms: Partial<Record<Language, readonly (readonly string[])[]>>
}

/** The same word stands in many phrases, and is compared with a message once. */
export interface PhraseWord {
  features: number[]
  strengths: number[]
  /** From here on it was said. A common word is weak on both sides, and the same word all the same. */
  enough: number
}

export interface Phrase {
  text: string
  /** By their number in `phraseWords`. */
  words: number[]
  weights: number[]
  total: number
}

export interface LanguageIndex {
  reader: Reader
  keys: string[]
  /** What a feature says about which answer. */
  idf: Float64Array
  /** Which answers have a feature, and how much. */
  postings: { answers: number[]; weights: number[] }[]
  /** Concepts that this rulebook does speak of: the others are somebody else's, or have no answer yet. */
  spoken: ReadonlySet<string>
  ids: string[]
  /** What each answer is about doing, beside the thing: the acts of its question, keywords and examples. */
  acts: ReadonlySet<number>[]
  /** What each answer tells: what its question, keywords and examples ask, and what stands in its text. */
  tells: ReadonlySet<Ask>[]
  phrases: Phrase[][]
  phraseWords: PhraseWord[]
  sheet: Sheet
  /** What a word that nobody knows would have said. */
  unknown: number
}

export interface AnswerIndex {
  options: Options
  languages: Partial<Record<Language, LanguageIndex>>
}

export const defaults: Options = { answerAt: 0.74, suggestAt: 0.05, maxSuggestions: 3, synonyms: {} }

/** A concept with less weight in every answer is only brushed against. */
const spokenWeight = 0.3
/** A word that is this much of a phrase's word is that word. */
const said = 0.6
const fieldTrust = { keyword: 0.7, question: 0.55, example: 0.5, text: 0.12 }

export const buildIndex = (answers: readonly AnswerSource[], options: Partial<Options> = {}): AnswerIndex => atOnce(building(answers, options))

export function* building(answers: readonly AnswerSource[], options: Partial<Options> = {}): Pieces<AnswerIndex> {
  const all = { ...defaults, ...options }
  const languages: AnswerIndex['languages'] = {}
  for (const language of ['pt', 'en', 'es', 'fr'] as const) {
    const own = answers.flatMap(({ id, phrases }) => (phrases[language] ? [{ id, ...phrases[language] }] : []))
    if (own.length > 0) languages[language] = yield* buildLanguage(own, yield* dictionary(language, all.synonyms[language]))
  }
  return { options: all, languages }
}

type Source = AnswerPhrases & { id: string }

function* buildLanguage(answers: readonly Source[], dictionary: Dictionary): Pieces<LanguageIndex> {
  const features = new Map<string, number>()
  const postings: LanguageIndex['postings'] = []
  const adopted = new Set<string>()
  const feature = (key: string) => {
    const known = features.get(key)
    if (known !== undefined) return known
    features.set(key, features.size)
    postings.push({ answers: [], weights: [] })
    return features.size - 1
  }
  const reading = reader(dictionary)
  const parsed: (Analysis & { text: string; trust: number })[][] = []
  for (const answer of answers) {
    parsed.push(fields(answer).map(({ text, trust }) => ({ text, trust, ...analyse(text, reading) })))
    yield
  }

  for (const { terms, trust } of parsed.flat()) {
    if (trust > fieldTrust.text) for (const { senses } of terms) for (const { key, strength } of senses) if (key.startsWith('c:x_') && strength > 0.6) adopted.add(key)
  }
  for (const [answer, texts] of parsed.entries()) {
    const missing = new Map<string, number>()
    for (const { terms, trust } of texts) {
      for (const { senses, weight } of terms) {
        for (const { key, strength } of senses) {
          const belief = trust * (key.startsWith('c:') ? strength ** 3 : 1) * weight ** 0.5
          missing.set(key, (missing.get(key) ?? 1) * (1 - belief))
        }
      }
    }
    for (const [key, none] of missing) {
      if (key.startsWith('c:x_') && !adopted.has(key)) continue
      const { answers, weights } = postings[feature(key)]!
      answers.push(answer)
      weights.push(1 - none)
    }
    yield
  }

  const idf = Float64Array.from(postings, ({ weights }) => {
    const spread = weights.reduce((sum, weight) => sum + weight, 0)
    return Math.log(1 + answers.length / (spread + 0.6))
  })
  const phraseWords: PhraseWord[] = []
  const numbers = new Map<string, number>()
  const phraseWord = (senses: readonly Pick<Sense, 'feature' | 'strength'>[]) => {
    const key = senses.map(({ feature, strength }) => `${feature} ${strength}`).join()
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, phraseWords.length)
    const strengths = senses.map(({ strength }) => strength)
    return phraseWords.push({ features: senses.map(({ feature }) => feature), strengths, enough: said * Math.max(0, ...strengths) ** 2 }) - 1
  }
  const phrases: Phrase[][] = []
  for (const texts of parsed) {
    phrases.push(texts.filter(({ trust }) => trust > fieldTrust.text).map(({ text, terms }) => phrase(text, terms, features, idf, phraseWord)))
    yield
  }
  const speller = yield* rulebookSpeller(answers, dictionary)
  return {
    reader: reader(dictionary, features, speller),
    keys: [...features.keys()],
    idf,
    postings,
    spoken: new Set([...features].filter(([, at]) => postings[at]!.weights.some((weight) => weight >= spokenWeight)).map(([key]) => key)),
    ids: answers.map(({ id }) => id),
    acts: parsed.map((texts) => new Set(texts.filter(({ trust }) => trust > fieldTrust.text).flatMap(({ wishes }) => wishes.map(({ act }) => act)))),
    tells: parsed.map((texts) => new Set(texts.flatMap(({ trust, asks, text }) => [...(trust > fieldTrust.text ? asks : tellsOf(words(text)))]))),
    phrases,
    phraseWords,
    sheet: sheet(features.size, answers.length, phraseWords.length),
    unknown: Math.log(1 + answers.length / 2),
  }
}

function fields({ question, keywords, examples, text }: Source): { text: string; trust: number }[] {
  return [
    { text: question, trust: fieldTrust.question },
    ...keywords.map((text) => ({ text, trust: fieldTrust.keyword })),
    ...examples.map((text) => ({ text, trust: fieldTrust.example })),
    ...(text ? [{ text, trust: fieldTrust.text }] : []),
  ]
}

function phrase(text: string, terms: Term[], features: ReadonlyMap<string, number>, idf: Float64Array, wordOf: (senses: { feature: number; strength: number }[]) => number): Phrase {
  const own = terms
    .filter(({ span }) => span === 1)
    .map(({ senses, weight }) => {
      const known = senses.flatMap(({ key, strength }) => {
        const feature = features.get(key)
        return feature === undefined ? [] : [{ feature, strength }]
      })
      return { word: wordOf(known), weight: weight * (idf[known[0]?.feature ?? -1] ?? 0) }
    })
  return { text, words: own.map(({ word }) => word), weights: own.map(({ weight }) => weight), total: own.reduce((sum, { weight }) => sum + weight, 0) }
}

/** Repairs go towards the rulebook's own words first, then towards the lexicon's, then towards words that only have to be known to be set aside. */
function* rulebookSpeller(answers: readonly Source[], dictionary: Dictionary): Pieces<Speller> {
  const own = new Set<string>()
  for (const answer of answers) {
    for (const { text } of fields(answer)) for (const { text: word } of words(text, { expand: false })) own.add(word)
    yield
  }
  const { singular, stem } = dictionary.morphology
  const known = new Set<string>()
  for (const word of own) known.add(`w:${singular(word)}`).add(`s:${stem(word)}`)
  for (const word of everyday.map(fold)) {
    known.add(`w:${singular(word)}`)
    if (stem(word).length >= 5) known.add(`s:${stem(word)}`)
  }
  for (const act of dictionary.acts.bySingular.keys()) known.add(`w:${act}`)
  const knows = (word: string) => dictionary.weight(word) < 1 || known.has(`w:${singular(word)}`) || known.has(`s:${stem(word)}`)
  return yield* speller([...[...own].filter((word) => dictionary.weight(word) > 0), ...dictionary.bySingular.keys(), ...dictionary.acts.bySingular.keys(), ...dictionary.small], knows)
}
