/** config/bot/*.yaml → one rulebook, or the reasons why not. */

import { createHash } from 'node:crypto'
import { readDocument, type Problem, type YamlDocument } from '../core/document.ts'
import { fitShape } from '../core/fit-shape.ts'
import { nearest } from '../core/nearest.ts'
import type { Language } from '../core/model.ts'
import { checkLoops } from './check/loops.ts'
import { checkPhrases } from './check/phrases.ts'
import { checkReferences } from './check/references.ts'
import { checkTexts } from './check/texts.ts'
import { RulebookFile, type Answer, type Command, type Link, type Menu, type Survey } from './shape/file.ts'
import type { Form } from './shape/form.ts'
import type { Text } from './shape/text.ts'
import { words, type TextName } from './words/index.ts'

type File = Required<{ [Section in keyof RulebookFile]: NonNullable<RulebookFile[Section]> }>

export interface Rulebook {
  /** Changes with every change of the files: a conversation remembers under which one it was. */
  hash: string
  /** The first one is spoken to whoever gives no sign of another. */
  languages: [Language, ...Language[]]
  /** Languages in which answers and forms may be missing. */
  partial: Language[]
  town: { name: string; timezone: string; [fact: string]: string }
  settings: File['settings']
  /** Own texts over the usual ones. */
  texts: Record<TextName, Text>
  commands: Record<string, Command>
  menus: Record<string, Menu>
  answers: Record<string, Answer>
  forms: Record<string, Form>
  links: Record<string, Link>
  fallback: File['fallback']
  handover: File['handover']
  survey: Survey | undefined
  synonyms: File['synonyms']
  topics: File['topics']
}

/** What only the rest of the config knows; not checked when left out. */
export interface Surroundings {
  departments?: readonly string[]
  connections?: readonly string[]
}

export interface RulebookSource {
  name: string
  text: string
}
export interface RulebookReading {
  rulebook: Rulebook | undefined
  problems: Problem[]
}

/** Pure. The rulebook is undefined when anything is wrong that is more than a warning. */
export function readRulebook(sources: readonly RulebookSource[], surroundings: Surroundings = {}): RulebookReading {
  const problems: Problem[] = []
  const files: Page[] = []
  for (const { name, text } of sources) {
    const document = readDocument(text, name)
    const fitted = fitShape(document, RulebookFile)
    problems.push(...fitted.problems)
    if (fitted.value) files.push({ document, value: fitted.value })
  }
  if (sources.length === 0) problems.push(nowhere('there is no .yaml file in the folder of the bot'))
  if (problems.some(isError)) return { rulebook: undefined, problems }

  const draft: Draft = { sections: {}, pages: new Map(), problems }
  for (const file of files) merge(draft, file)
  const rulebook = assemble(draft, hashOf(sources))
  const report: Report = (path, message, severity) => {
    const page = draft.pages.get(`${String(path[0])}.${String(path[1])}`) ?? draft.pages.get(String(path[0]))
    problems.push(
      page
        ? page.problem(path, message, severity)
        : { ...nowhere(message), path: path.join('.'), severity: severity ?? 'error' },
    )
  }
  for (const name of Object.keys(draft.sections.texts ?? {})) {
    if (Object.hasOwn(words.pt, name)) continue
    const near = nearest(name, Object.keys(words.pt))
    report(['texts', name], `unknown text "${name}"${near ? `: did you mean "${near}"?` : ''}`)
  }
  for (const check of [checkReferences, checkTexts, checkLoops, checkPhrases]) check(rulebook, report, surroundings)
  return { rulebook: problems.some(isError) ? undefined : rulebook, problems }
}

/** Says a problem at the place of a section: ['answers', 'agua-pagar', 'say']. */
export type Report = (path: (string | number)[], message: string, severity?: Problem['severity']) => void
export type Check = (rulebook: Rulebook, report: Report, surroundings: Surroundings) => void

interface Page {
  document: YamlDocument
  value: RulebookFile
}
interface Draft {
  sections: RulebookFile
  pages: Map<string, YamlDocument>
  problems: Problem[]
}

const maps = ['texts', 'commands', 'menus', 'answers', 'forms', 'links'] as const
const singles = ['languages', 'town', 'settings', 'fallback', 'handover', 'survey', 'synonyms', 'topics'] as const

function merge({ sections, pages, problems }: Draft, { document, value }: Page): void {
  for (const name of singles) {
    if (value[name] === undefined) continue
    const other = pages.get(name)
    if (other) problems.push(document.problem([name], `"${name}" stands in ${other.file} already`))
    else Object.assign(sections, { [name]: value[name] })
    pages.set(name, document)
  }
  for (const name of maps) {
    const entries: Record<string, unknown> = (sections[name] ??= {})
    for (const [id, entry] of Object.entries(value[name] ?? {})) {
      const other = pages.get(`${name}.${id}`)
      if (other) problems.push(document.problem([name, id], `"${id}" stands in ${other.file} already`))
      entries[id] = entry
      pages.set(`${name}.${id}`, document)
      pages.set(name, document)
    }
  }
}

function assemble({ sections }: Draft, hash: string): Rulebook {
  const spoken = Object.entries(sections.languages ?? { pt: 'full' }) as [Language, 'full' | 'partial'][]
  const [first = 'pt', ...others] = spoken.map(([language]) => language)
  return {
    hash,
    languages: [first, ...others],
    partial: spoken.filter(([, how]) => how === 'partial').map(([language]) => language),
    town: { ...(sections.town ?? { name: 'Município', timezone: 'Europe/Lisbon' }) },
    settings: sections.settings ?? { department: 'geral', fragmentSeconds: 20, maxSuggestions: 3, invalidAnswers: 3 },
    texts: { ...usualTexts, ...(sections.texts as Partial<Record<TextName, Text>>) },
    commands: sections.commands ?? {},
    menus: sections.menus ?? {},
    answers: sections.answers ?? {},
    forms: sections.forms ?? {},
    links: sections.links ?? {},
    fallback: sections.fallback ?? [
      { say: usualTexts['not-understood'], suggest: true },
      { say: usualTexts['not-understood'], suggest: true },
    ],
    handover: sections.handover ?? { departments: {} },
    survey: sections.survey,
    synonyms: sections.synonyms ?? {},
    topics: sections.topics ?? {},
  }
}

const usualTexts = Object.fromEntries(
  (Object.keys(words.pt) as TextName[]).map((name) => [
    name,
    { pt: words.pt[name], en: words.en[name], es: words.es[name], fr: words.fr[name] },
  ]),
) as Record<TextName, Text>

function hashOf(sources: readonly RulebookSource[]): string {
  const hash = createHash('sha256')
  for (const { text } of sources) hash.update(text).update('\0')
  return hash.digest('hex').slice(0, 16)
}

const isError = (problem: Problem) => problem.severity === 'error'
const nowhere = (message: string): Problem => ({
  file: 'config/bot',
  line: 1,
  column: 1,
  path: '',
  message,
  severity: 'error',
})
