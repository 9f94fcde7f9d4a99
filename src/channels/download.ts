/** A file that a vendor serves: from a public address, and never longer than its limit. */

import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable, Transform } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { FetchRefused, isPrivateLiteral, publicOnly } from '../core/public-address.ts'

export interface Download {
  body: Readable
  mimeType?: string
  bytes?: number
}

/** Meta gives no file to who does not say what it is. */
const userAgent = 'balcao'

/**
 * Follows nothing: a redirect is an answer. `configured`: config names this very origin, so it may be a private one.
 * Rejects with FetchRefused for a private address, and with the socket's own error otherwise.
 */
export function get(
  url: URL,
  { headers = {}, signal, configured }: { headers?: Record<string, string>; signal: AbortSignal; configured: boolean },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (!configured && isPrivateLiteral(url)) return reject(new FetchRefused('a private address'))
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const request = send(url, {
      headers: { 'user-agent': userAgent, ...headers },
      signal,
      agent: false,
      ...(!configured && { lookup: publicOnly }),
    })
    request.on('response', (answer) => resolve(asResponse(answer)))
    request.on('error', reject)
    request.end()
  })
}

function asResponse(answer: IncomingMessage): Response {
  const status = answer.statusCode ?? 500
  const isEmpty = status === 204 || status === 205 || status === 304
  if (isEmpty) answer.resume()
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values]) => (values ?? []).map((value): [string, string] => [name, value]))
  return new Response(isEmpty ? null : (Readable.toWeb(answer) as globalThis.ReadableStream), { status, headers })
}

/** A length that was declared can lie: what comes is counted. */
export async function opened(response: Response, limit: number): Promise<Download> {
  const bytes = Number(response.headers.get('content-length')) || undefined
  if (!response.ok || !response.body || (bytes ?? 0) > limit) {
    await response.body?.cancel()
    throw response.ok && response.body ? tooBig(limit) : new Error(`download refused with ${response.status}`)
  }
  const mimeType = response.headers.get('content-type') ?? undefined
  const body = Readable.fromWeb(response.body as ReadableStream).compose(atMost(limit)) as Readable
  return { body, ...(mimeType && { mimeType }), ...(bytes && { bytes }) }
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
