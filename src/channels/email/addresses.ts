/** What counts as one e-mail address. One strict reading, used for identity and for every envelope. */

import { domainToASCII } from 'node:url'

export interface Mailbox {
  address: string
  name?: string
}

// No quoted local parts, no comments: libraries have disagreed on where such an address ends, and mail went astray.
const local = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const domain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** Lower case, NFC, ASCII domain; undefined when it is not plainly one address. */
export function normaliseAddress(text: string): string | undefined {
  const trimmed = text.trim().normalize('NFC')
  if (trimmed.length === 0 || trimmed.length > 254) return undefined
  const at = trimmed.lastIndexOf('@')
  if (at < 1 || trimmed.indexOf('@') !== at) return undefined
  const left = trimmed.slice(0, at).toLowerCase()
  const right = domainToASCII(
    trimmed
      .slice(at + 1)
      .replace(/\.$/, '')
      .toLowerCase(),
  )
  if (left.length > 64 || !local.test(left) || !domain.test(right)) return undefined
  return `${left}@${right}`
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** `balcao+b.xyz@cm.pt` → { address: 'balcao@cm.pt', tag: 'b.xyz' }. */
export function withoutTag(address: string): { address: string; tag?: string } {
  const at = address.lastIndexOf('@')
  const plus = address.indexOf('+')
  if (plus < 1 || plus > at) return { address }
  return { address: address.slice(0, plus) + address.slice(at), tag: address.slice(plus + 1, at) }
}
