/** A hostile mail costs bounded memory and holds nobody back: sent over real sockets to a mailbox in a process of its own. */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import type { MessageReceived } from '../../../src/core/model.ts'
import { render } from '../../../src/channels/email/render.ts'
import { startMail, type LoopbackWorld } from '../../vendors/mail.ts'
import { memoryHost } from './host.ts'
import type { Told } from './hostile-process.ts'
import { configFor, mailFrom, open } from './setting.ts'

const megabyte = 1024 * 1024
const limit = 60_000
let world: LoopbackWorld
afterEach(() => world.close())

/** Delivers each mail, then an honest one; resolves with what was made of each, in order. */
async function told(mails: (string | Buffer)[], more: object = {}): Promise<Told[]> {
  world = await startMail()
  const { address, user, password, imap, smtp, smtpLogin } = world
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'hostile-process.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SETUP: JSON.stringify({ world: { address, user, password, imap, smtp, smtpLogin }, more }) },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const all: Told[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const one = JSON.parse(line) as Told
    if (!one.received && !one.problem) {
      for (const mail of mails) await world.deliver(mail)
      await world.deliver(mailFrom('ana@exemplo.pt', { text: 'a seguinte' }))
    } else if (all.push(one) > mails.length) child.stdin.end()
  }
  expect(all.at(-1)?.received?.content.text).toBe('a seguinte')
  return all
}
const received = (one: Told | undefined): MessageReceived => {
  if (!one?.received) throw new Error(`not received: ${one?.problem}`)
  return one.received
}

let count = 0
const head = (type: string, more = ''): string =>
  `From: mau@exemplo.pt\r\nTo: geral@cm-exemplo.pt\r\nSubject: Hostil\r\nMessage-ID: <h${++count}@exemplo.pt>\r\n${more}MIME-Version: 1.0\r\nContent-Type: ${type}\r\n`
const lines = (text: string, bytes: number): string => `${text}\r\n`.repeat(bytes / (text.length + 2))
const withFile = (base64: string, name: string): string =>
  `${head('multipart/mixed; boundary=b')}\r\n--b\r\n\r\nvai em anexo\r\n--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n` +
  `Content-Disposition: attachment; filename="${name}"\r\n\r\n${base64}\r\n--b--\r\n`
const fifty = {
  inAFile: () => withFile(lines(Buffer.alloc(57, 'x').toString('base64'), 50 * megabyte), 'grande.zip'),
  inWords: () => `${head('text/plain')}\r\n${lines('palavras e mais palavras de quem tem muito para dizer', 50 * megabyte)}`,
}

test('two mails of 50 MB, one a file and one all words, are kept with a note and are never held in memory', async () => {
  const [file, words] = await told([fifty.inAFile(), fifty.inWords()])
  for (const one of [file, words]) {
    expect(one?.problem).toMatch(/^larger than 26214400 bytes \(\d{8}\)$/)
    expect(one?.problem !== undefined && one.head).toContain('subject: Hostil')
    expect(one?.peak).toBeLessThan(60)
  }
}, limit)

test('where 100 MB are allowed, both are read: the file whole, the words whole as a file and cut in the thread', async () => {
  const [file, words] = await told([fifty.inAFile(), fifty.inWords()], { maxBytes: 100 * megabyte })
  expect(received(file).content.attachments).toMatchObject([{ name: 'grande.zip' }])
  expect(received(file).content.attachments?.[0]?.bytes).toBeGreaterThan(36 * megabyte)
  expect(received(words).content.text.length).toBeLessThan(210_000)
  expect(received(words).content.attachments).toMatchObject([{ name: 'mensagem.txt' }])
  expect(received(words).content.attachments?.[0]?.bytes).toBeGreaterThan(49 * megabyte)
  // Sixteen mails' worth would be 800: some copies are made, none without end.
  expect(words?.peak).toBeLessThan(800)
}, limit)

test('a mail of 1,000 levels, of thousands of parts, and headers of 10 MB are kept with a note', async () => {
  let deep = 'Content-Type: text/plain\r\n\r\nfundo\r\n'
  for (let level = 0; level < 1_000; level++)
    deep = `Content-Type: multipart/mixed; boundary=b${level}.\r\n\r\n--b${level}.\r\n${deep}\r\n--b${level}.--\r\n`
  const attached = `${'Content-Type: message/rfc822\r\n\r\n'.repeat(1_000)}fundo`
  const all = await told([
    `From: mau@exemplo.pt\r\nSubject: Fundo\r\n${deep}`,
    `From: mau@exemplo.pt\r\nSubject: Embrulhos\r\n${attached}`,
    `${head('multipart/mixed; boundary=b')}\r\n${'--b\r\n\r\nparte\r\n'.repeat(5_000)}--b--\r\n`,
    `${head('text/plain', `X-Longo: ${'y'.repeat(10 * megabyte)}\r\n`)}\r\ncorpo\r\n`,
    `${head('text/plain', `X-Longo: ${'y '.repeat(70)}\r\n${` ${'y'.repeat(70)}\r\n`.repeat(140_000)}`)}\r\ncorpo\r\n`,
  ])
  const [nested, wrapped, parts, line, folded] = all
  expect(nested?.problem).toBe('parts nested deeper than 20')
  // An attached mail is a file: what it holds in turn is not looked at.
  expect(received(wrapped).content.attachments).toHaveLength(1)
  expect(parts?.problem).toBe('more than 400 parts')
  for (const one of [line, folded]) expect(one?.problem).toBe('headers larger than 524288 bytes')
  expect(line?.problem !== undefined && line.head).toContain('subject: Hostil')
  expect(folded?.peak).toBeLessThan(100)
}, limit)

