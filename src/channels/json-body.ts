/** The JSON object that a vendor posts, or why it is none. */

import { type Fields, fields } from './fields.ts'

/** JSON.parse takes any depth, JSON.stringify does not: such a thing could never be stored. */
const deepest = 100

export type Parsed = { value: Fields; problem?: never } | { value?: never; problem: string }

export function parseBody(raw: Buffer): Parsed {
  if (depth(raw) > deepest) return { problem: `nested more than ${deepest} deep` }
  try {
    const value = fields(JSON.parse(raw.toString('utf8')))
    return value ? { value } : { problem: 'not a JSON object' }
  } catch {
    return { problem: 'not JSON' }
  }
}

function depth(raw: Buffer): number {
  let now = 0
  let most = 0
  let quoted = false
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i]
    if (quoted && byte === 0x5c) i += 1
    else if (byte === 0x22) quoted = !quoted
    else if (!quoted && (byte === 0x7b || byte === 0x5b)) most = Math.max(most, (now += 1))
    else if (!quoted && (byte === 0x7d || byte === 0x5d)) now -= 1
  }
  return most
}
