/** Bytes of what citizens sent. https://core.telegram.org/bots/api#getfile */

import { type Download, get, opened, tooBig } from '../download.ts'
import type { Api } from './api.ts'
import { failureOf } from './failures.ts'
import { fields, number, word } from '../fields.ts'

/** Telegram gives bots no more. */
const downloadBytes = 20 * 1024 * 1024

export async function download(
  api: Api,
  fileId: string,
  signal: AbortSignal,
): Promise<Download> {
  const file = fields(
    await api.call('getFile', { file_id: fileId }, signal).catch((error: unknown) => {
      throw failureOf(error)
    }),
  )
  const path = word(file?.file_path)
  if (!path) throw new Error('telegram: this file can no longer be downloaded')
  const declared = number(file?.file_size)
  if ((declared ?? 0) > downloadBytes) throw tooBig(downloadBytes)
  // What is thrown may name the address, and the address holds the token.
  const response = await get(api.fileUrl(path), { configured: api.isOwnServer, signal }).catch((error: unknown) => {
    throw failureOf(error)
  })
  const { body } = opened(response, downloadBytes)
  return { body, ...(declared !== undefined && { bytes: declared }) }
}
