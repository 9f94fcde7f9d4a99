/** Bytes of what citizens sent. https://core.telegram.org/bots/api#getfile */

import { Readable, Transform } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Api } from './api.ts'
import { failureOf } from './failures.ts'
import { fields, number, word } from './fields.ts'

/** Telegram gives bots no more. */
const downloadBytes = 20 * 1024 * 1024

export async function download(
  api: Api,
  fileId: string,
  signal: AbortSignal,
): Promise<{ body: Readable; bytes?: number }> {
  const file = fields(
    await api.call('getFile', { file_id: fileId }, signal).catch((error: unknown) => {
      throw failureOf(error)
    }),
  )
  const path = word(file?.file_path)
  if (!path) throw new Error('telegram: this file can no longer be downloaded')
  const declared = number(file?.file_size)
  if ((declared ?? 0) > downloadBytes) throw tooBig()
  // What fetch throws names the address, and the address holds the token.
  const response = await fetch(api.fileUrl(path), { redirect: 'error', signal }).catch((error: unknown) => {
    throw failureOf(error instanceof Error && error.cause ? error.cause : error)
  })
  if (!response.ok || !response.body) throw new Error(`telegram: download refused with ${response.status}`)
  if (Number(response.headers.get('content-length')) > downloadBytes) throw tooBig()
  const body = Readable.fromWeb(response.body as ReadableStream).compose(atMost(downloadBytes)) as Readable
  return { body, ...(declared !== undefined && { bytes: declared }) }
}

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

const tooBig = () => new Error(`telegram: the file is larger than ${downloadBytes} bytes`)
