/** Opens the mailbox: reads, sends, and says how it is. */

import type { ChannelCheck, Connection, Host } from '../../core/channel.ts'
import { attempt, checkDns, type Resolver } from './check.ts'
import { ownAddresses, signingSecret, type Config } from './config.ts'
import { openDoor } from './door.ts'
import { imapClient } from './imap-client.ts'
import type { Mail } from './mail.ts'
import { accessTokens } from './oauth.ts'
import { readMailbox, usualPauses, type Pauses } from './read.ts'
import type { MailRequest } from './render.ts'
import { hand, send, type Timing } from './send.ts'
import { taker } from './take.ts'

const usualTiming: Timing = { connect: 20_000, silence: 90_000 }

export interface Surroundings {
  pauses?: Partial<Pauses>
  timing?: Partial<Timing>
  resolver?: Resolver
}

export async function connect(
  config: Config,
  host: Host<Mail>,
  around: Surroundings = {},
): Promise<Connection<MailRequest>> {
  const secret = signingSecret(config)
  const timing = { ...usualTiming, ...around.timing }
  const now = (): Date => host.now()
  const smtpToken = config.smtp.oauth2 && accessTokens(config.smtp.oauth2, now)
  const imapToken = config.imap?.oauth2 && accessTokens(config.imap.oauth2, now)
  const settings = {
    own: ownAddresses(config),
    forms: config.forms,
    authServers: config.authServers,
    secret,
    maxBytes: config.maxBytes,
  }
  const mails = taker(host, settings, config.loop)

  const { imap, smtpIn } = host.looksOnly ? {} : config
  const door = smtpIn && (await openDoor(config, smtpIn, host, mails))
  const reader =
    imap &&
    readMailbox({
      config,
      imap,
      host,
      taker: mails,
      token: imapToken,
      timing,
      pauses: { ...usualPauses, ...around.pauses },
    })
  if (!reader) host.report({ status: 'connected' })

  return {
    send: (request, delivery) => send(request, delivery, { config, secret, host, token: smtpToken, timing }),

    async check() {
      const checks: Promise<ChannelCheck>[] = []
      const { imap, smtp } = config
      if (imap) {
        checks.push(
          attempt(
            'IMAP',
            'Check host, port, user and password (or OAuth2), and that IMAP is allowed for this mailbox.',
            async () => {
              const client = await imapClient(imap, imapToken, timing, config.maxBytes)
              client.on('error', () => {})
              try {
                await client.connect()
                const box = await client.mailboxOpen(config.folder, { readOnly: true })
                return `${imap.host}:${imap.port}, ${config.folder}: ${box.exists}`
              } catch (error) {
                const { authenticationFailed, mailboxMissing, message } = error as {
                  authenticationFailed?: boolean
                  mailboxMissing?: boolean
                  message?: string
                }
                throw new Error(
                  authenticationFailed
                    ? 'the server refused the log-in'
                    : mailboxMissing
                      ? `no folder ${config.folder}`
                      : (message ?? 'no connection'),
                )
              } finally {
                client.close()
              }
            },
          ),
        )
      }
      checks.push(
        attempt(
          'SMTP',
          'Check host, port, user and password (or OAuth2), and that this user may send as the address.',
          async () => {
            await hand(
              smtp,
              undefined,
              { from: config.address, to: [] },
              { token: smtpToken, timing, signal: AbortSignal.timeout(timing.connect * 2) },
            )
            return `${smtp.host}:${smtp.port}`
          },
        ),
      )
      return [...(await Promise.all(checks)), ...(await checkDns(config, around.resolver))]
    },

    async close() {
      await Promise.all([reader?.close(), door?.close()])
      if (!reader) host.report({ status: 'closed' })
    },
  }
}