test('a zip of one entry that would be 200 MB is handed on byte for byte', async () => {
  const zip = bomb('[Content_Types].xml', 200)
  const [one] = await told([withFile(zip.toString('base64').replace(/.{76}/g, '$&\r\n'), 'bomba.zip')])
  expect(received(one).content.attachments).toMatchObject([
    { kind: 'file', name: 'bomba.zip', bytes: zip.length, source: `file:${createHash('sha256').update(zip).digest('hex')}` },
  ])
  expect(one?.peak).toBeLessThan(100)
}, limit)

test('100,000 recipients, a base64 body that is none and a charset that lies cost no word of it', async () => {
  const people = Array.from({ length: 100_000 }, (_none, index) => `p${index}@e.pt`)
  const all = await told([
    `${head('text/plain', `Cc: ${people.slice(0, 30_000).join(', ')}\r\n`)}\r\na trinta mil\r\n`,
    `${head('text/plain', `Cc: ${people.join(',\r\n ')}\r\n`)}\r\na cem mil\r\n`,
    `${head('text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64\r\n')}\r\nIsto não é base64, é português!\r\n`,
    `${head('text/plain; charset=utf-16', 'Content-Transfer-Encoding: 8bit\r\n')}\r\nEsta praça não é UTF-16.\r\n`,
    `${head('text/plain; charset=utf-7')}\r\n+ADw-script+AD4-\r\n`,
    `${head(`text/plain; charset="${'x'.repeat(300)}"`)}\r\ncharset sem fim\r\n`,
  ])
  const [some, tooMany, base64, ...others] = all
  expect(received(some).content).toMatchObject({ text: 'a trinta mil', copies: people.slice(0, 50) })
  expect(tooMany?.problem).toBe('headers larger than 524288 bytes')
  expect(received(base64).content.text).toBe('Isto não é base64, é português!')
  expect(others.slice(0, 3).map((one) => received(one).content.text)).toEqual([
    'Esta praça não é UTF-16.', '+ADw-script+AD4-', 'charset sem fim',
  ])
  expect(all.at(-1)?.peak).toBeLessThan(100)
}, limit)

/** One entry of zeros; what it says and what it would be agree. */
function bomb(name: string, megabytes: number): Buffer {
  const zeros = Buffer.alloc(megabytes * megabyte)
  const packed = deflateRawSync(zeros, { level: 1 })
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(8, 4)
  common.writeUInt32LE(crc32(zeros), 10)
  common.writeUInt32LE(packed.length, 14)
  common.writeUInt32LE(zeros.length, 18)
  common.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), packed])
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, Buffer.alloc(14), Buffer.from(name)])
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(central.length, 8)
  end.writeUInt32LE(local.length, 12)
  return Buffer.concat([local, central, Buffer.from('PK\u0005\u0006'), end])
}

const encoded = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
test('encoded words that hide line ends become neither a header of the answer nor another recipient', async () => {
  world = await startMail()
  const host = memoryHost()
  const box = await open(world, host, { begin: 'all' })
  onTestFinished(() => box.close())
  const trap = (word: string): string => encoded(`${word}\r\nBcc: todos@exemplo.pt\r\n\r\n`)
  await world.deliver(
    `From: ${trap('Maria')} <maria@exemplo.pt>\r\nReply-To: ${trap('Rui')} <rui@exemplo.pt>\r\nTo: geral@cm-exemplo.pt\r\nSubject: ${trap('Fuga')}\r\n` +
    `Message-ID: <${encoded('a\r\nBcc: b@b.pt')}@exemplo.pt>\r\nReferences: <x@y>\r\n <${encoded('c\r\nBcc: d@d.pt')}>\r\n` +
    `Content-Type: application/pdf; name="${trap('conta')}.pdf"\r\nContent-Disposition: attachment; filename="${trap('conta')}.pdf"\r\n\r\n%PDF-1.4\r\n`,
  )
  const [mail] = await new Promise<MessageReceived[]>((resolve) => { host.after = () => resolve(host.messages) })
  if (!mail) throw new Error('not received')
  expect(`${mail.from.name}${mail.content.subject}${mail.content.attachments?.[0]?.name}`).not.toMatch(/[\r\n]/)
  const { source = '', mimeType = '' } = mail.content.attachments?.[0] ?? {}
  await box.send(
    render({ text: 'Olá', attachments: [{ kind: 'file', source, mimeType, name: 'conta"\r\nBcc: e@e.pt\r\n.pdf' }] }, mail.from.route, configFor(world)),
    { key: 'd-1', attempt: 1, signal: AbortSignal.timeout(10_000) },
  )
  const [sent] = await world.sent()
  expect(sent?.to).toEqual(['maria@exemplo.pt'])
  expect(sent?.raw).not.toMatch(/^(bcc|todos)/im)
  expect(sent?.raw.split('\r\n\r\n')[0]?.match(/^[\w-]+(?=:)/gm)?.sort()).toEqual(
    ['Content-Type', 'Date', 'From', 'In-Reply-To', 'MIME-Version', 'Message-ID', 'References', 'Subject', 'To'].sort(),
  )
})
