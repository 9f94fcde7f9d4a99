/** The recorded mails: `<name>.eml` as it travelled, `<name>.json` what is made of it: { given, expect }. */

import { readdirSync, readFileSync } from 'node:fs'
import { ownAddresses, signingSecret, type Config } from '../../../src/channels/email/config.ts'
import type { Mail } from '../../../src/channels/email/mail.ts'
import { normalise } from '../../../src/channels/email/normalise.ts'
import { parse, type ParseSettings } from '../../../src/channels/email/parse.ts'
import { CorruptMail } from '../../../src/channels/email/structure.ts'
import { configFor } from './setting.ts'

const folder = new URL('./cases/', import.meta.url)

export const caseNames = readdirSync(folder)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => name.slice(0, -4))
  .sort()

const nowhere = { host: '127.0.0.1', port: 1 }

/** The town of the cases: two addresses, a web form, and a mail server that checks senders. */
export const townConfig: Config = configFor(
  { address: 'geral@cm-exemplo.pt', user: 'geral', password: 'x', imap: nowhere, smtp: nowhere, smtpLogin: false },
  {
    aliases: [{ address: 'aguas@cm-exemplo.pt', name: 'Águas', department: 'aguas' }],
    forms: ['site@cm-exemplo.pt'],
    authServers: ['mx.cm-exemplo.pt'],
    maxBytes: 2 * 1024 * 1024,
  },
)
export const town: ParseSettings = {
  own: ownAddresses(townConfig),
  forms: townConfig.forms,
  authServers: townConfig.authServers,
  secret: signingSecret(townConfig),
  maxBytes: townConfig.maxBytes,
}
export const arrivedAt = new Date('2026-11-23T10:00:05Z')

export const rawCase = (name: string): Buffer => readFileSync(new URL(`${name}.eml`, folder))
export const expectedCase = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))

/** Parsed and normalised, as JSON. */
export async function readCase(name: string): Promise<{ given: Mail; expect: unknown } | { corrupt: string }> {
  try {
    const { mail } = await parse(rawCase(name), town, { at: arrivedAt })
    return JSON.parse(JSON.stringify({ given: mail, expect: normalise(mail, arrivedAt) })) as {
      given: Mail
      expect: unknown
    }
  } catch (error) {
    if (error instanceof CorruptMail) return { corrupt: error.message }
    throw error
  }
}
