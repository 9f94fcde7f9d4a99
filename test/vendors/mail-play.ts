/** A mailbox in a terminal: a line is a mail from a citizen, the town's mails are printed. */

import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { startMail } from './mail.ts'

export async function play(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { port: { type: 'string', default: '8086' } } })
  const world = await startMail({ port: Number(values.port) })
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  const login = `secure: none, user: ${world.user}, password: { env: MAIL_PASSWORD }`
  print(`A mailbox stands at IMAP ${world.imap.host}:${world.imap.port} and SMTP ${world.smtp.host}:${world.smtp.port}. In config/gateway.yaml:`)
  print(
    `  correio: { kind: email, address: ${world.address}, imap: { host: ${world.imap.host}, port: ${world.imap.port}, ${login} }, ` +
      `smtp: { host: ${world.smtp.host}, port: ${world.smtp.port}, ${login} }, secretKey: { env: MAIL_KEY } }`,
  )
  print(`and MAIL_PASSWORD=${world.password} MAIL_KEY=any-words-of-yours`)
  print('Write as a citizen: a line is a mail. /as ADDRESS, /subject WORDS, /fail CODE, /cut, /drop.')

  let from = 'ana.sousa@correio.example'
  let subject = 'Um pedido'
  let shown = 0
  let count = 0
  let answered = ''
  setInterval(() => {
    void world.sent().then((mails) => {
      for (const mail of mails.slice(shown)) {
        print(`${mail.to.join(', ')} <\n${mail.raw}`)
        answered = mail.messageId
      }
      shown = mails.length
    })
  }, 100)
  for await (const line of createInterface({ input: process.stdin })) {
    const [, command, rest = ''] = /^\/(as|subject|fail|cut|drop)\b ?(.*)$/.exec(line) ?? []
    const fault = command === 'cut' ? 'cut-after' : { at: 'data' as const, code: Number(rest) || 451 }
    if (command === 'as') from = rest
    else if (command === 'subject') subject = rest
    else if (command === 'drop') await world.drop()
    else if (command !== undefined) {
      world.faults.smtp = () => {
        world.faults.smtp = undefined
        return fault
      }
    } else if (line.trim() !== '') {
      const headers = [
        `From: Ana Sousa <${from}>`, `To: ${world.address}`, `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
        `Date: ${new Date().toUTCString()}`, `Message-ID: <play-${Date.now()}-${count++}@correio.example>`,
        ...(answered ? [`In-Reply-To: ${answered}`] : []), 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit',
      ]
      await world.deliver(`${headers.join('\r\n')}\r\n\r\n${line}\r\n`)
    }
  }
}
