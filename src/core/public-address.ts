/** Requests that reach public addresses alone: looked at where the connection is made. */

import { lookup as dnsLookup } from 'node:dns'
import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIPv4, isIPv6, type LookupFunction } from 'node:net'

export class FetchRefused extends Error {
  override name = 'FetchRefused'
}

/** Two lists: one list would take every IPv4 address for its mapped IPv6 form. */
const closed4 = new BlockList()
const closed6 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 3],
] as const) closed4.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['::', 128], ['::1', 128], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8], ['::ffff:0:0', 96], ['64:ff9b::', 96], ['2002::', 16], ['2001::', 32],
] as const) closed6.addSubnet(network, prefix, 'ipv6')

/** True for addresses that only this machine, or only the town's own network, can reach. */
export function isPrivate(address: string): boolean {
  if (isIPv4(address)) return closed4.check(address, 'ipv4')
  return !isIPv6(address) || closed6.check(address, 'ipv6')
}

/** An address in place of a name is never looked up, so nobody else would see it. */
function isPrivateLiteral({ hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return (isIPv4(bare) || isIPv6(bare)) && isPrivate(bare)
}

/** Checked where the connection is made: a name that answers differently the second time gains nothing. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0)
    const found = addresses as { address: string; family: number }[]
    if (found.length === 0 || found.some(({ address }) => isPrivate(address))) return callback(new FetchRefused('a private address') as NodeJS.ErrnoException, '', 0)
    if (options.all) return (callback as unknown as (error: null, addresses: unknown) => void)(null, found)
    callback(null, found[0]!.address, found[0]!.family)
  })
}

/** By http or https, on a connection of its own; follows no redirect. Throws FetchRefused, or lets the request end with it, for a private address that is not allowed. */
export function openRequest(target: URL, { allowPrivate, ...options }: RequestOptions & { allowPrivate: boolean }): ClientRequest {
  if (!allowPrivate && isPrivateLiteral(target)) throw new FetchRefused('a private address')
  const open = target.protocol === 'https:' ? httpsRequest : httpRequest
  return open(target, { ...options, agent: false, ...(!allowPrivate && { lookup: publicOnly }) })
}
