/** The same world with real daemons: OpenSMTPD → Dovecot by LMTP → Maildir → IMAP. Debian packages; needs root. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { MailWorld, TakenMail } from './mail.ts'

export const daemonPaths = ['/usr/sbin/dovecot', '/usr/sbin/smtpd', '/usr/bin/doveadm']

const user = 'geral'
const password = 'segredo'
const address = 'geral@cm-exemplo.pt'

export async function startDaemons(): Promise<MailWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'balcao-daemons-'))
  chmodSync(folder, 0o755)
  const [imapPort, lmtpPort, smtpPort] = await Promise.all([freePort(), freePort(), freePort()])
  for (const name of ['run', 'state', 'mail']) mkdirSync(join(folder, name))
  spawnSync('chown', ['-R', 'mail:mail', join(folder, 'mail')])
  writeFileSync(join(folder, 'dovecot.conf'), dovecot(folder, imapPort, lmtpPort))
  writeFileSync(join(folder, 'smtpd.conf'), opensmtpd(folder, smtpPort, lmtpPort))
  writeFileSync(join(folder, 'boxes'), '@ mail\n')
  const dovecotConf = join(folder, 'dovecot.conf')
  const processes = [
    spawn('/usr/sbin/dovecot', ['-F', '-c', dovecotConf], { stdio: 'ignore' }),
    spawn('/usr/sbin/smtpd', ['-d', '-f', join(folder, 'smtpd.conf')], { stdio: 'ignore' }),
  ]
  try {
    await Promise.all([imapPort, lmtpPort, smtpPort].map(answering))
  } catch (error) {
    await Promise.all(processes.map(stop))
    throw error
  }

  const look = async <T>(name: string, ask: (client: ImapFlow) => Promise<T>): Promise<T> => {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: imapPort,
      secure: false,
      doSTARTTLS: false,
      logger: false,
      auth: { user: name, pass: password },
    })
    client.on('error', () => {})
    await client.connect()
    try {
      await client.mailboxOpen('INBOX', { readOnly: true })
      return await ask(client)
    } finally {
      client.close()
    }
  }
  const count = (): Promise<number> => look(user, async (client) => (client.mailbox ? client.mailbox.exists : 0))

  return {
    address,
    user,
    password,
    imap: { host: '127.0.0.1', port: imapPort },
    smtp: { host: '127.0.0.1', port: smtpPort },
    smtpLogin: false,
    async deliver(raw, at) {
      const before = await count()
      if (at) {
        const client = new ImapFlow({
          host: '127.0.0.1',
          port: imapPort,
          secure: false,
          doSTARTTLS: false,
          logger: false,
          auth: { user, pass: password },
        })
        await client.connect()
        await client.append('INBOX', Buffer.from(raw), [], at)
        client.close()
      } else {
        await hand(smtpPort, raw)
      }
      await eventually(async () => (await count()) > before)
    },
    async sent() {
      const boxes = existsSync(join(folder, 'mail'))
        ? readdirSync(join(folder, 'mail')).filter((name) => name !== user)
        : []
      const all = await Promise.all(
        boxes.map((name) =>
          look(name, async (client) => {
            const mails: TakenMail[] = []
            if (client.mailbox && client.mailbox.exists === 0) return mails
            for await (const { source } of client.fetch('1:*', { source: true })) {
              const raw = source?.toString() ?? ''
              mails.push({
                raw,
                from: /^Return-Path: <([^>]*)>/im.exec(raw)?.[1] ?? '',
                to: [/^Delivered-To: <?([^>\s]*)/im.exec(raw)?.[1] ?? ''],
                messageId: /^message-id:\s*(<[^>]+>)/im.exec(raw)?.[1] ?? '',
              })
            }
            return mails
          }),
        ),
      )
      return all.flat()
    },
    seen: () =>
      look(user, async (client) => {
        const found = await client.search({ seen: true }, { uid: true })
        return found ? found.length : 0
      }),
    async drop() {
      spawnSync('/usr/bin/doveadm', ['-c', dovecotConf, 'kick', user])
    },
    async renumber() {
      spawnSync('/usr/bin/doveadm', ['-c', dovecotConf, 'kick', user])
      for (const entry of readdirSync(join(folder, 'mail', user))) {
        if (entry.startsWith('dovecot')) rmSync(join(folder, 'mail', user, entry), { recursive: true })
      }
      // The new UIDVALIDITY is made of the second in which the list is made.
      utimesSync(join(folder, 'mail', user, 'cur'), new Date(), new Date())
      spawnSync('/usr/bin/doveadm', ['-c', dovecotConf, 'kick', user])
    },
    async close() {
      await Promise.all(processes.map(stop))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const dovecot = (folder: string, imapPort: number, lmtpPort: number): string => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
auth_username_format = %n
recipient_delimiter = +
first_valid_uid = 8
mail_location = maildir:${folder}/mail/%n
lmtp_save_to_detail_mailbox = no
lda_original_recipient_header = X-Original-To
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${folder}/mail/%n allow_all_users=yes
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
`

const opensmtpd = (folder: string, smtpPort: number, lmtpPort: number): string => `
table boxes file:${folder}/boxes
listen on 127.0.0.1 port ${smtpPort}
action "local" lmtp "127.0.0.1:${lmtpPort}" rcpt-to virtual <boxes>
match from any for any action "local"
`

async function hand(port: number, raw: string | Buffer): Promise<void> {
  const from = /^from:.*?([\w.+-]+@[\w.-]+)/im.exec(raw.toString('latin1'))?.[1] ?? 'alguem@exemplo.pt'
  const connection = new SMTPConnection({ host: '127.0.0.1', port, secure: false, ignoreTLS: true })
  await new Promise<void>((resolve, reject) => {
    connection.once('error', reject)
    connection.connect(() =>
      connection.send({ from, to: [address] }, raw, (error) => (error ? reject(error) : resolve())),
    )
  })
  connection.quit()
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address()
      server.close(() => resolve(typeof bound === 'object' && bound ? bound.port : 0))
    })
  })
}

const answering = (port: number): Promise<void> =>
  eventually(
    () =>
      new Promise((resolve) => {
        const socket = dial(port, '127.0.0.1', () => {
          socket.destroy()
          resolve(true)
        })
        socket.on('error', () => resolve(false))
      }),
  )

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('the mail daemons did not do it in 20 s')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await gone
  clearTimeout(timer)
}
