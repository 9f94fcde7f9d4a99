/** `balcao channel test NAME` and `balcao doctor`: every kind against the vendor's stand-in, right and wrong; nothing is changed there. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { kinds } from '../../src/channels/index.ts'
import { inEnglish, testChannel } from '../../src/cli/channel.ts'
import { rulebookLinks } from '../../src/cli/doctor.ts'
import { loadConfig } from '../../src/config.ts'
import { formatProblem } from '../../src/core/document.ts'
import { freshDatabase } from '../database.ts'
import { startMail } from '../vendors/mail.ts'
import { startTeams } from '../vendors/teams.ts'
import { startTelegram } from '../vendors/telegram.ts'
import { startTwilio } from '../vendors/twilio.ts'
import { startWhatsappCloud } from '../vendors/whatsapp-cloud.ts'

let folder: string
let database: Awaited<ReturnType<typeof freshDatabase>>
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'balcao-doctor-'))
  database = await freshDatabase()
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

/** What the command says of one channel: `name: true`, and the fix where it is false. */
async function look(block: object, env: Record<string, string> = {}): Promise<Record<string, string>> {
  const file = path.join(folder, 'gateway.yaml')
  await writeFile(file, JSON.stringify({
    version: 1, municipality: { name: 'Município de Exemplo' }, server: { publicUrl: 'https://atendimento.cm-exemplo.pt' }, data: folder,
    departments: { geral: { name: 'Geral' } }, channels: { canal: block },
  }))
  const read = await loadConfig(file, kinds, { env })
  if ('problems' in read) throw new Error(read.problems.map(formatProblem).join('\n'))
  const checks = (await testChannel(read.config.channels[0]!, read.config, database.url)).map(inEnglish)
  // What is wrong comes with what to do, and never with a secret.
  for (const { ok, fix } of checks) expect(ok || Boolean(fix)).toBe(true)
  for (const secret of Object.values(env)) expect(JSON.stringify(checks)).not.toContain(secret)
  return Object.fromEntries(checks.map(({ name, ok, detail }) => [name, ok ? 'ok' : detail]))
}

test('telegram: the token, and where Telegram calls', async () => {
  const vendor = await startTelegram({ retryFactor: 0.01 })
  closing.push(() => vendor.close())
  const polling = { kind: 'telegram', mode: 'polling', apiRoot: vendor.apiRoot, token: { env: 'TOKEN' } }
  const webhook = { ...polling, mode: 'webhook', secretToken: { env: 'SECRET' } }
  const env = { TOKEN: vendor.token, SECRET: 'only-Telegram-knows-this-0123456789' }
  expect(await look(polling, env)).toEqual({ 'bot token': 'ok', 'no webhook in the way': 'ok' })
  expect(vendor.calls.map(({ method }) => method)).toEqual(['getMe', 'getWebhookInfo'])
  expect(await look(webhook, env)).toEqual({ 'bot token': 'ok', webhook: expect.stringContaining('no webhook is set') })
  expect(vendor.calls.map(({ method }) => method)).not.toContain('setWebhook')
  expect(await look(polling, { TOKEN: '1:wrong' })).toMatchObject({ 'bot token': expect.stringContaining('401') })
  expect(await look({ ...polling, apiRoot: 'http://127.0.0.1:1' }, env)).toMatchObject({ 'bot token': expect.stringContaining('ECONNREFUSED') })
})

test('sms: the account, and where the number calls', async () => {
  const vendor = await startTwilio()
  closing.push(() => vendor.close())
  const block = { kind: 'sms', accountSid: vendor.accountSid, authToken: { env: 'TOKEN' }, from: vendor.numbers[0]!.phoneNumber, baseUrl: vendor.baseUrl }
  const env = { TOKEN: vendor.authToken }
  expect(await look(block, env)).toEqual({ account: 'ok', webhook: 'the number calls nobody', 'public address': 'ok' })
  vendor.numbers[0]!.smsUrl = 'https://atendimento.cm-exemplo.pt/channels/canal'
  expect(await look(block, env)).toEqual({ account: 'ok', webhook: 'ok', 'public address': 'ok' })
  expect(await look({ ...block, from: '+351910999999' }, env)).toMatchObject({ webhook: 'the number is not of this account' })
  expect(await look(block, { TOKEN: 'the-wrong-token' })).toMatchObject({ account: expect.stringContaining('credentials') })
})

