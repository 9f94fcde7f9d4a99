/** { env: NAME } and { file: PATH } in the file become values that are never printed. */

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Problem, YamlDocument } from '../core/document.ts'
import { Secret } from '../core/secret.ts'

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  /** Where relative paths start: the folder of the file that names them. */
  folder: string
}

export interface Resolved {
  value: unknown
  problems: Problem[]
  /** The files that secrets were read from. */
  files: string[]
  /** Where a part that is switched off lacks its secret. */
  absent: Set<string>
}

/** A copy of the document's value with the secrets in it. `isIdle`: a part that is switched off may lack its secrets. */
export async function resolveSecrets(document: YamlDocument, from: Surroundings, isIdle: (path: readonly PropertyKey[]) => boolean): Promise<Resolved> {
  const problems: Problem[] = []
  const files: string[] = []
  const absent = new Set<string>()

  const resolveOne = async (path: PropertyKey[], reference: Reference): Promise<Secret> => {
    const found = await lookUp(reference, from, files)
    if (found.value === undefined) {
      if (isIdle(path)) absent.add(path.map(String).join('.'))
      else problems.push(document.problem(path, found.reason))
    }
    return new Secret(found.value ?? '')
  }
  const walk = async (value: unknown, path: PropertyKey[]): Promise<unknown> => {
    if (isReference(value)) return resolveOne(path, value)
    if (Array.isArray(value)) return Promise.all(value.map((each, index) => walk(each, [...path, index])))
    if (typeof value !== 'object' || value === null) return value
    const entries = await Promise.all(Object.entries(value)
      // `connections:` with nothing but comments below it is the same as leaving it out.
      .filter(([, each]) => each !== null)
      .map(async ([key, each]) => [key, await walk(each, [...path, key])] as const))
    return Object.fromEntries(entries)
  }
  return { value: await walk(document.value, []), problems, files, absent }
}

type Reference = { env: string } | { file: string }

function isReference(value: unknown): value is Reference {
  if (typeof value !== 'object' || value === null) return false
  const [[key, inside] = [], ...more] = Object.entries(value)
  return more.length === 0 && (key === 'env' || key === 'file') && typeof inside === 'string'
}

async function lookUp(reference: Reference, { env, folder }: Surroundings, files: string[]): Promise<{ value?: string; reason: string }> {
  if ('env' in reference) {
    const value = env[reference.env]
    return value ? { value, reason: '' } : { reason: `the environment variable ${reference.env} is ${value === '' ? 'empty' : 'not set'}` }
  }
  const path = resolve(folder, reference.file)
  files.push(path)
  try {
    const value = (await readFile(path, 'utf8')).replace(/\r?\n$/, '')
    return value ? { value, reason: '' } : { reason: `the file ${path} is empty` }
  } catch (error) {
    return { reason: `the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})` }
  }
}
