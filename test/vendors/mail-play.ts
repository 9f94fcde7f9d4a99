/** A mailbox in a terminal. */

import { parseArgs } from 'node:util'
import { simpleParser } from 'mailparser'
import { startMail, type SmtpFault } from './mail.ts'
import { follow, perform, print } from './terminal.ts'

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { port: { type: 'string', default: '8086' }, raw: { type: 'boolean', default: false } } })
  const port = Number(values.port)
  const world = await startMail({ port, imapPort: port && port + 1 })
  let from = 'ana.sousa@correio.example'
  let subject = 'Um pedido'
  let count = 0
  let answered = ''
  follow(() => world.sent(), (mail) => {
    answered = mail.messageId
    if (values.raw) return print(`${mail.to.join(', ')} <\n${mail.raw}`)
    void simpleParser(mail.raw).then((read) => print(`${mail.to.join(', ')} < «${read.subject}»`, read.text?.trim(), ...read.attachments.map(({ filename }) => `(${filename})`)))
  })
  const failOnce = (fault: SmtpFault) => {
    world.faults.smtp = () => {
      world.faults.smtp = undefined
      return fault
    }
  }
  const login = `secure: none, user: ${world.user}, password: { env: MAIL_PASSWORD }`
  await perform({
    what: `A mailbox stands at IMAP ${world.imap.host}:${world.imap.port} and SMTP ${world.smtp.host}:${world.smtp.port}.`,
    block: `correio: { kind: email, address: ${world.address}, imap: { host: ${world.imap.host}, port: ${world.imap.port}, ${login} }, ` +
      `smtp: { host: ${world.smtp.host}, port: ${world.smtp.port}, ${login} }, secretKey: { env: MAIL_KEY } }`,
    env: { MAIL_PASSWORD: world.password, MAIL_KEY: 'any-words-of-yours' },
    citizen: `Ana Sousa (${from})`,
    async writes(line) {
      const headers = [
        `From: Ana Sousa <${from}>`, `To: ${world.address}`, `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
        `Date: ${new Date().toUTCString()}`, `Message-ID: <play-${Date.now()}-${count++}@correio.example>`,
        ...(answered ? [`In-Reply-To: ${answered}`] : []), 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit',
      ]
      await world.deliver(`${headers.join('\r\n')}\r\n\r\n${line}\r\n`)
    },
    commands: {
      as: { says: 'ADDRESS: write from another one', does: (address) => { from = address || from; answered = '' } },
      subject: { says: 'WORDS: begin another thread', does: (words) => { subject = words; answered = '' } },
      drop: { says: 'end every IMAP connection', does: () => world.drop() },
      fail: { says: 'CODE: refuse the next mail, e.g. 451 (later) or 550 (never)', does: (code) => failOnce({ at: 'data', code: Number(code) || 451 }) },
      cut: { says: 'cut the line just after the next mail was taken', does: () => failOnce('cut-after') },
    },
    close: () => world.close(),
  })
}
