/** Bytes of what citizens sent: our token goes to Teams alone, and files come from Microsoft's hosts alone. */

import { type Download, get, opened } from '../download.ts'
import type { TeamsConfig } from './config.ts'
import { failureOf } from './failures.ts'
import { holdsFiles, isNamed } from './microsoft-hosts.ts'
import { isAllowed } from './service-urls.ts'
import type { Token } from './token.ts'

const mediaBytes = 50 * 1024 * 1024
const timeoutMs = 60_000

export async function download(
  config: TeamsConfig,
  token: Token,
  source: string,
  signal: AbortSignal,
): Promise<Download> {
  const [, from, url] = /^(download|connector):(.+)$/s.exec(source) ?? []
  const may = from === 'connector' ? isAllowed : holdsFiles
  if (!url || !may(url, config.serviceUrls)) throw new Error("teams: the address of this file is not one of Microsoft's")
  const response = await get(new URL(url), {
    configured: isNamed(url, config.serviceUrls),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    headers: from === 'connector' ? { authorization: `Bearer ${await token.get()}` } : {},
  }).catch((error: unknown) => {
    // What is thrown may name the address, and that alone opens the file.
    throw failureOf(error)
  })
  return opened(response, mediaBytes)
}
