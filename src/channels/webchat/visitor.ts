/** Who writes: a secret that the visitor's browser made. We keep its hash, so nobody can read by what we know. */

import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIPv6 } from 'node:net'
import type { Address } from '../../core/model.ts'

/** 32 random bytes in base64url. */
const token = /^Bearer ([A-Za-z0-9_-]{43})$/

/** undefined: none, or not in the shape of one. */
export function addressOf(authorization: string | undefined): Address | undefined {
  const given = token.exec(authorization ?? '')?.[1]
  // A page whose random numbers are broken would give all its visitors one conversation.
  if (!given || new Set(given).size < 12) return undefined
  return createHash('sha256').update('balcao webchat visitor\0').update(given).digest('hex')
}

/** Our own machine or network: a reverse proxy of the town, whose word about the address is taken. */
const nearby = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cd][0-9a-f]{2}:|fe80:)/i

/** For limits only: whose internet connection it is. IPv6 by network, because one person holds 2^64 of them. */
export function networkOf({ socket, headers }: IncomingMessage): string {
  const peer = plain(socket.remoteAddress ?? '')
  const forwarded = headers['x-forwarded-for']
  const named = plain(String(forwarded ?? '').split(',').at(-1)!.trim())
  const address = nearby.test(peer) && named ? named : peer
  return isIPv6(address) ? `${expand(address).slice(0, 4).join(':')}::/64` : address
}

const plain = (address: string) => address.replace(/^::ffff:/i, '')

function expand(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  return [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after]
}
