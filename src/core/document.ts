/** A YAML file that a person wrote, and every problem in it with its line and column. */

import { isCollection, isPair, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml'

export interface Problem {
  file: string
  line: number
  column: number
  /** Where in the file, e.g. `answers.agua-pagar.say`. */
  path: string
  message: string
  /** Warnings are shown; only errors keep a file from being used. */
  severity: 'error' | 'warning'
}

export type Path = readonly PropertyKey[]

export interface YamlDocument {
  file: string
  value: unknown
  problems: Problem[]
  problem(path: Path, message: string, severity?: Problem['severity']): Problem
}

export function readDocument(text: string, file: string): YamlDocument {
  const strict = parse(text)
  const problems: Problem[] = [...strict.document.errors, ...strict.document.warnings].map((each): Problem => {
    const path = each.code === 'DUPLICATE_KEY' ? pathTo(strict.document, each.pos[0]) : []
    const message = each.code === 'DUPLICATE_KEY' ? `"${String(path.at(-1))}" stands here twice` : each.message
    return { file, ...strict.place(each.pos[0]), path: path.map(String).join('.'), message, severity: 'error' }
  })
  // What was meant is plain in spite of a tab or a doubled key: then the rest can be checked in the same go.
  const read = hasTabs.test(text) ? parse(text.replace(indents, (indent) => indent.replaceAll('\t', '  '))) : strict
  let value: unknown
  try {
    const isPlain = read.document.errors.every((each) => each.code === 'DUPLICATE_KEY')
    value = isPlain ? read.document.toJS({ maxAliasCount: 50 }) : undefined
    // Throws where a part contains itself, over which every walk would run for ever.
    JSON.stringify(value)
  } catch (error) {
    const message = error instanceof TypeError ? 'a part of this file contains itself (& and *)' : (error as Error).message
    problems.push({ file, line: 1, column: 1, path: '', message, severity: 'error' })
    value = undefined
  }
  return {
    file,
    value: value === null ? {} : value,
    problems,
    problem: (path, message, severity = 'error') =>
      ({ file, ...read.place(offsetOf(read.document.contents, path)), path: path.map(String).join('.'), message, severity }),
  }
}

/** A part of the file, read as a document of its own; its problems still carry their full path and line. */
export function partOf(document: YamlDocument, path: Path, value: unknown): YamlDocument {
  return { ...document, value, problems: [], problem: (below, message, severity) => document.problem([...path, ...below], message, severity) }
}

const hasTabs = /^ *\t/m
const indents = /^[ \t]+/gm

function parse(text: string) {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false })
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  return { document, place }
}

/** Which key begins at this place. */
function pathTo(document: Document.Parsed, offset: number): PropertyKey[] {
  let found: PropertyKey[] = []
  visit(document, {
    Pair: (_, pair, above) => {
      if (!isScalar(pair.key) || pair.key.range?.[0] !== offset) return undefined
      const keys = above.flatMap((each) => isPair(each) && isScalar(each.key) ? [String(each.key.value)] : [])
      found = [...keys, String(pair.key.value)]
      return visit.BREAK
    },
  })
  return found
}

/** The key itself where there is one; what is missing is reported where it should stand. */
function offsetOf(contents: unknown, path: Path): number {
  let node = contents as Node | null
  let offset = startOf(node)
  for (const step of path) {
    if (!isCollection(node)) break
    const item =
      typeof step === 'number'
        ? node.items[step]
        : node.items.find((each) => isPair(each) && isScalar(each.key) && String(each.key.value) === String(step))
    if (item === undefined) break
    node = (isPair(item) ? item.value : item) as Node | null
    offset = isPair(item) ? startOf(item.key as Node) : startOf(node)
  }
  return offset
}

function startOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0
}

export function formatProblem(problem: Problem): string {
  const where = problem.path === '' ? '' : `${problem.path}: `
  return `${problem.file}:${problem.line}:${problem.column} ${problem.severity === 'warning' ? 'warning: ' : ''}${where}${problem.message}`
}
