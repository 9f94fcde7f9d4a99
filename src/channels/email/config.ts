/** The shape of an e-mail channel's block in config/gateway.yaml. */

import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { secret } from '../../core/secret.ts'
import { domainOf, normaliseAddress } from './addresses.ts'

const address = z.string().transform((text, context) => {
  const normal = normaliseAddress(text)
  if (normal !== undefined) return normal
  context.addIssue({ code: 'custom', message: `"${text}" is not one e-mail address, e.g. geral@cm-exemplo.pt` })
  return z.NEVER
})

const loopback = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1)$/

/** Microsoft 365 and Google take no passwords: a short-lived token is asked for at `tokenUrl`. */
const oauth2 = z
  .strictObject({
    tokenUrl: z.url().refine((url) => url.startsWith('https://') || loopback.test(new URL(url).hostname), {
      error: 'tokenUrl must be https',
    }),
    clientId: z.string(),
    clientSecret: secret.optional(),
    /** With it: the grant `refresh_token` (Google, a delegated Microsoft login). Without: `client_credentials`. */
    refreshToken: secret.optional(),
    scope: z.string().optional(),
  })
  .refine((value) => value.refreshToken || value.clientSecret, { error: 'needs refreshToken or clientSecret' })
export type OAuth2 = z.output<typeof oauth2>

const server = z
  .strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65_535),
    secure: z.enum(['tls', 'starttls', 'none']).default('tls'),
    user: z.string().optional(),
    password: secret.optional(),
    oauth2: oauth2.optional(),
    /** A certificate authority of the town's own: the path of its PEM file. */
    caFile: z.string().optional(),
  })
  .refine((value) => value.secure !== 'none' || loopback.test(value.host), {
    error: 'secure: none sends the password in clear; it is only for a server on this machine (127.0.0.1)',
    path: ['secure'],
  })
  .refine((value) => !(value.password && value.oauth2), { error: 'give password or oauth2, not both' })
  .refine((value) => !(value.password || value.oauth2) || value.user, { error: 'user is missing', path: ['user'] })
export type Server = z.output<typeof server>

const megabyte = 1024 * 1024

export const config = z
  .strictObject({
    address,
    /** Shown to citizens beside the address. */
    name: z.string().max(100).optional(),
    aliases: z
      .array(z.strictObject({ address, name: z.string().optional(), department: z.string().optional() }))
      .default([]),
    imap: server.optional(),
    smtp: server,
    folder: z.string().default('INBOX'),
    /** At the very first start: leave what the mailbox already holds, or take it all in. */
    begin: z.enum(['now', 'all']).default('now'),
    markSeen: z.boolean().default(true),
    signature: z.string().max(2_000).optional(),
    /** Signs our Message-IDs. When left out it is derived from the SMTP or IMAP secret. */
    secretKey: secret.optional(),
    /** Who writes `Authentication-Results` here; 'microsoft365' for Exchange Online, which signs it with no name. */
    authServers: z.array(z.string()).default([]),
    /** Web forms that write for citizens: in mail from these addresses, Reply-To is the citizen. */
    forms: z.array(address).default([]),
    /** Bounces come to `address+b.…`: only where the mail server takes such addresses. */
    plusAddresses: z.boolean().default(false),
    /** Largest mail, in or out, as it travels. */
    maxBytes: z
      .int()
      .min(64 * 1024)
      .max(150 * megabyte)
      .default(25 * megabyte),
    /** More mails than this from one sender within the minutes: the bot stops answering it. */
    loop: z.strictObject({ mails: z.int().min(2), minutes: z.number().positive() }).default({ mails: 20, minutes: 10 }),
    pace: z.strictObject({ perSecond: z.number().positive() }).optional(),
    dkimSelector: z.string().optional(),
    /** The town's mail server hands mail to us, besides or in place of IMAP. */
    smtpIn: z
      .strictObject({
        listen: z.string().regex(/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]|localhost):\d{1,5}$/, {
          error: 'expected ADDRESS:PORT, e.g. 127.0.0.1:2525',
        }),
        hosts: z.array(z.string()).min(1),
        protocol: z.enum(['smtp', 'lmtp']).default('smtp'),
      })
      .optional(),
  })
  .refine((value) => value.imap || value.smtpIn, {
    error: 'needs imap or smtpIn, or no mail can come in',
    path: ['imap'],
  })
  .refine((value) => keySource(value) !== undefined, {
    error: 'is needed where neither server has a secret',
    path: ['secretKey'],
  })
export type Config = z.output<typeof config>

/** What signs. Derived, so that what is in a Message-ID never touches the password itself. */
export function signingSecret(config: Config): string {
  const source = keySource(config)
  if (source === undefined) throw new Error('email: secretKey is needed where neither server has a secret')
  return createHmac('sha256', source).update('balcao e-mail signing key').digest('hex')
}

function keySource(config: { secretKey?: unknown; smtp: Server; imap?: Server | undefined }): string | undefined {
  const key =
    (config as Pick<Config, 'secretKey'>).secretKey ??
    config.smtp.password ??
    config.imap?.password ??
    config.smtp.oauth2?.clientSecret ??
    config.smtp.oauth2?.refreshToken
  return key?.reveal()
}

export interface OwnAddress {
  address: string
  name?: string | undefined
  department?: string | undefined
}

/** The mailbox itself first. */
export function ownAddresses(config: Config): OwnAddress[] {
  return [{ address: config.address, name: config.name }, ...config.aliases]
}

export function mailDomain(config: Config): string {
  return domainOf(config.address)
}
