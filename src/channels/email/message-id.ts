/** Our Message-IDs. Each names the delivery, the thread and the addressee, signed, so that nobody can guess one. */

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export interface OurId {
  id: string
  key: string
  thread: string
  /** Says to whom it went, to those who know the secret. */
  tag: string
}

const ours = /^<([A-Za-z0-9_-]{1,100}|~[A-Za-z0-9_-]{1,140})\.([0-9a-f]{16})\.([0-9a-f]{12})\.([0-9a-f]{24})@([^@>]+)>$/

/** Short name of a thread: what `Sender.thread` holds, and what our ids carry. */
export function threadOf(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 16)
}

/** The same parts always give the same id: a mail sent again is the same mail. */
export function signId(parts: { key: string; thread: string; to: string; domain: string }, secret: string): string {
  const key = /^[A-Za-z0-9_-]{1,100}$/.test(parts.key) ? parts.key : `~${Buffer.from(parts.key).toString('base64url')}`
  const signed = `${key}.${parts.thread}.${tagOf(parts.to, secret)}`
  return `<${signed}.${mac(signed, secret, 24)}@${parts.domain}>`
}

/** undefined: not one of ours, or forged. */
export function readId(id: string, secret: string): OurId | undefined {
  const [, key, thread, tag, signature] = ours.exec(id) ?? []
  if (!key || !thread || !tag || !signature) return undefined
  if (!same(signature, mac(`${key}.${thread}.${tag}`, secret, 24))) return undefined
  return { id, key: key.startsWith('~') ? Buffer.from(key.slice(1), 'base64url').toString() : key, thread, tag }
}

export function wentTo(id: OurId, address: string, secret: string): boolean {
  return same(id.tag, tagOf(address, secret))
}

/** A bounce address that names the mail it is about: `geral+b.KEY.MAC@cm.pt`. */
export function bounceTag(key: string, secret: string): string {
  const plain = Buffer.from(key).toString('hex')
  return `b.${plain}.${mac(`bounce ${plain}`, secret, 16)}`
}

export function readBounceTag(tag: string, secret: string): string | undefined {
  const [, plain, signature] = /^b\.([0-9a-f]{2,128})\.([0-9a-f]{16})$/.exec(tag) ?? []
  if (!plain || !signature || !same(signature, mac(`bounce ${plain}`, secret, 16))) return undefined
  return Buffer.from(plain, 'hex').toString()
}

const tagOf = (to: string, secret: string): string => mac(`to ${to}`, secret, 12)

function mac(text: string, secret: string, length: number): string {
  return createHmac('sha256', secret).update(`message-id ${text}`).digest('hex').slice(0, length)
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
