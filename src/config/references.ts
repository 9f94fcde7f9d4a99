/** What one part of gateway.yaml says about another: departments that exist, languages that are spoken. */

import type { Problem, YamlDocument } from '../core/document.ts'
import { nearest } from '../core/nearest.ts'

type Path = (string | number)[]

/** Looks at the bare value, so that it can speak even when the shape is wrong elsewhere. */
export function checkReferences(document: YamlDocument): Problem[] {
  const at = (...path: Path) => path.reduce((value: unknown, key) => isObject(value) ? value[String(key)] : undefined, document.value)
  const keysOf = (value: unknown) => isObject(value) ? Object.keys(value) : []
  const problems: Problem[] = []

  const departments = keysOf(at('departments'))
  const mustExist = (...path: Path) => {
    const name = at(...path)
    if (typeof name !== 'string' || departments.includes(name)) return
    const near = nearest(name, departments)
    const instead = near ? `: did you mean "${near}"?` : departments.length > 0 ? `; there are ${departments.join(', ')}` : ''
    problems.push(document.problem(path, `there is no department "${name}"${instead}`))
  }
  mustExist('defaultDepartment')
  for (const path of pathsTo('department', at('channels'))) mustExist('channels', ...path)

  const languages = at('municipality', 'languages')
  const language = at('municipality', 'language') ?? 'pt'
  if (Array.isArray(languages) && !languages.includes(language)) {
    problems.push(document.problem(['municipality', 'languages'], `the first language, "${String(language)}", is not among them`))
  }
  if (at('video', 'mode') === 'public') {
    problems.push(document.problem(['video', 'mode'],
      'a public Jitsi asks the operator to log in with a stranger and ends embedded calls after minutes: for trying it out only', 'warning'))
  }
  const publicUrl = at('server', 'publicUrl')
  if (typeof publicUrl === 'string' && /^http:\/\/(?!localhost|127\.0\.0\.1)/.test(publicUrl)) {
    problems.push(document.problem(['server', 'publicUrl'],
      'without https, passwords and messages can be read on the way, and no vendor will call', 'warning'))
  }
  return problems
}

/** Kinds name departments deeper down too, such as those of a mailbox's aliases. */
function pathsTo(key: string, value: unknown): Path[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => pathsTo(key, each).map((path) => [index, ...path]))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([each, below]) =>
    each === key ? [[each]] : pathsTo(key, below).map((path) => [each, ...path]))
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
