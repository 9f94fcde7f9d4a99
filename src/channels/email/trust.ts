/** What our own mail server found out about the sender: labels for people, never an identity. RFC 8601. */

import { domainOf } from './addresses.ts'

const methods = ['spf', 'dkim', 'dmarc', 'arc', 'compauth'] as const
const verdicts = new Set([
  'pass',
  'fail',
  'softfail',
  'neutral',
  'none',
  'policy',
  'temperror',
  'permerror',
  'bestguesspass',
])

/** `fields` in order of appearance: the newest, which our side wrote, come first. */
export function trustOf(
  fields: [name: string, value: string][],
  authServers: string[],
  from: string | undefined,
): Record<string, string> {
  const results = ownResults(fields, authServers)
  const labels: Record<string, string> = {}
  if (results === undefined) return { ...labels, sender: 'unverified' }
  let aligned = false
  for (const part of results.split(';')) {
    const [, method, verdict] = /^\s*([a-z]+)\s*=\s*([a-z]+)/i.exec(part)?.map((word) => word.toLowerCase()) ?? []
    const known = methods.find((name) => name === method)
    if (!known || !verdict || !verdicts.has(verdict)) continue
    // Several signatures: one that holds is enough.
    if (labels[known] !== 'pass') labels[known] = verdict
    if (verdict !== 'pass' || from === undefined) continue
    const about = /\b(?:header\.d|header\.i|smtp\.mailfrom|header\.from)\s*=\s*"?([^\s;"]+)/i
      .exec(part)?.[1]
      ?.toLowerCase()
    if (about !== undefined && known !== 'arc' && isUnder(domainOf(from), domainOf(about))) aligned = true
  }
  const verified = labels.dmarc === 'pass' || (labels.dmarc !== 'fail' && aligned)
  return { ...labels, sender: verified ? 'verified' : 'unverified' }
}

/**
 * Anybody may write this header. Ours is the one that names our server; when none is configured, one that stands above
 * the newest `Received`, where nobody outside can write.
 */
function ownResults(fields: [name: string, value: string][], authServers: string[]): string | undefined {
  const servers = authServers.map((name) => name.toLowerCase())
  for (const [name, value] of fields) {
    if (name === 'received' && servers.length === 0) return undefined
    if (name !== 'authentication-results') continue
    const [head = '', ...rest] = withoutComments(value).split(';')
    const id = head.trim().split(/\s+/)[0]?.toLowerCase() ?? ''
    if (servers.length === 0 || servers.includes(id))
      return id.includes('=') ? [head, ...rest].join(';') : rest.join(';')
    if (id.includes('=') && servers.includes('microsoft365')) return [head, ...rest].join(';')
  }
  return undefined
}

function withoutComments(value: string): string {
  let depth = 0
  let text = ''
  for (const character of value.slice(0, 8_000)) {
    if (character === '(') depth++
    else if (character === ')' && depth > 0) depth--
    else if (depth === 0) text += character
  }
  return text
}

function isUnder(domain: string, other: string): boolean {
  const bare = other.replace(/^@/, '')
  return bare.includes('.') && (domain === bare || domain.endsWith(`.${bare}`) || bare.endsWith(`.${domain}`))
}