test('whatsapp, cloud: the token, the webhook, the subscription and the templates', async () => {
  const vendor = await startWhatsappCloud({})
  closing.push(() => vendor.close())
  const block = {
    kind: 'whatsapp', provider: 'cloud', graphBaseUrl: vendor.baseUrl, phoneNumberId: vendor.phoneNumberId, wabaId: vendor.wabaId,
    accessToken: { env: 'TOKEN' }, appSecret: { env: 'APP' }, verifyToken: { env: 'VERIFY' },
  }
  const env = { TOKEN: vendor.accessToken, APP: vendor.appSecret, VERIFY: 'the-verify-token' }
  const found = await look(block, env)
  expect(found).toMatchObject({ 'access token and phone number': 'ok', templates: expect.stringContaining('0 approved') })
  expect(found.webhook).not.toBe('ok')
  const wrong = await look(block, { ...env, TOKEN: 'the-wrong-token' })
  expect(Object.values(wrong)).not.toContain('ok')
})

test('whatsapp, web: a browser that is not there', async () => {
  const block = { kind: 'whatsapp', provider: 'web', acceptRiskOfBan: true, encryptionKey: { env: 'KEY' } }
  const found = await look({ ...block, executablePath: '/nowhere/chromium' }, { KEY: 'uma chave comprida' })
  expect(Object.values(found)).toContain('none found')
})

test('teams: the sign-in, and the keys', async () => {
  const vendor = await startTeams()
  closing.push(() => vendor.close())
  const block = {
    kind: 'teams', appId: vendor.appId, appPassword: { env: 'PASSWORD' }, tenantId: vendor.tenantId, serviceUrls: [vendor.origin],
    openIdMetadataUrl: vendor.openIdMetadataUrl, tokenUrl: vendor.tokenUrl,
  }
  expect(await look(block, { PASSWORD: vendor.appPassword })).toEqual({ 'sign-in': 'ok', 'signing keys': 'ok' })
  expect(await look(block, { PASSWORD: 'the-wrong-password' })).toMatchObject({ 'sign-in': expect.stringContaining('401'), 'signing keys': 'ok' })
  expect(await look({ ...block, openIdMetadataUrl: 'http://127.0.0.1:1023/' }, { PASSWORD: vendor.appPassword })).toMatchObject({ 'signing keys': expect.stringContaining('ECONNREFUSED') })
})

test('email: both log-ins', async () => {
  const world = await startMail()
  closing.push(() => world.close())
  const login = { secure: 'none', user: world.user, password: { env: 'PASSWORD' } }
  const block = { kind: 'email', address: world.address, imap: { ...world.imap, ...login }, smtp: { ...world.smtp, ...login }, secretKey: { env: 'KEY' } }
  const KEY = 'uma chave comprida'
  expect(await look(block, { PASSWORD: world.password, KEY })).toMatchObject({ IMAP: 'ok', SMTP: 'ok' })
  const wrong = await look(block, { PASSWORD: 'the-wrong-password', KEY })
  expect(wrong.IMAP).toContain('refused to let us into the mailbox')
  expect(wrong.SMTP).not.toBe('ok')
  expect(world.attempts()).toBe(0)
})

test('webchat and file: what stands on this machine', async () => {
  expect(await look({ kind: 'webchat' })).toEqual({ canal: 'ok' })
  expect(await look({ kind: 'file' })).toEqual({ out: 'ok', in: expect.stringContaining('ENOENT') })
  await writeFile(path.join(folder, 'in.jsonl'), '')
  expect(await look({ kind: 'file', folder })).toEqual({ out: 'ok', in: 'ok' })
  expect(await look({ kind: 'file', folder: '/nowhere' })).toEqual({ canal: expect.stringContaining('ENOENT') })
})

test('the rulebook’s links: a page that is gone is named, with where to mend it', async () => {
  const site = createServer((request, response) => response.writeHead(request.url === '/vive' ? 200 : 404).end())
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => site.close(resolve)))
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  await writeFile(path.join(folder, 'bot.yaml'), `links:\n  vive: { label: Vive, url: '${url}/vive' }\n  morta: { label: Morta, url: '${url}/morta' }\n`)
  const checks = await rulebookLinks({ bot: { folder, enabled: true } })
  expect(checks).toMatchObject([{ name: 'link vive', ok: true }, { name: 'link morta', ok: false, fix: `mend its url in ${folder}` }])
  expect(await rulebookLinks({ bot: { folder, enabled: false } })).toEqual([])
})
