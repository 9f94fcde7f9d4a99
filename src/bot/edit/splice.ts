/** Puts a phrase or an answer into a file that a person wrote: every other letter of it stays as it was. */

import { isDeepStrictEqual } from 'node:util'
import { isMap, isPair, isScalar, isSeq, parse, parseDocument, stringify, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Language } from '../../core/model.ts'

/** `firstLanguage`: in which a list without a language is. */
export interface Example { section: 'answers' | 'forms'; id: string; language: Language; firstLanguage: Language; phrase: string }

export function addExample(text: string, { section, id, language, firstLanguage, phrase }: Example): string {
  const document = parseDocument(text)
  const entry = document.getIn([section, id])
  if (!isMap(entry)) throw new Error(`${section}.${id} is not written out in this file`)
  const path = [section, id, 'examples']
  const examples = document.getIn(path)
  const isBare = isSeq(examples)
  const known = (isBare ? { [firstLanguage]: examples.toJSON() as string[] } : (isMap(examples) ? examples.toJSON() : {})) as Record<string, string[]>
  const all = [...(known[language] ?? []), phrase]
  const wanted = isBare && language === firstLanguage ? all : { ...known, [language]: all }
  const list = isBare ? examples : document.getIn([...path, language])
  const inFlow = `{ ${language}: [${inFlowStyle(phrase)}] }`
  const spliced = isSeq(list) && (!isBare || language === firstLanguage)
    ? intoList(text, list, phrase)
    : isMap(examples) ? intoMap(text, examples, `${language}: [${inFlowStyle(phrase)}]`) : intoMap(text, entry, `examples: ${inFlow}`, ['keywords', 'question'])
  document.setIn(path, document.createNode(wanted))
  return faithful(spliced, document)
}

/** At the end of the answers of that file. */
export function addAnswer(text: string, id: string, answer: object): string {
  const document = parseDocument(text)
  const answers = document.get('answers')
  const written = stringify({ [id]: answer }, { lineWidth: 110, singleQuote: true }).trimEnd()
  const spliced = isMap(answers) && !answers.flow ? intoMap(text, answers, written, [], '\n') : undefined
  document.setIn(['answers', id], document.createNode(answer))
  return faithful(spliced, document)
}

/** A splice in the wrong place must not be: where it says anything else than it should, the whole file is written anew. */
function faithful(spliced: string | undefined, wanted: ReturnType<typeof parseDocument>): string {
  try {
    if (spliced !== undefined && isDeepStrictEqual(parse(spliced), wanted.toJS())) return spliced
  } catch {
    // It is not even YAML.
  }
  return wanted.toString({ lineWidth: 0 })
}

function intoList(text: string, list: YAMLSeq, phrase: string): string | undefined {
  const last = list.items.at(-1) as Node | undefined
  const end = last?.range?.[1]
  if (!list.range) return undefined
  if (!last || end === undefined) return list.flow ? `${text.slice(0, list.range[0])}[${inFlowStyle(phrase)}]${text.slice(list.range[1])}` : undefined
  if (!list.flow) return insertLine(text, end, `${' '.repeat(columnOf(text, list.range[0]))}- ${inBlockStyle(phrase)}`)
  const start = last.range![0]
  // One phrase a line, where it is so already.
  const isOnItsOwnLine = text.slice(lineStart(text, start), start).trim() === ''
  const before = isOnItsOwnLine ? `\n${' '.repeat(columnOf(text, start))}` : ' '
  return `${text.slice(0, end)},${before}${inFlowStyle(phrase)}${text.slice(end)}`
}

/** Behind the last of the keys named, or behind all. */
function intoMap(text: string, map: YAMLMap, written: string, behind: string[] = [], gap = ''): string | undefined {
  const pairs = map.items as Pair<Node, Node | null>[]
  const named = behind.map((key) => pairs.find((pair) => isPair(pair) && isScalar(pair.key) && pair.key.value === key)).find(Boolean)
  const before = named ?? pairs.at(-1)
  const end = before?.value?.range?.[1]
  const first = pairs[0]?.key.range?.[0]
  if (end === undefined || first === undefined) return undefined
  if (map.flow) return `${text.slice(0, end)}, ${written}${text.slice(end)}`
  const indent = ' '.repeat(columnOf(text, first))
  return insertLine(text, end, gap + written.split('\n').map((line) => (line === '' ? line : indent + line)).join('\n'))
}

/** As a line of its own below the line in which `end` is. */
function insertLine(text: string, end: number, line: string): string {
  const last = text[end - 1] === '\n' ? end - 1 : end
  const newline = text.indexOf('\n', last)
  const at = newline < 0 ? text.length : newline
  // A file from Windows keeps its line ends.
  const isWindows = text[at - 1] === '\r'
  const rows = isWindows ? line.replaceAll('\n', '\r\n') : line
  return isWindows ? `${text.slice(0, at - 1)}\r\n${rows}${text.slice(at - 1)}` : `${text.slice(0, at)}\n${rows}${text.slice(at)}`
}

const lineStart = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1
const columnOf = (text: string, at: number) => at - lineStart(text, at)
const inFlowStyle = (phrase: string) => stringify([phrase], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0, singleQuote: true }).trim().slice(1, -1)
const inBlockStyle = (phrase: string) => stringify([phrase], { lineWidth: 0, singleQuote: true, blockQuote: false }).trim().slice(2)
