/** Opens the mailbox: reads, sends, and says how it is. */

import type { Connection, Host } from '../../core/channel.ts'
import { checkDns, tried, type Resolver } from './check.ts'
import { ownAddresses, signingSecret, type Config } from './config.ts'
import { openDoor } from './door.ts'
import { failureOf, imapClient } from './imap-client.ts'
import type { Mail } from './mail.ts'
import { accessTokens } from './oauth.ts'
import { readMailbox, usualPauses, type Pauses } from './read.ts'
import type { MailRequest } from './render.ts'
import { hand, send, type Timing } from './send.ts'
import { stateOf, watchSending } from './state.ts'
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
  const pauses = { ...usualPauses, ...around.pauses }
  const state = stateOf(host)
  const reader = imap && readMailbox({ config, imap, host, state, taker: mails, token: imapToken, timing, pauses })
  if (!reader) state.tell('connected')
  const signIn = () =>
    hand(config.smtp, undefined, { from: config.address, to: [] }, { token: smtpToken, timing, signal: AbortSignal.timeout(timing.connect * 2) })
  const sending = host.looksOnly ? undefined : watchSending(signIn, state, host, pauses)

  return {
    async send(request, delivery) {
      try {
        const sent = await send(request, delivery, { config, secret, host, token: smtpToken, timing })
        sending?.went()
        return sent
      } catch (error) {
        sending?.went(error)
        throw error
      }
    },

    async check() {
      const { imap, smtp } = config
      const box = imap && tried('IMAP', {
        pt: 'Veja servidor, porta, utilizador e palavra-passe (ou OAuth2), e se o IMAP é permitido nesta caixa.',
        en: 'Check host, port, user and password (or OAuth2), and that IMAP is allowed for this mailbox.',
      }, async () => {
        const client = await imapClient(imap, imapToken, timing, config.maxBytes)
        client.on('error', () => {})
        try {
          await client.connect()
          const { exists } = await client.mailboxOpen(config.folder, { readOnly: true })
          return { ok: true, detail: `${imap.host}:${imap.port}, ${config.folder}: ${exists}` }
        } catch (error) {
          throw failureOf(error, imap, config.folder)
        } finally {
          client.close()
        }
      })
      const server = tried('SMTP', {
        pt: 'Veja servidor, porta, utilizador e palavra-passe (ou OAuth2), e se este utilizador pode enviar por este endereço.',
        en: 'Check host, port, user and password (or OAuth2), and that this user may send as the address.',
      }, async () => {
        await signIn()
        return { ok: true, detail: `${smtp.host}:${smtp.port}` }
      })
      return [...(await Promise.all([...(box ? [box] : []), server])), ...(await checkDns(config, around.resolver))]
    },

    async close() {
      await Promise.all([reader?.close(), door?.close(), sending?.close()])
      state.tell('closed')
    },
  }
}
