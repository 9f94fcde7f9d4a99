/** What a person wrote against the shape that is allowed: every problem in the words of whoever writes YAML. */

import type { z } from 'zod'
import type { Path, Problem, YamlDocument } from './document.ts'
import { nearest } from './nearest.ts'

/** The value in its shape, or undefined with the reasons. */
export function fitShape<Shape extends z.ZodType>(document: YamlDocument, shape: Shape) {
  if (document.value === undefined) return { value: undefined, problems: document.problems }
  const isBroken = document.problems.some((each) => each.severity === 'error')
  const result = shape.safeParse(document.value, { reportInput: true })
  if (result.success) return { value: isBroken ? undefined : result.data as z.infer<Shape>, problems: document.problems }
  const issues = [...result.error.issues, ...behindWrongOptions(document.value, shape, result.error.issues)]
  return { value: undefined, problems: [...document.problems, ...issues.flatMap((issue) => say(document, shape, issue, []))] }
}

type Issue = z.core.$ZodIssue
/** The word that chooses among several shapes is none of those allowed. */
type WrongOption = z.core.$ZodIssueInvalidUnion & { options?: unknown[] }

const isWrongOption = (issue: Issue): issue is WrongOption => issue.code === 'invalid_union' && issue.errors.length === 0

/** `mode: poling` hides the rest of its block from the check: what else would be wrong with the word that was meant. */
function behindWrongOptions(value: unknown, shape: z.ZodType, issues: Issue[]): Issue[] {
  const wrong = issues.filter(isWrongOption)
  if (wrong.length === 0) return []
  const meant = structuredCopy(value)
  for (const issue of wrong) {
    const block = issue.path.slice(0, -1).reduce<unknown>((each, key) => (each as Record<PropertyKey, unknown> | undefined)?.[key], meant)
    if (typeof block !== 'object' || block === null) return []
    const option = meantOption(issue)
    if (option === undefined) return []
    ;(block as Record<PropertyKey, unknown>)[issue.path.at(-1)!] = option
  }
  const known = new Set(issues.map((issue) => JSON.stringify(issue.path)))
  const second = shape.safeParse(meant, { reportInput: true })
  return second.success ? [] : second.error.issues.filter((issue) => !known.has(JSON.stringify(issue.path)))
}

/** Copies what is made of plain objects and lists, and keeps the rest (secrets) as it is. */
function structuredCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCopy)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, structuredCopy(each)]))
}

const optionsOf = (issue: WrongOption): string[] => (issue.options ?? []).filter((each) => typeof each === 'string')

function wordAt(issue: WrongOption): string {
  const word = (issue.input as Record<PropertyKey, unknown> | undefined)?.[issue.path.at(-1)!]
  return typeof word === 'string' ? word : ''
}

const meantOption = (issue: WrongOption) => nearest(wordAt(issue), optionsOf(issue)) ?? optionsOf(issue)[0]

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
  if (isWrongOption(issue)) {
    const near = nearest(wordAt(issue), optionsOf(issue))
    return [document.problem(path, `expected ${optionsOf(issue).map((each) => `"${each}"`).join(' or ')}${near ? `: did you mean "${near}"?` : ''}`)]
  }
  if (issue.code === 'invalid_union') {
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
  if (issue.code === 'invalid_value') {
    const near = typeof issue.input === 'string' ? nearest(issue.input, issue.values.map(String)) : undefined
    const expected = issue.message.startsWith('Invalid') ? `expected ${issue.values.map((each) => JSON.stringify(each)).join(' or ')}` : issue.message
    return [document.problem(path, near ? `${expected}: did you mean "${near}"?` : expected)]
  }
  if (issue.code === 'invalid_type') {
    const expected = issue.message.startsWith('Invalid input') ? `expected ${wordsFor[issue.expected] ?? issue.expected}` : issue.message
    return [document.problem(path, issue.input === undefined ? `missing: ${expected}` : expected)]
  }
  return [document.problem(path, issue.message)]
}

/** As whoever writes YAML would call it. */
const wordsFor: Readonly<Record<string, string>> = {
  string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list (lines that begin with "-")',
  object: 'a block of "key: value" lines', record: 'a block of "name: …" lines',
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
