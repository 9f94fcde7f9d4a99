/** A wish of whoever looks after the rulebook → the file that it changes, before and after. Pure; nothing is written. */

import { basename } from 'node:path'
import { parse } from 'yaml'
import type { Language } from '../../core/model.ts'
import { entries, phraseKey } from '../insight.ts'
import type { Rulebook, RulebookSource } from '../rulebook.ts'
import { phrasesIn, splitRef, textIn, type Text } from '../shape/text.ts'
import { slug, suggestKeywords } from '../tools/import-answers.ts'
import { addAnswer, addExample } from './splice.ts'

export type Change =
  /** The words become an example phrase of an answer or a form that there is. */
  | { do: 'example'; ref: string; language: Language; phrase: string }
  /** A new answer, with the words as its first example. */
  | { do: 'answer'; file: string; language: Language; phrase: string; topic?: string | undefined; department?: string | undefined; question: Spoken; say: Spoken; keywords?: string[] | undefined }
type Spoken = { [One in Language]?: string | undefined }

export interface ChangedFile {
  /** As the sources name it. */
  name: string
  before: string
  after: string
  /** What the words lead to from now on. */
  ref: string
}

/** undefined: there is no such answer or file. */
export function changeFile(book: Rulebook, sources: readonly RulebookSource[], change: Change): ChangedFile | undefined {
  if (change.do === 'example') {
    const { kind, id } = splitRef(change.ref)
    const section = kind === 'form' ? 'forms' : 'answers'
    const source = sources.find(({ text }) => has(text, section, id))
    if (!source) return undefined
    const after = addExample(source.text, { section, id, language: change.language, firstLanguage: book.languages[0], phrase: change.phrase })
    return { name: source.name, before: source.text, after, ref: change.ref }
  }
  const source = sources.find(({ name }) => basename(name) === change.file)
  if (!source) return undefined
  const { language, phrase, topic, department, question, say } = change
  const asked = question[language] ?? ''
  const keywords = change.keywords?.length ? change.keywords : keywordsFor(book, asked, language)
  const id = freeId(book, asked)
  const after = addAnswer(source.text, id, {
    ...(topic && { topic }), ...(department && { department }),
    question, ...(keywords.length > 0 && { keywords: { [language]: keywords } }), examples: { [language]: [phrase] }, say, then: 'helpful',
  })
  return { name: source.name, before: source.text, after, ref: `answer.${id}` }
}

function has(text: string, section: string, id: string): boolean {
  if (!text.includes(id)) return false
  const sections = (parse(text) as Record<string, Record<string, unknown> | null> | null)?.[section]
  return typeof sections === 'object' && sections !== null && Object.hasOwn(sections, id)
}

function freeId(book: Rulebook, question: string): string {
  const wanted = slug(question) || 'resposta'
  const isTaken = (id: string) => Object.hasOwn(book.answers, id)
  let id = wanted
  for (let n = 2; isTaken(id); n++) id = `${wanted}-${n}`
  return id
}

/** Those that belong to no other answer yet. */
function keywordsFor(book: Rulebook, question: string, language: Language): string[] {
  const [first] = book.languages
  const known = entries(book).map(({ source }) => source)
  const taken = new Set(known.flatMap((each) => [...phrasesIn(each.keywords, language, first), ...phrasesIn(each.examples, language, first)]).map((phrase) => phraseKey(language, phrase)))
  const others = known.map((each) => ({ question: (each.question && textIn(each.question as Text, language)) ?? '', answer: '' }))
  return suggestKeywords(question, [...others, { question, answer: '' }]).filter((keyword) => !taken.has(phraseKey(language, keyword)))
}
