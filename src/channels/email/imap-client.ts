/** One IMAP connection as we want it, and what is told when it fails. */

import { readFileSync } from 'node:fs'
import { ImapFlow } from 'imapflow'
import { SendError, inBoth } from '../../core/channel.ts'
import { badCertificate } from '../certificates.ts'
import type { Server } from './config.ts'
import type { AccessToken } from './oauth.ts'
import type { Timing } from './send.ts'

export async function imapClient(
  server: Server,
  token: AccessToken | undefined,
  timing: Timing,
  maxBytes: number,
  fresh = false,
): Promise<ImapFlow> {
  const auth = token
    ? { user: server.user ?? '', accessToken: await token({ fresh }) }
    : { user: server.user ?? '', pass: server.password?.reveal() ?? '' }
  return new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.secure === 'tls',
    doSTARTTLS: server.secure === 'starttls',
    auth,
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: timing.connect,
    greetingTimeout: timing.connect,
    socketTimeout: timing.silence,
    maxLiteralSize: maxBytes + 1024 * 1024,
    maxLineLength: 16 * 1024 * 1024,
    clientInfo: { name: 'Balcao' },
    tls: server.caFile === undefined ? {} : { ca: readFileSync(server.caFile) },
  })
}

export const codeOf = (error: unknown): string => {
  const { code, serverResponseCode, name } = error as { code?: string; serverResponseCode?: string; name?: string }
  return serverResponseCode ?? code ?? name ?? 'unknown'
}

/** Whatever it was that ended it, in words for admins. */
export function failureOf(error: unknown, { host, port }: Server, folder: string): SendError {
  if (error instanceof SendError) return error
  const { authenticationFailed, mailboxMissing } = error as { authenticationFailed?: boolean; mailboxMissing?: boolean }
  if (authenticationFailed === true) return new SendError('misconfigured', {
    pt: `${host} recusou a entrada na caixa de correio: veja o utilizador e a palavra-passe, ou o acesso OAuth2`,
    en: `${host} refused to let us into the mailbox: see user and password, or the OAuth2 access`,
  })
  if (mailboxMissing === true) return new SendError('misconfigured', { pt: `em ${host} não há a pasta ${folder}`, en: `${host} has no folder ${folder}` })
  return badCertificate(error, `a ${host}:${port}`) ?? new SendError('unreachable', inBoth(`${host}:${port} (${codeOf(error)})`))
}
