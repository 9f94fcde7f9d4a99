/** Bytes of what citizens sent: our token goes to Teams alone, and files come from Microsoft's hosts alone. */

import { Readable, Transform } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { TeamsConfig } from './config.ts'
import { failureOf } from './failures.ts'
import { isAllowed } from './service-urls.ts'
import type { Token } from './token.ts'

const mediaBytes = 50 * 1024 * 1024
const timeoutMs = 60_000

/** OneDrive for work, where a chat of two keeps its files. */
const fileHosts = ['*.sharepoint.com', '*.sharepoint-df.com', '*.svc.ms']

export async function download(
  config: TeamsConfig,
  token: Token,
  source: string,
  signal: AbortSignal,
): Promise<{ body: Readable; mimeType?: string; bytes?: number }> {
  const [, from, url] = /^(download|connector):(.+)$/s.exec(source) ?? []
  const hosts = from === 'connector' ? config.serviceUrls : [...fileHosts, ...config.serviceUrls.filter(isOrigin)]
  if (!url || !isAllowed(url, hosts)) throw new Error("teams: the address of this file is not one of Microsoft's")
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    headers: from === 'connector' ? { authorization: `Bearer ${await token.get()}` } : {},
  }).catch((error: unknown) => {
    // What fetch throws may name the address, and that alone opens the file.
    throw failureOf(error)
  })
  if (!response.ok || !response.body) {
    await response.body?.cancel()
    throw new Error(`teams: download refused with ${response.status}`)
  }
  const bytes = Number(response.headers.get('content-length')) || undefined
  if ((bytes ?? 0) > mediaBytes) {
    await response.body.cancel()
    throw tooBig()
  }
  const mimeType = response.headers.get('content-type') ?? undefined
  const body = Readable.fromWeb(response.body as ReadableStream).compose(atMost(mediaBytes)) as Readable
  return { body, ...(mimeType && { mimeType }), ...(bytes && { bytes }) }
}

const isOrigin = (pattern: string) => pattern.includes('://')

/** A declared length can lie. */
function atMost(limit: number): Transform {
  let seen = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length
      if (seen > limit) done(tooBig())
      else done(null, chunk)
    },
  })
}

const tooBig = () => new Error(`teams: the file is larger than ${mediaBytes} bytes`)
