/**
 * A file into the citizen's own OneDrive, at the address that their consent came with: whole or not at all.
 * https://learn.microsoft.com/onedrive/developer/rest-api/api/driveitem_createuploadsession#upload-bytes-to-the-upload-session
 */

import { SendError } from '../../core/channel.ts'
import { put } from '../download.ts'
import { failureOf } from './failures.ts'
import { holdsFiles, isNamed } from './microsoft-hosts.ts'

export async function upload(url: string, bytes: Buffer, serviceUrls: readonly string[], signal: AbortSignal): Promise<void> {
  if (!holdsFiles(url, serviceUrls)) throw new SendError('rejected', { pt: 'o endereço do ficheiro não é da Microsoft', en: 'the address for the file is not one of Microsoft’s' })
  const headers = { 'content-type': 'application/octet-stream', 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` }
  // What is thrown may name the address, and that alone lets write there.
  const status = await put(new URL(url), bytes, { headers, signal, configured: isNamed(url, serviceUrls) }).catch((error: unknown) => {
    throw failureOf(error)
  })
  if (status !== 200 && status !== 201) throw new SendError('rejected', { pt: `${status}: o OneDrive não aceitou o ficheiro`, en: `${status}: OneDrive did not take the file` })
}
