/** "How was it?" on each kind of channel, as its vendor has it: asked at the close, pressed or answered by its number, commented, once. */

import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { simpleParser } from 'mailparser'
import { afterEach, expect, test } from 'vitest'
import { mailFrom } from '../channels/email/setting.ts'
import { message, Visitor } from '../channels/webchat/setting.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { startMail } from '../vendors/mail.ts'
import { startTeams } from '../vendors/teams.ts'
import { startTelegram } from '../vendors/telegram.ts'
import { startTwilio } from '../vendors/twilio.ts'
import { findChromium } from '../vendors/browser.ts'
import { startWhatsappCloud } from '../vendors/whatsapp-cloud.ts'
import { maria, startWhatsappPage } from '../vendors/whatsapp-page/server.ts'

/** One citizen at one vendor. */
interface Side {
  block: Record<string, unknown>
  env?: Record<string, string>
  listensAt?(url: string): void
  /** The code that the channel shows, by the town's own phone. */
  scans?(): void
  writes(text: string): Promise<unknown> | unknown
  /** A button or a line of a list; where there are none, its number is typed. */
  presses?(id: string, label: string): Promise<unknown> | unknown
  read(): Promise<string[]> | string[]
  /** What a machine of theirs answers by itself. */
  isAway?(): Promise<unknown>
  close(): Promise<unknown>
}

