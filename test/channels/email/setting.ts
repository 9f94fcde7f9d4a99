/** How the tests configure a mailbox, and write a citizen's mail. */

import { config, type Config } from '../../../src/channels/email/config.ts'
import { connect, type Surroundings } from '../../../src/channels/email/transport.ts'
import type { MailRequest } from '../../../src/channels/email/render.ts'
import type { Connection } from '../../../src/core/channel.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { MailWorld } from '../../vendors/mail.ts'
import type { MemoryHost } from './host.ts'

export function configFor(
  world: Pick<MailWorld, 'address' | 'user' | 'password' | 'imap' | 'smtp' | 'smtpLogin'>,
  more: Record<string, unknown> = {},
): Config {
  const login = { user: world.user, password: new Secret(world.password) }
  return config.parse({
    address: world.address,
    name: 'Câmara Municipal',
    imap: { ...world.imap, secure: 'none', ...login },
    smtp: { ...world.smtp, secure: 'none', ...(world.smtpLogin && login) },
    secretKey: new Secret('chave de teste'),
    ...more,
  })
}

/** Opens the channel with short pauses, so that a test need not wait for a minute. */
export function open(
  world: MailWorld,
  host: MemoryHost,
  more: Record<string, unknown> = {},
  around: Surroundings = {},
): Promise<Connection<MailRequest>> {
  return connect(configFor(world, more), host, {
    timing: { connect: 10_000, silence: 15_000 },
    ...around,
    pauses: { poll: 1_000, firstRetry: 20, lastRetry: 500, refused: 500, ...around.pauses },
  })
}

let count = 0

export function mailFrom(
  from: string,
  {
    to = 'geral@cm-exemplo.pt',
    subject = 'Assunto',
    text,
    headers,
  }: { to?: string; subject?: string; text: string; headers?: string },
): Buffer {
  return Buffer.from(
    [
      `From: ${from}`,
      `To: ${to}`,
      `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
      `Message-ID: <${process.pid}.${Date.now()}.${++count}@exemplo.pt>`,
      `Date: ${new Date().toUTCString()}`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      ...(headers === undefined ? [] : [headers]),
      '',
      Buffer.from(text).toString('base64'),
      '',
    ].join('\r\n'),
  )
}
