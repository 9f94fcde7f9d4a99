/** A file that a vendor serves, never longer than its limit: a length that was declared can lie. */

import { Readable, Transform } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'

export interface Download {
  body: Readable
  mimeType?: string
  bytes?: number
}

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
