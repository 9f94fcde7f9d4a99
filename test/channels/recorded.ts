/** The recorded payloads of every kind: what came, and what is made of it. A mail is an .eml, read by a test of its own. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { kinds } from '../../src/channels/index.ts'
import type { InboundEvent } from '../../src/core/model.ts'

export interface Case {
  name: string
  source?: string
  given: unknown
  expect: InboundEvent[]
}

export const receivedAt = new Date('2026-05-28T10:00:00Z')
export const loaded = await Promise.all(Object.entries(kinds).map(async ([name, load]) => [name, await load()] as const))
export const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

export function casesOf(kind: string): Case[] {
  const folder = path.join(import.meta.dirname, kind, 'cases')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file): Case[] => {
      const read = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Partial<Case>
      // A mail that cannot be read has only a reason beside it.
      return 'given' in read && 'expect' in read ? [{ name: file.replace(/\.json$/, ''), ...(read as Omit<Case, 'name'>) }] : []
    })
}
