/** `balcao doctor` and `balcao channel test` as an admin runs them: what they print of what is wrong, what to do, and how they end. */

import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createServer } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freshDatabase } from '../database.ts'
import { startDns } from '../vendors/dns.ts'
import { startMail } from '../vendors/mail.ts'
import { startTelegram } from '../vendors/telegram.ts'
import { command, type Ended } from './command.ts'

let folder: string
let database: Awaited<ReturnType<typeof freshDatabase>>
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'balcao-doctor-'))
  database = await freshDatabase()
  closing.push(() => rm(folder, { recursive: true, force: true }), () => database.drop())
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const certificates = path.join(import.meta.dirname, '../vendors/certificates')
const limit = 60_000

/** Shows this certificate to whoever calls; what would come next is never reached. */
async function showing(certificate: string): Promise<number> {
  const [key, cert] = await Promise.all(['key', certificate].map((name) => readFile(path.join(certificates, `${name}.pem`))))
  const server = createServer({ key, cert }).on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => void server.close())
  return (server.address() as AddressInfo).port
}

async function run(args: string[], channels: object, env: Record<string, string>): Promise<Ended> {
  const file = path.join(folder, 'gateway.yaml')
  await writeFile(file, JSON.stringify({
    version: 1, municipality: { name: 'Município de Exemplo' }, server: { publicUrl: 'http://127.0.0.1:1' }, data: folder, bot: { enabled: false },
    departments: { geral: { name: 'Geral' } }, channels,
  }))
  const ended = await command([...args, '--config', file], { DATABASE_URL: database.url, ...env })
  for (const secret of ['segredo', 'errada', env.TOKEN]) if (secret) expect(ended.out + ended.err).not.toContain(secret)
  return ended
}

test('the doctor names each certificate, server, password, webhook and DNS record that is wrong, says what to do, and ends with 1', async () => {
  const [world, vendor, names] = await Promise.all([startMail(), startTelegram(), startDns({ mx: { 'cm-exemplo.pt': [{ exchange: 'mx.cm-exemplo.pt', priority: 10 }] } })])
  closing.push(() => world.close(), () => vendor.close(), () => names.close())
  await fetch(`${vendor.apiRoot}/bot${vendor.token}/setWebhook`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ url: 'https://outro.example/channels/bot' }),
  })
  const login = { user: world.user, password: { env: 'PASSWORD' } }
  const server = (port: number, more: object = {}) => ({ host: '127.0.0.1', port, secure: 'tls', caFile: path.join(certificates, 'authority.pem'), ...login, ...more })
  const mailbox = (imap: object, smtp = imap) => ({ kind: 'email', address: world.address, secretKey: { env: 'KEY' }, dkimSelector: 'balcao', imap, smtp })
  const wrong = { secure: 'none', user: world.user, password: { env: 'WRONG' } }
  const [expired, otherHost, selfSigned] = await Promise.all(['expired', 'other-host', 'self-signed'].map(showing))
  const { code, out, err } = await run(['doctor'], {
    caducado: mailbox(server(expired!)),
    alheio: mailbox(server(otherHost!)),
    proprio: mailbox(server(selfSigned!)),
    longe: mailbox(server(1)),
    senha: mailbox({ ...world.imap, ...wrong }, { ...world.smtp, ...wrong }),
    bot: { kind: 'telegram', mode: 'webhook', apiRoot: vendor.apiRoot, token: { env: 'TOKEN' }, secretToken: { env: 'HOOK' } },
  }, {
    PASSWORD: 'segredo', WRONG: 'errada', KEY: 'uma chave comprida', TOKEN: vendor.token, HOOK: 'only-Telegram-knows-this-0123456789',
    // This machine's name server is the test's.
    NODE_OPTIONS: `--import "data:text/javascript,import dns from 'node:dns'; dns.setServers(['${names.resolver.getServers()[0]}'])"`,
  })
  expect(err).toBe('')
  expect(code).toBe(1)
  /** What is printed of one thing: its line, and the line below. */
  const said = (name: string): string => /^. (.*\n.*)$/m.exec(out.slice(out.search(new RegExp(`^. ${name}: `, 'm'))))?.[1] ?? out
  for (const protocol of ['IMAP', 'SMTP']) {
    expect(said(`caducado ${protocol}`)).toMatch(/certificate has expired\n.*renewed/)
    expect(said(`alheio ${protocol}`)).toMatch(/altnames.*\n.*for another name/)
    expect(said(`proprio ${protocol}`)).toMatch(/self-signed certificate\n.*caFile/)
    expect(said(`longe ${protocol}`)).toMatch(/ECONNREFUSED.*\n.*Check host, port/)
    expect(said(`senha ${protocol}`)).toMatch(/refused to let us in.*\n.*password/)
  }
  expect(out).toContain('✓ longe MX: mx.cm-exemplo.pt')
  expect(said('longe SPF')).toMatch(/cm-exemplo\.pt has no SPF record\n.*v=spf1 mx -all/)
  expect(said('longe DKIM')).toMatch(/no key at balcao\._domainkey\.cm-exemplo\.pt\n.*Publish the key/)
  expect(said('longe DMARC')).toMatch(/cm-exemplo\.pt has no DMARC record\n.*v=DMARC1/)
  expect(said('bot webhook')).toMatch(/https:\/\/outro\.example\/channels\/bot/)
  expect(out).toMatch(/\n\d+ of \d+ need a hand\.\n$/)
}, limit)

test('one channel that is right ends with 0, and one that does not exist with 1 and the names of those that do', async () => {
  const vendor = await startTelegram()
  closing.push(() => vendor.close())
  const channels = { bot: { kind: 'telegram', mode: 'polling', apiRoot: vendor.apiRoot, token: { env: 'TOKEN' } } }
  const right = await run(['channel', 'test', 'bot'], channels, { TOKEN: vendor.token })
  expect([right.code, right.err]).toEqual([0, ''])
  expect(right.out).toMatch(/^✓ bot token: .*\n✓ no webhook in the way: 0 updates waiting\n$/)
  const none = await run(['channel', 'test', 'bto'], channels, { TOKEN: vendor.token })
  expect([none.code, none.out]).toEqual([1, '✗ bto: there is no channel "bto"\n    the channels are bot\n'])
}, limit)
