/** Who wrote a mail and to whom, from headers that anybody may have written. */

import type { AddressObject, EmailAddress, ParsedMail } from 'mailparser'
import { normaliseAddress, withoutTag, type Mailbox } from './addresses.ts'
import { cleanLine } from './words.ts'

/** More than one From, in one header or in two, names nobody: what one program checked another would show. */
export function sendersOf(
  parsed: ParsedMail,
  fields: [string, string][],
  forms: string[],
): { list: Mailbox[]; problem?: string; replyTo?: string } {
  const headers = fields.filter(([name]) => name === 'from')
  const entries = flat(parsed.from?.value ?? [])
  if (headers.length === 0 || entries.length === 0) return { list: [], problem: 'missing' }
  const list = mailboxes(entries)
  if (headers.length > 1 || entries.length > 1) return { list, problem: 'several' }
  const [from] = list
  if (!from) return { list: [], problem: 'invalid' }
  const replies = mailboxes(flat(parsed.replyTo?.value ?? []))
  const [replyTo] = replies
  if (!replyTo || replies.length > 1 || replyTo.address === from.address) return { list }
  if (forms.includes(from.address)) return { list: [replyTo] }
  // Anybody can write Reply-To: an answer goes to From, and people see that another address was asked for.
  return { list, replyTo: replyTo.address }
}

function flat(entries: EmailAddress[], depth = 0): EmailAddress[] {
  return entries
    .slice(0, 1_000)
    .flatMap((entry) => (entry.group ? (depth > 3 ? [] : flat(entry.group, depth + 1)) : [entry]))
}

function mailboxes(entries: EmailAddress[]): Mailbox[] {
  return entries.flatMap(({ address, name }) => {
    const normal = normaliseAddress(address ?? '')
    if (normal === undefined) return []
    const said = cleanLine(name, 100)
    return [{ address: normal, ...(said !== '' && said.toLowerCase() !== normal && { name: said }) }]
  })
}

export function addressIn(value: string): string | undefined {
  return normaliseAddress(/<([^<>]+)>\s*$/.exec(value)?.[1] ?? value)
}

const listed = (header: AddressObject | AddressObject[] | undefined): Mailbox[] =>
  mailboxes(flat([header ?? []].flat().flatMap(({ value }) => value)))

export function recipientsOf(parsed: ParsedMail, fields: [string, string][], rcptTo: string[]): string[] {
  const delivered = fields
    .filter(([name]) => ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to'].includes(name))
    .map(([, value]) => addressIn(value))
  const envelope = rcptTo.map((to) => normaliseAddress(to))
  return [
    ...listed(parsed.to).map(({ address }) => address),
    ...listed(parsed.cc).map(({ address }) => address),
    ...envelope,
    ...delivered,
  ].filter((address) => address !== undefined)
}

/** Who else was written to: shown, never answered. */
export function others(parsed: ParsedMail, own: string[], from: string | undefined): Mailbox[] {
  const seen = new Set([...own, from])
  return [...listed(parsed.to), ...listed(parsed.cc)]
    .filter(({ address }) => {
      if (seen.has(withoutTag(address).address)) return false
      seen.add(address)
      return true
    })
    .slice(0, 50)
}
