/** Questions that the town has elsewhere (a sheet, its web page) → answers in YAML, with keywords suggested. */

import { readSheet } from 'read-excel-file/node'
import { stringify } from 'yaml'
import { dictionary, isGlue } from '../understand/dictionary.ts'
import { fold, words } from '../understand/normalise.ts'
import { atOnce } from '../understand/pieces.ts'
import { readTable } from './csv.ts'

export interface Imported {
  question: string
  answer: string
  topic?: string | undefined
  keywords?: string[] | undefined
}

export async function readImport(fileName: string, bytes: Buffer): Promise<Imported[]> {
  if (/\.xlsx$/i.test(fileName)) {
    const rows = await readSheet(bytes)
    return fromTable(rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? '' : String(cell)))))
  }
  const text = bytes.toString('utf8')
  if (/\.csv$/i.test(fileName)) return fromTable(readTable(text))
  if (/\.(json|jsonld|html?)$/i.test(fileName)) return fromPage(text)
  throw new Error(`${fileName}: expected a .csv, .xlsx, .json or .html file`)
}

const headings = {
  question: ['pergunta', 'questao', 'question', 'titulo'],
  answer: ['resposta', 'answer', 'texto'],
  topic: ['assunto', 'tema', 'topic', 'categoria'],
  keywords: ['palavras-chave', 'palavras chave', 'keywords', 'etiquetas'],
}

function fromTable([heading = [], ...rows]: string[][]): Imported[] {
  const column = (names: string[]) => heading.findIndex((cell) => names.includes(fold(cell).trim()))
  const [question, answer, topic, keywords] = [
    headings.question,
    headings.answer,
    headings.topic,
    headings.keywords,
  ].map(column) as [number, number, number, number]
  if (question < 0 || answer < 0) throw new Error('the first row must name the columns «pergunta» and «resposta»')
  return rows.flatMap((row) => {
    const cell = (at: number) => row[at]?.trim() ?? ''
    if (cell(question) === '' || cell(answer) === '') return []
    const own = cell(keywords)
      .split(/[;,|]/)
      .map((each) => each.trim())
      .filter((each) => each !== '')
    return [
      {
        question: cell(question),
        answer: cell(answer),
        topic: slug(cell(topic)) || undefined,
        keywords: own.length > 0 ? own : undefined,
      },
    ]
  })
}

/** schema.org's FAQPage, alone or inside a web page. */
function fromPage(text: string): Imported[] {
  const blocks = [...text.matchAll(/<script[^>]*application\/ld\+json[^>]*>([\s\S]*?)<\/script>/gi)].map(
    ([, inside]) => inside ?? '',
  )
  const found = (blocks.length > 0 ? blocks : [text]).flatMap((block) => questionsIn(JSON.parse(block)))
  if (found.length === 0) throw new Error('there is no FAQPage in this file')
  return found
}

function questionsIn(node: unknown): Imported[] {
  if (Array.isArray(node)) return node.flatMap(questionsIn)
  if (typeof node !== 'object' || node === null) return []
  const { '@type': type, name, acceptedAnswer, '@graph': graph, mainEntity } = node as Record<string, unknown>
  const first: unknown = Array.isArray(acceptedAnswer) ? acceptedAnswer[0] : acceptedAnswer
  const answer = (first as { text?: unknown } | undefined)?.text
  if (type === 'Question' && typeof name === 'string' && typeof answer === 'string')
    return [{ question: plain(name), answer: plain(answer) }]
  return [...questionsIn(graph), ...questionsIn(mainEntity)]
}

function plain(html: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', apos: "'" }
  return html
    .replace(/<(?:br|\/p|\/li)[^>]{0,200}>/gi, '\n')
    .replace(/<[^>]{0,500}>/g, '')
    .replace(/&(\w{2,6});/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim()
}

export function asYaml(imported: readonly Imported[]): string {
  const ids = new Set<string>()
  const portuguese = atOnce(dictionary('pt'))
  const answers = Object.fromEntries(
    imported.map((each, at) => {
      let id = slug(each.question) || `pergunta-${at + 1}`
      while (ids.has(id)) id = `${id.slice(0, 44)}-${at + 1}`
      ids.add(id)
      return [
        id,
        {
          ...(each.topic === undefined ? {} : { topic: each.topic }),
          question: { pt: each.question },
          keywords: { pt: each.keywords ?? suggestKeywords(each.question, imported, portuguese) },
          examples: { pt: [] },
          say: { pt: each.answer },
          then: 'helpful',
        },
      ]
    }),
  )
  const advice = '# Imported. Keywords are suggestions: correct them, and add how people really ask, in examples.'
  return `${advice}\n${stringify({ answers }, { lineWidth: 110 })}`
}

/** What this question has and the others have not: neighbouring words first, then single ones. */
export function suggestKeywords(question: string, all: readonly Imported[], { weight } = atOnce(dictionary('pt'))): string[] {
  const among = new Map<string, number>()
  for (const other of all)
    for (const text of new Set(words(other.question).map((each) => each.text)))
      among.set(text, (among.get(text) ?? 0) + 1)
  const rare = (word: string) =>
    word.length > 2 ? weight(fold(word)) * Math.log(2 + all.length / (among.get(fold(word)) ?? 1)) : 0
  const said = question.match(/[\p{L}\p{N}-]+/gu) ?? []
  const found: { text: string; says: number }[] = []
  for (const [at, word] of said.entries()) {
    if (weight(fold(word)) < 1 || rare(word) === 0) continue
    found.push({ text: word.toLowerCase(), says: rare(word) })
    const next = said.findIndex((other, index) => index > at && !isGlue(fold(other)))
    if (next > at && next - at <= 3 && rare(said[next]!) > 0) {
      found.push({
        text: said
          .slice(at, next + 1)
          .join(' ')
          .toLowerCase(),
        says: rare(word) + rare(said[next]!),
      })
    }
  }
  return [...new Set(found.sort((a, b) => b.says - a.says).map(({ text }) => text))].slice(0, 4)
}

export function slug(text: string): string {
  const kept =
    fold(text)
      .match(/[a-z0-9]+/g)
      ?.filter(
        (word) => !isGlue(word) && !['como', 'posso', 'onde', 'quando', 'qual', 'quais', 'fazer'].includes(word),
      ) ?? []
  let id = ''
  for (const word of kept) if ((id + word).length < 40) id += `${id && '-'}${word}`
  return id
}
