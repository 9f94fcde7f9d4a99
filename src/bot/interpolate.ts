/** `{{ path | filter: 'argument' }}` in texts. No loops, no expressions; checked when the rulebook is read. */

import { nearest } from '../core/nearest.ts'
import type { Language } from '../core/model.ts'
import { amount, calendarDay, clock, moment } from './wording.ts'

/** Nested facts; a value that is missing is an empty text. */
export interface Values {
  [name: string]: string | number | Date | null | undefined | Values
}

export interface Manner {
  language: Language
  timeZone: string
  now: Date
}

type Value = string | number | Date | null | undefined
type Filter = (value: Value, argument: string | undefined, manner: Manner) => Value

const asDate = (value: Value) =>
  value instanceof Date
    ? value
    : typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value)
      ? new Date(value.length === 10 ? `${value}T12:00:00Z` : value)
      : undefined

const filters: Record<string, Filter> = {
  /** «hoje às 14:00», «amanhã às 09:00», «segunda-feira, 30 de novembro, às 09:00». */
  moment: (value, _, manner) => {
    const date = asDate(value)
    return date && moment(date, manner)
  },
  date: (value, _, manner) => {
    const date = asDate(value)
    return date && calendarDay(date, manner)
  },
  time: (value, _, manner) => {
    const date = asDate(value)
    return date && clock(date, manner)
  },
  default: (value, argument) => (value === undefined || value === null || value === '' ? argument : value),
  upper: (value) => text(value).toUpperCase(),
  lower: (value) => text(value).toLowerCase(),
  /** «Maria João Silva» → «Maria». */
  first: (value) => text(value).trim().split(/\s+/)[0],
  euros: (value, _, manner) => (Number.isFinite(Number(value)) ? amount(Number(value), manner.language) : value),
}

const placeholder = /\{\{([^{}]*)\}\}/g
const inside = /^\s*([A-Za-z][\w-]*(?:\.[A-Za-z0-9][\w-]*)*)((?:\s*\|\s*[a-z]+(?:\s*:\s*'[^']*')?)*)\s*$/
const oneFilter = /\|\s*([a-z]+)(?:\s*:\s*'([^']*)')?/g

export function interpolate(template: string, values: Values, manner: Manner): string {
  if (!template.includes('{{')) return template
  return template.replace(placeholder, (_, content: string) => {
    const match = inside.exec(content)
    if (!match) return ''
    let value = lookUp(values, match[1]!)
    for (const [, name, argument] of match[2]!.matchAll(oneFilter)) value = filters[name!]?.(value, argument, manner)
    return value instanceof Date ? moment(value, manner) : text(value)
  })
}

function lookUp(values: Values, path: string): Value {
  let value: Value | Values = values
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || value instanceof Date || !Object.hasOwn(value, name))
      return undefined
    value = value[name]
  }
  return typeof value === 'object' && value !== null && !(value instanceof Date) ? undefined : value
}

function text(value: Value): string {
  if (value === null || value === undefined) return ''
  // What a citizen or a server wrote stays on its line and short: it must not be able to look like our own words.
  return value instanceof Date ? value.toISOString() : String(value).slice(0, 1000)
}

/** What is wrong with a template, given the paths that may stand in it; `x.*` allows everything below x. */
export function templateProblems(template: string, known: readonly string[]): string[] {
  const problems: string[] = []
  for (const [whole, content] of template.matchAll(placeholder)) {
    const match = inside.exec(content!)
    if (!match) {
      problems.push(`${whole} is not understood: write {{ path | filter: 'argument' }}`)
      continue
    }
    const path = match[1]!
    if (!known.some((each) => each === path || (each.endsWith('.*') && path.startsWith(each.slice(0, -1))))) {
      const near = nearest(path, known)
      problems.push(`unknown variable "${path}"${near ? `: did you mean "${near}"?` : ''}`)
    }
    for (const [, name] of match[2]!.matchAll(oneFilter)) {
      if (Object.hasOwn(filters, name!)) continue
      const near = nearest(name!, Object.keys(filters))
      problems.push(
        `unknown filter "${name}"${near ? `: did you mean "${near}"?` : `; there are ${Object.keys(filters).join(', ')}`}`,
      )
    }
  }
  const rest = template.replace(placeholder, '')
  if (rest.includes('{{') || rest.includes('}}')) problems.push('"{{" without its "}}", or the other way round')
  return problems
}