const sides: Record<string, () => Promise<Side>> = {
  async telegram() {
    const vendor = await startTelegram({ retryFactor: 0.01 })
    const maria = vendor.citizen(1001, {})
    return {
      block: { token: { env: 'TOKEN' }, apiRoot: vendor.apiRoot, mode: 'polling', pollSeconds: 1 }, env: { TOKEN: vendor.token },
      writes: (text) => maria.writes(text), presses: (_id, label) => maria.presses(label), read: () => maria.inbox.map(({ text }) => text), close: vendor.close,
    }
  },
  async whatsapp() {
    const vendor = await startWhatsappCloud()
    const maria = { phone: '351912345678' }
    const rows = () => vendor.ledger.flatMap(({ body }) => (body.interactive as { action: { sections?: { rows: { id: string; title: string; description?: string }[] }[] } } | undefined)?.action.sections?.flatMap((each) => each.rows) ?? [])
    return {
      block: { phoneNumberId: vendor.phoneNumberId, wabaId: vendor.wabaId, graphBaseUrl: vendor.baseUrl, registerWebhook: false, accessToken: { env: 'TOKEN' }, appSecret: { env: 'SECRET' }, verifyToken: { env: 'VERIFY' } },
      env: { TOKEN: vendor.accessToken, SECRET: vendor.appSecret, VERIFY: 'verify-me' },
      listensAt(url) { vendor.webhooks.url = `${url}/channels/whatsapp` },
      writes: (text) => vendor.citizenWrites(maria, { type: 'text', text: { body: text } }),
      presses(id, label) {
        const row = rows().find(({ title }) => title === label)!
        expect(row.id).toBe(id)
        return vendor.citizenWrites(maria, { type: 'interactive', interactive: { type: 'list_reply', list_reply: row } })
      },
      read: () => vendor.ledger.map(({ body }) => JSON.stringify(body)), close: vendor.close,
    }
  },
  /** The linked device has no buttons: the real client library, in a browser, before a stand-in of WhatsApp's page. */
  async 'whatsapp-linked'() {
    const [phone, browser] = await Promise.all([startWhatsappPage(), findChromium()])
    return {
      block: {
        kind: 'whatsapp', provider: 'web', acceptRiskOfBan: true, encryptionKey: { env: 'KEY' }, executablePath: browser.executablePath,
        browserArguments: [...browser.args, ...phone.browserArguments], page: phone.page, perSecond: 5,
      },
      env: { KEY: 'uma chave comprida' }, scans: phone.scan,
      writes: (text) => phone.says(maria, { body: text }), read: () => phone.ledger.map(({ body }) => String(body)), close: phone.close,
    }
  },
  async teams() {
    const vendor = await startTeams({ pauseMs: 50 })
    const maria = vendor.citizen(0)
    return {
      block: { appId: vendor.appId, appPassword: { env: 'PASSWORD' }, tenantId: vendor.tenantId, serviceUrls: [vendor.origin], openIdMetadataUrl: vendor.openIdMetadataUrl, tokenUrl: vendor.tokenUrl },
      env: { PASSWORD: vendor.appPassword },
      listensAt(url) { vendor.webhook = `${url}/channels/teams` },
      writes: maria.writes, presses: (_id, label) => maria.presses(label), read: () => maria.inbox.map(({ text }) => text), close: vendor.close,
    }
  },
  async sms() {
    const vendor = await startTwilio()
    return {
      block: { accountSid: vendor.accountSid, authToken: { env: 'TOKEN' }, from: vendor.numbers[0]!.phoneNumber, baseUrl: vendor.baseUrl }, env: { TOKEN: vendor.authToken },
      writes: (text) => vendor.texts('+351912345678', text), read: () => vendor.ledger.map(({ body }) => body), close: vendor.close,
    }
  },
  async email() {
    const vendor = await startMail()
    const login = { secure: 'none', user: vendor.user, password: { env: 'PASSWORD' } }
    const letters = async () => Promise.all((await vendor.sent()).map(async ({ raw, messageId }) => ({ messageId, text: (await simpleParser(raw)).text ?? '' })))
    const answers = async (text: string, more = '') => {
      const last = (await letters()).at(-1)
      const quoted = last ? `\r\n\r\nA terça-feira, Câmara Municipal escreveu:\r\n${last.text.split('\n').map((line) => `> ${line}`).join('\r\n')}` : ''
      await vendor.deliver(mailFrom('Maria Costa <maria@exemplo.pt>', { subject: 'Re: Água', text: text + quoted, ...(last && { headers: `In-Reply-To: ${last.messageId}${more}` }) }))
    }
    return {
      block: { address: vendor.address, name: 'Câmara Municipal', begin: 'all', imap: { ...vendor.imap, ...login }, smtp: { ...vendor.smtp, ...login } }, env: { PASSWORD: vendor.password },
      writes: (text) => answers(text), isAway: () => answers('Estou de férias até segunda-feira.', '\r\nAuto-Submitted: auto-replied'),
      read: async () => (await letters()).map(({ text }) => text), close: vendor.close,
    }
  },
  async webchat() {
    let maria: Visitor
    return {
      block: { title: 'Vale Formoso' },
      listensAt(url) { maria = new Visitor(url) },
      writes: (text) => maria.post('/messages', message(text)), presses: (id, label) => maria.post('/messages', message(label, { chosen: id })),
      read: async () => (await maria.read()).entries.filter(({ by }) => by !== 'citizen').map(({ text }) => text), close: async () => undefined,
    }
  },
  async file() {
    const folder = await mkdtemp(path.join(tmpdir(), 'balcao-survey-'))
    let n = 0
    const line = (given: object) => appendFile(path.join(folder, 'in.jsonl'), `${JSON.stringify({ id: String(++n), from: 'maria', ...given })}\n`)
    return {
      block: { folder, everySeconds: 0.01 },
      writes: (text) => line({ text }), presses: (id, label) => line({ text: label, chosen: id }),
      read: async () => (await readFile(path.join(folder, 'out.jsonl'), 'utf8').catch(() => '')).split('\n').filter(Boolean).map((each) => (JSON.parse(each) as { text: string }).text),
      close: () => rm(folder, { recursive: true, force: true }),
    }
  },
}

let side: Side | undefined
let gateway: Harness | undefined
let clock = Date.now()
afterEach(async () => {
  await gateway?.close()
  await side?.close()
  side = gateway = undefined
  clock = Date.now()
}, 60_000)

