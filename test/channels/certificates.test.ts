/** A certificate that must be refused, at each server that a channel speaks with: the running gateway names it to admins. */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as plainServer, type AddressInfo, type Socket } from 'node:net'
import path from 'node:path'
import { createServer, TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { openPool } from '../../src/core/store/pool.ts'
import { begin } from '../cli/command.ts'
import { folderWith, town } from '../config/files.ts'
import { freshDatabase } from '../database.ts'

const secret = 'only-the-vendor-knows-this-0123456789'
const pem = (name: string) => path.join(import.meta.dirname, `../vendors/certificates/${name}.pem`)
const key = readFileSync(pem('key'))

/** Shows its certificate to whoever calls, at once or after STARTTLS; what would come next is never reached. */
async function showing(certificate: string, greeting?: (line: string) => string | undefined): Promise<number> {
  const shown = { key, cert: readFileSync(pem(certificate)) }
  const server = greeting
    ? plainServer((socket) => {
        socket.write(greeting('')!)
        socket.on('error', () => undefined).on('data', (line) => {
          const answer = greeting(String(line))
          if (answer !== undefined) return void socket.write(answer)
          socket.removeAllListeners('data')
          const again = String(line).split(' ')[0]!
          socket.write(again.startsWith('STARTTLS') ? '220 go\r\n' : `${again} OK go\r\n`, () => secured(socket, shown))
        })
      })
    : createServer(shown).on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}
const secured = (socket: Socket, shown: object) => new TLSSocket(socket, { isServer: true, ...shown }).on('error', () => undefined)

const smtp = (line: string) => (line === '' ? '220 mail\r\n' : /^EHLO/.test(line) ? '250-mail\r\n250 STARTTLS\r\n' : /^STARTTLS/.test(line) ? undefined : '502 no\r\n')
const imap = (line: string) => {
  const [tag, word = ''] = line.trim().split(' ')
  if (line === '') return '* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hello\r\n'
  return /STARTTLS/i.test(word) ? undefined : /CAPABILITY/i.test(word) ? `* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n${tag} OK done\r\n` : `${tag} OK done\r\n`
}

const faults: [certificate: string, pt: RegExp, en: RegExp][] = [
  ['expired', /O certificado .* expirou: .*renovar/, /certificate .* has expired: .*renewed/],
  ['other-host', /O certificado .* é para outro nome( \(DNS:mail\.outro\.example\))?: ponha esse nome/, /is for another name( \(DNS:mail\.outro\.example\))?: write that name/],
  ['self-signed', /O certificado .* não foi assinado por ninguém em quem esta máquina confie/, /was signed by nobody whom this machine trusts/],
]

const sid = 'a'.repeat(32)
/** By kind: the block of one channel whose server is at this port, and how its vendor is called. */
const blocks: [name: string, called: string, block: (port: number) => object, greeting?: (line: string) => string | undefined][] = [
  ['telegram', 'ao Telegram', (port) => ({ kind: 'telegram', mode: 'polling', apiRoot: `https://127.0.0.1:${port}`, token: { env: 'TOKEN' } })],
  ['telegram-hook', 'ao Telegram', (port) => ({ kind: 'telegram', mode: 'webhook', apiRoot: `https://127.0.0.1:${port}`, token: { env: 'TOKEN' }, secretToken: { env: 'LONG' } })],
  ['sms', 'ao Twilio', (port) => ({ kind: 'sms', accountSid: `AC${sid}`, authToken: { env: 'LONG' }, from: '+351912345678', baseUrl: `https://127.0.0.1:${port}` })],
  ['whatsapp', 'à Meta', (port) => ({ kind: 'whatsapp', phoneNumberId: '106540352242922', accessToken: { env: 'LONG' }, appSecret: { env: 'LONG' }, verifyToken: { env: 'LONG' }, graphBaseUrl: `https://127.0.0.1:${port}` })],
  ['teams', 'à Microsoft', (port) => ({ kind: 'teams', appId: '11111111-1111-4111-8111-111111111111', appPassword: { env: 'LONG' }, tenantId: '22222222-2222-4222-8222-222222222222', tokenUrl: `https://127.0.0.1:${port}/token` })],
  ['teams-keys', 'à Microsoft', (port) => ({ kind: 'teams', appId: '11111111-1111-4111-8111-111111111111', appPassword: { env: 'LONG' }, tenantId: '22222222-2222-4222-8222-222222222222', tokenUrl: 'http://127.0.0.1:1/token', openIdMetadataUrl: `https://127.0.0.1:${port}/openid` })],
  ['imap', 'a 127.0.0.1:', (port) => mailbox({ imap: server(port), smtp: nowhere })],
  ['imap-starttls', 'a 127.0.0.1:', (port) => mailbox({ imap: { ...server(port), secure: 'starttls' }, smtp: nowhere }), imap],
  ['smtp', 'a 127.0.0.1:', (port) => mailbox({ imap: nowhere, smtp: server(port) })],
  ['smtp-starttls', 'a 127.0.0.1:', (port) => mailbox({ imap: nowhere, smtp: { ...server(port), secure: 'starttls' } }), smtp],
  ['mail-tokens', 'a 127.0.0.1:', (port) => mailbox({ imap: { ...nowhere, password: undefined, oauth2: { tokenUrl: `https://127.0.0.1:${port}/token`, clientId: 'x', clientSecret: { env: 'LONG' } } }, smtp: nowhere })],
]
const server = (port: number) => ({ host: '127.0.0.1', port, user: 'geral', password: { env: 'LONG' } })
const nowhere = { host: '127.0.0.1', port: 1, secure: 'none', user: 'geral', password: { env: 'LONG' } }
const mailbox = (servers: object) => ({ kind: 'email', address: 'geral@cm-exemplo.pt', secretKey: { env: 'LONG' }, ...servers })

test.each(faults)('%s', async (certificate, pt, en) => {
  const database = await freshDatabase()
  onTestFinished(() => database.drop())
  const channels: Record<string, object> = {}
  for (const [name, , block, greeting] of blocks) channels[name] = block(await showing(certificate, greeting))
  const { path: at } = folderWith({
    'gateway.yaml': `${town}channels: ${JSON.stringify(channels)}\nbot: { enabled: false }\ndata: ./data\nserver: { port: 0, publicUrl: "https://balcao.example" }\n`,
    'calendar.yaml': 'version: 1\ntimezone: Europe/Lisbon\nhours: { mon-fri: [09:00-17:00] }\n',
  })
  const gateway = begin(['start', '--config', at('gateway.yaml')], { DATABASE_URL: database.url, NODE_EXTRA_CA_CERTS: pem('authority'), TOKEN: '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11', LONG: secret })
  await gateway.until(/\/inbox\//)
  const pool = openPool(database.url, 1, () => undefined)
  onTestFinished(() => pool.close())
  const shown = async (name: string) => {
    const row = await pool.db.selectFrom('channel_status').selectAll().where('channel_id', '=', name).executeTakeFirst()
    return { status: row?.status, pt: row?.reason?.pt, en: row?.reason?.en }
  }
  for (const [name, called] of blocks) {
    await expect.poll(() => shown(name), { message: name, timeout: 30_000, interval: 100 })
      .toEqual({ status: 'needs-attention', pt: expect.stringMatching(pt) as string, en: expect.stringMatching(en) as string })
    expect((await shown(name)).pt).toContain(`na ligação ${called}`)
  }
  gateway.child.kill('SIGTERM')
  const { out, err } = await gateway.ended
  expect(out + err).not.toContain(secret)
}, 120_000)
