/** One IMAP connection as we want it, and what is told when it fails. */

import { readFileSync } from 'node:fs'
import { ImapFlow } from 'imapflow'
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

export const isRefusal = (error: unknown): boolean =>
  (error as { authenticationFailed?: boolean }).authenticationFailed === true ||
  (error as { reason?: string }).reason === 'misconfigured' ||
  (error as { mailboxMissing?: boolean }).mailboxMissing === true

export const unreachable = ({ host, port }: Server) => ({
  pt: `Não há ligação ao correio (${host}:${port}). O sistema volta a tentar; o correio que chegar entretanto é lido depois.`,
  en: `No connection to the mailbox (${host}:${port}). It is tried again; mail that arrives meanwhile is read afterwards.`,
})
export const refusal = ({ host }: Server) => ({
  pt: `O servidor ${host} recusou a entrada na caixa de correio. Verifique o utilizador, a palavra-passe (ou o acesso OAuth2) e o nome da pasta.`,
  en: `The server ${host} refused the log-in to the mailbox. Check user, password (or OAuth2 access) and the folder's name.`,
})