async function open(kind: string) {
  const vendor = side = await sides[kind]!()
  const running = gateway = await startGateway({
    channels: { [kind === 'webchat' ? 'web' : kind]: { kind, ...vendor.block } }, ...(vendor.env && { env: vendor.env }), now: () => new Date(clock),
    respond: (state) => ({ actions: [{ do: 'hand-off', reason: 'asked' }], state }),
  })
  vendor.listensAt?.(running.url)
  const { db } = running.gateway.pool
  const status = () => db.selectFrom('channel_status').select(['status', 'qr']).executeTakeFirst()
  if (vendor.scans) await running.until('a code', async () => (await status())?.qr).then(vendor.scans)
  if (kind !== 'webchat') await running.until('the channel is open', async () => (await status())?.status === 'connected')
  await vendor.writes('A água está turva')
  const { id } = await running.until('a conversation', () => db.selectFrom('conversation').select('id').where('state', '=', 'waiting').executeTakeFirst())
  const operator = await running.operator({ role: 'admin' })
  let n = 0
  return {
    vendor, running, db, id,
    act: async (...deeds: Parameters<typeof running.gateway.act>[0]['deeds']) => expect(await running.gateway.act({ conversationId: id, operator, clientId: `survey-${++n}`, deeds })).toMatchObject({ type: 'done' }),
    heard: async (text: RegExp) => (await vendor.read()).filter((each) => text.test(each)).length,
    surveys: () => db.selectFrom('survey').select(['state', 'score', 'comment']).execute(),
  }
}

const question = /De 1 a 5/

test.each(Object.keys(sides))('%s: asked at the close, answered as one can there, commented, and never asked again', async (kind) => {
  const { vendor, running, db, id, act, heard, surveys } = await open(kind)
  await act({ do: 'take' }, { do: 'reply', text: 'Já passa.' }, { do: 'close' })
  await running.until('the question', async () => await heard(question) === 1)
  if (vendor.presses) await vendor.presses('survey:4', '4 – Bom')
  else await vendor.writes('4')
  await running.until('the second question', async () => await heard(/comentário|porquê/i) === 1)
  if (vendor.isAway) {
    await vendor.isAway()
    await running.until('what a machine answered', () => db.selectFrom('message').select('id').where('automatic', '=', true).executeTakeFirst())
  }
  expect(await surveys()).toEqual([{ state: 'scored', score: 4, comment: null }])
  await vendor.writes('Foi rápido, obrigada')
  await running.until('the comment', async () => (await surveys())[0]?.state === 'answered')
  expect(await surveys()).toEqual([{ state: 'answered', score: 4, comment: 'Foi rápido, obrigada' }])
  await running.until('thanks', async () => await heard(/Obrigad/) > 0)
  expect(await db.selectFrom('conversation').select(['id', 'state']).execute()).toEqual([{ id, state: 'closed' }])
  await act({ do: 'reopen' }, { do: 'take' }, { do: 'reply', text: 'Ainda uma coisa.' }, { do: 'close' })
  await running.until('the last word', async () => await heard(/Ainda uma coisa/) === 1)
  expect(await heard(question)).toBe(1)
  expect(await db.selectFrom('message').select('id').where('conversation_id', '=', id).where('author', '=', 'system').execute()).toHaveLength(1)
}, 60_000)

test('WhatsApp: a day after the citizen’s last word, outside of Meta’s window, nothing is asked', async () => {
  const { running, db, id, act, heard, surveys } = await open('whatsapp')
  clock += 25 * 3_600_000
  await act({ do: 'take' }, { do: 'close' })
  await running.until('closed', () => db.selectFrom('conversation').select('id').where('id', '=', id).where('state', '=', 'closed').executeTakeFirst())
  expect(await surveys()).toEqual([])
  expect(await db.selectFrom('delivery').select('message_id').execute()).toEqual([])
  expect(await heard(question)).toBe(0)
}, 60_000)
