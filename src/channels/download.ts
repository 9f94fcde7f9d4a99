/** A file that a vendor serves, or takes: at a public address, and never longer than its limit. */

import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { type Readable, Transform } from 'node:stream'
import { openRequest } from '../core/public-address.ts'

export interface Download {
  body: Readable
  mimeType?: string
  bytes?: number
}

export interface Asked {
  headers?: OutgoingHttpHeaders
  signal: AbortSignal
  /** Config names this very origin, so it may be a private one. */
  configured: boolean
}

/** Meta gives no file to who does not say what it is. */
const userAgent = 'balcao'

/** Follows nothing: a redirect is an answer. Rejects with FetchRefused for a private address, and with the socket's own error otherwise. */
export function get(url: URL, { headers, signal, configured }: Asked): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    openRequest(url, { headers: { 'user-agent': userAgent, ...headers }, signal, allowPrivate: configured })
      .on('response', resolve).on('error', reject).end()
  })
}

/** As get. Resolves with the status once the whole answer is there. */
export function put(url: URL, bytes: Buffer, { headers, signal, configured }: Asked): Promise<number> {
  return new Promise((resolve, reject) => {
    openRequest(url, { method: 'PUT', headers: { 'user-agent': userAgent, 'content-length': bytes.length, ...headers }, signal, allowPrivate: configured })
      .on('response', (answer) => answer.resume().on('error', reject).on('end', () => resolve(answer.statusCode ?? 0)))
      .on('error', reject).end(bytes)
  })
}

/** A length that was declared can lie: what comes is counted. */
export function opened(answer: IncomingMessage, limit: number): Download {
  const { statusCode = 0, headers } = answer
  const bytes = Number(headers['content-length']) || undefined
  const isFile = statusCode === 200
  if (!isFile || (bytes ?? 0) > limit) {
    answer.destroy()
    throw isFile ? tooBig(limit) : new Error(`download refused with ${statusCode}`)
  }
  const mimeType = headers['content-type']
  return { body: answer.compose(atMost(limit)) as Readable, ...(mimeType && { mimeType }), ...(bytes && { bytes }) }
}

function atMost(limit: number): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > limit) done(tooBig(limit))
      else done(null, chunk)
    },
  })
}

export const tooBig = (limit: number) => new Error(`the file is larger than ${limit} bytes`)
