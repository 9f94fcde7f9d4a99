/** What the engine needs to understand people under a rulebook, worked out once. */

import type { Language } from '../core/model.ts'
import type { Rulebook } from './rulebook.ts'
import { phrasesIn, textIn, type Phrases, type Text } from './shape/text.ts'
import { building, type AnswerIndex, type AnswerPhrases } from './understand/build.ts'
import { buildManners, type Manner, type MannersIndex } from './understand/manners.ts'
import { fold } from './understand/normalise.ts'
import type { Labelled } from './understand/phrases.ts'
import { atOnce, betweenOthers, type Pieces } from './understand/pieces.ts'

export interface Insight {
  index: AnswerIndex
  manners: MannersIndex<Manner | `own:${string}`>
  /** The rulebook's own sentences, word for word: what people wrote once, and somebody put under an answer. */
  sentences: Map<string, string>
}

export interface Entry {
  ref: `answer.${string}` | `form.${string}`
  path: [section: 'answers' | 'forms', id: string]
  source: { question?: Text | undefined; keywords?: Phrases | undefined; examples?: Phrases | undefined; say?: Text | { say: Text }[] | undefined }
}

/** Everything that people can find by asking. */
export function entries(book: Rulebook): Entry[] {
  return [
    ...Object.entries(book.answers)
      .filter(([, answer]) => answer.listed)
      .map(([id, source]): Entry => ({ ref: `answer.${id}`, path: ['answers', id], source })),
    ...Object.entries(book.forms)
      .filter(([, form]) => form.question !== undefined)
      .map(([id, source]): Entry => ({ ref: `form.${id}`, path: ['forms', id], source })),
  ]
}

const kept = new WeakMap<Rulebook, Insight>()
const begun = new WeakMap<Rulebook, Pieces<Insight>>()

/** At once, from where it stands. */
export function insight(book: Rulebook): Insight {
  return kept.get(book) ?? atOnce(inPieces(book))
}

/** While other things go on; whoever needs it earlier does the rest at once. */
export async function gainInsight(book: Rulebook): Promise<void> {
  if (!kept.has(book)) await betweenOthers(inPieces(book))
}

function inPieces(book: Rulebook): Pieces<Insight> {
  let work = begun.get(book)
  if (!work) begun.set(book, (work = begin(book)))
  return work
}

function* begin(book: Rulebook): Pieces<Insight> {
  try {
    const made = yield* make(book)
    kept.set(book, made)
    return made
  } finally {
    begun.delete(book)
  }
}

function* make(book: Rulebook): Pieces<Insight> {
  const [first] = book.languages
  const sources = entries(book).map(({ ref, source }) => {
    const phrases: Partial<Record<Language, AnswerPhrases>> = {}
    for (const language of book.languages) {
      const question = source.question && textIn(source.question, language)
      const keywords = phrasesIn(source.keywords, language, first)
      const examples = phrasesIn(source.examples, language, first)
      if (question === undefined && keywords.length + examples.length === 0) continue
      phrases[language] = { question: question ?? '', keywords, examples, text: toldBy(source.say, language) }
    }
    return { id: ref, phrases }
  })
  const own: Labelled<Manner | `own:${string}`>[] = Object.entries(book.commands).flatMap(([id, command]) => {
    const phrases = book.languages.flatMap((language) => phrasesIn(command.phrases, language, first))
    return phrases.length > 0
      ? [{ name: mannerOf[id] ?? (`own:${id}` as const), phrases, whole: id === 'stop', beside: 0 }]
      : []
  })
  const manners = buildManners(own)
  yield
  const sentences = sentencesOf(book)
  yield
  const index = yield* building(sources, { maxSuggestions: book.settings.maxSuggestions, synonyms: book.synonyms })
  return { index, manners, sentences }
}

/** What an answer says, under whatever condition, without what is filled in. */
function toldBy(say: Entry['source']['say'], language: Language): string {
  const texts = say === undefined ? [] : Array.isArray(say) ? say.map((variant) => variant.say) : [say]
  return texts.map((text) => (textIn(text, language) ?? '').replace(filledIn, ' ')).join('\n')
}

const filledIn = /\{\{.*?\}\}/g

/** The same for the same words, whatever their accents, case and punctuation. */
export function phraseKey(language: Language, phrase: string): string {
  return `${language} ${fold(phrase)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()}`
}

function sentencesOf(book: Rulebook): Map<string, string> {
  const found = new Map<string, string>()
  for (const { ref, source } of entries(book)) {
    for (const language of book.languages) {
      const question = source.question && textIn(source.question, language)
      for (const phrase of [question ?? '', ...phrasesIn(source.examples, language, book.languages[0])]) {
        // A word or two may be the beginning of anything.
        if (phrase.trim().split(/\s+/).length >= 3) found.set(phraseKey(language, phrase), ref)
      }
    }
  }
  return found
}

/** The engine's commands, as `manners` calls them. */
const mannerOf: Record<string, Manner> = {
  operator: 'handover',
  video: 'video',
  menu: 'menu',
  cancel: 'cancel',
  back: 'back',
  stop: 'optout',
  'gdpr-erase': 'gdpr-erase',
  'gdpr-access': 'gdpr-access',
}
