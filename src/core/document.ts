/** A YAML file that a person wrote: read, checked against a shape, and every problem said with its line and column. */

import { isCollection, isPair, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml'
import type { z } from 'zod'

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

type Path = readonly PropertyKey[]

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

/** The value in its shape, or undefined with the reasons. */
export function fitShape<Shape extends z.ZodType>(document: YamlDocument, shape: Shape) {
  if (document.value === undefined) return { value: undefined, problems: document.problems }
  const isBroken = document.problems.some((each) => each.severity === 'error')
  const result = shape.safeParse(document.value, { reportInput: true })
  if (result.success) return { value: isBroken ? undefined : result.data as z.infer<Shape>, problems: document.problems }
  const problems = result.error.issues.flatMap((issue) => say(document, shape, issue, []))
  return { value: undefined, problems: [...document.problems, ...problems] }
}

type Issue = z.core.$ZodIssue

function say(document: YamlDocument, shape: z.ZodType, issue: Issue, above: Path): Problem[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearest(key, keysAt(shape, path))
      // What reads like a sentence was cut out of one.
      const comma = key.includes(' ') ? ': a comma within { } begins a new key; put the text between quotes' : ''
      const hint = near ? `: did you mean "${near}"?` : comma
      return document.problem([...path, key], `unknown key "${key}"${hint}`)
    })
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that got furthest is what the author meant.
    const depth = (issues: Issue[]) =>
      Math.max(...issues.map((each) => each.path.length + (isTypeIssue(each) ? 0 : 0.5)))
    const best = issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0]!
    if (depth(best) > 0) return best.flatMap((each) => say(document, shape, each, path))
    return [
      document.problem(
        path,
        `none of the allowed forms: ${[...new Set(issue.errors.flat().map((each) => each.message))].join('; or ')}`,
      ),
    ]
  }
  if (issue.code === 'invalid_value' && typeof issue.input === 'string') {
    const near = nearest(issue.input, issue.values.map(String))
    return [document.problem(path, near ? `${issue.message}: did you mean "${near}"?` : issue.message)]
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return [document.problem(path, issue.message.startsWith('Invalid input') ? `missing: expected ${issue.expected}` : `missing: ${issue.message}`)]
  }
  return [document.problem(path, issue.message)]
}

const isTypeIssue = (issue: Issue) => issue.code === 'invalid_type' && issue.path.length === 0

/** The keys that the shape knows at a path, through optionals, records, arrays and unions. */
function keysAt(shape: z.ZodType, path: Path): string[] {
  const def = (shape as unknown as { def: ShapeDef }).def
  if (def.innerType) return keysAt(def.innerType, path)
  if (def.in) return keysAt(def.in, path)
  if (def.options) return def.options.flatMap((each) => keysAt(each, path))
  if (def.getter) return keysAt(def.getter(), path)
  const [step, ...rest] = path
  if (step === undefined) return def.shape ? Object.keys(def.shape) : []
  const inside = def.shape?.[String(step)] ?? def.valueType ?? def.element
  return inside ? keysAt(inside, rest) : []
}

interface ShapeDef {
  innerType?: z.ZodType
  in?: z.ZodType
  getter?: () => z.ZodType
  options?: z.ZodType[]
  shape?: Record<string, z.ZodType>
  valueType?: z.ZodType
  element?: z.ZodType
}

/** The word that was meant, if one is near enough. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const each of known) {
    const steps = distance(word.toLowerCase(), each.toLowerCase())
    if (steps < least) [best, least] = [each, steps]
  }
  return best
}

/** Letters added, left out, changed, or two of them the wrong way round. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwapped) next[j] = Math.min(next[j]!, before[j - 2]! + 1)
    }
    before = row
    row = next
  }
  return row[b.length]!
}

export function formatProblem(problem: Problem): string {
  const where = problem.path === '' ? '' : `${problem.path}: `
  return `${problem.file}:${problem.line}:${problem.column} ${problem.severity === 'warning' ? 'warning: ' : ''}${where}${problem.message}`
}
