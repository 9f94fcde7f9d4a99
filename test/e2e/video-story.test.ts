/** The story that this product is for, in real browsers: not satisfied with the bot, face to face with a person, helped, asked how it was, counted. */

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jitsiSecret, reservationToken } from '../call/town.ts'
import { openChatOn, openTownPage, say } from '../channels/webchat/setting.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { findHeadlessChromium } from '../vendors/browser.ts'
import { type Jitsi, jitsi } from '../vendors/jitsi.ts'
import { startTwilio, type Twilio } from '../vendors/twilio.ts'
import { closeConversation, reply, row, said, signedIn, toWaiting } from './town.ts'

let deployment: Jitsi
let twilio: Twilio
let gateway: Harness
let browser: Browser
let inbox: Page
let origin: string
const closing: (() => Promise<unknown>)[] = []
const complaints: string[] = []

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [path.resolve('scripts/build.mjs')])
  deployment = await jitsi({ appId: 'balcao', secret: jitsiSecret })
  twilio = await startTwilio()
  const townPage = await openTownPage(() => gateway.url)
  origin = townPage.origin
  gateway = await startGateway({
    channels: {
      web: { kind: 'webchat', title: 'Vale Formoso', origins: [origin] },
      sms: { kind: 'sms', accountSid: twilio.accountSid, authToken: { env: 'TWILIO_TOKEN' }, from: twilio.numbers[0]!.phoneNumber, baseUrl: twilio.baseUrl },
    },
    env: { TWILIO_TOKEN: twilio.authToken, JITSI_SECRET: jitsiSecret, RESERVATION_TOKEN: reservationToken },
    config: { video: { mode: 'self-hosted', baseUrl: deployment.url, appId: 'balcao', secret: { env: 'JITSI_SECRET' }, reservationToken: { env: 'RESERVATION_TOKEN' } } },
  })
  deployment.options.reservations = { url: `${gateway.url}/jitsi`, token: reservationToken }
  const { executablePath, args } = await findHeadlessChromium()
  browser = await chromium.launch({ executablePath, args: [...args, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'] })
  closing.push(deployment.close, twilio.close, townPage.close, () => gateway.close(), () => browser.close())
  inbox = await signedIn(gateway, await newPage('inbox'))
  expect(await inbox.evaluate(async () => (await fetch('/api/me', {
    method: 'PUT', headers: { 'content-type': 'application/json', 'x-balcao': '1' }, body: JSON.stringify({ presence: 'online' }),
  })).status)).toBe(200)
  await gateway.until('the operator is there', () => gateway.town().departmentsNow().some(({ id, takesCalls }) => id === 'aguas' && takesCalls))
}, 180_000)
afterAll(async () => {
  for (const close of closing.toReversed()) await close()
})

async function newPage(name: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'pt-PT', timezoneId: 'Europe/Lisbon', viewport: { width: 1366, height: 768 } })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text())) complaints.push(`${name}: ${message.text()}`)
  })
  return page
}

const shot = async (page: Page, name: string) => {
  if (process.env.BALCAO_SCREENSHOTS) await page.screenshot({ path: `${process.env.BALCAO_SCREENSHOTS}/${name}.png` })
}

/** From the link to both being in the room. Returns the citizen's page. */
async function faceToFace(link: string): Promise<Page> {
  const page = await newPage('call')
  await page.goto(link)
  await page.getByRole('button', { name: 'Verificar câmara e microfone' }).click()
  await page.waitForFunction(() => { const video = document.querySelector('video'); return video !== null && video.videoWidth > 0 })
  await page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
  await page.getByText('É o próximo a ser atendido.').waitFor()

  const incoming = inbox.getByRole('region', { name: 'Videochamada a chamar' })
  await incoming.getByText('Águas').waitFor()
  await incoming.getByRole('button', { name: 'Aceitar' }).click()
  const room = inbox.getByRole('region', { name: 'Em videochamada' })
  await room.getByText('O munícipe está na chamada.').waitFor()
  await page.getByRole('heading', { name: 'Em videochamada' }).waitFor()
  await page.frameLocator('iframe').getByText('Ana Lopes ★').waitFor()
  await inbox.frameLocator('iframe[title="Imagem da videochamada"]').getByText('Ana Lopes ★').waitFor()
  expect(deployment.inside().map(({ moderator, tracks }) => ({ moderator, tracks }))).toEqual(expect.arrayContaining([
    { moderator: true, tracks: ['audio', 'video'] }, { moderator: false, tracks: ['audio', 'video'] },
  ]))
  return page
}

/** The operator helps, writes, registers and ends. */
async function helped(page: Page, form: string): Promise<void> {
  await reply(inbox, `O formulário está aqui: ${form}`)
  await page.getByRole('link', { name: form }).waitFor()
  await page.getByLabel('Escreva uma mensagem').fill('Já o tenho, obrigada')
  await page.keyboard.press('Enter')
  await page.locator('.messages .mine time').waitFor()
  // The inbox stays where the operator was reading, and says that there is more below.
  await gateway.until('the words in the inbox', async () => {
    const toEnd = inbox.getByRole('button', { name: /^Ir para o fim|mensagens novas|mensagem nova/ }).first()
    if (await toEnd.isVisible()) await toEnd.click({ timeout: 1_000 }).catch(() => undefined)
    return said(inbox, 'Já o tenho, obrigada').isVisible()
  }).finally(() => shot(inbox, 'inbox-written'))
  await inbox.getByRole('button', { name: 'Registar dados' }).first().click()
  const register = inbox.getByRole('dialog', { name: 'Registar o munícipe' })
  await register.getByLabel('Nome', { exact: true }).fill('Maria Silva')
  await register.getByRole('button', { name: 'Guardar' }).click()
  await register.waitFor({ state: 'hidden' })
  const room = inbox.getByRole('region', { name: 'Em videochamada' })
  await room.getByText('Resultado e nota').click()
  await room.getByLabel('Resultado', { exact: true }).selectOption('Resolvido')
  await room.getByLabel('Nota interna').fill('Levou o formulário da água.')
  await room.getByRole('button', { name: 'Terminar para todos' }).click()
  await page.getByRole('heading', { name: 'A videochamada terminou' }).waitFor()
  await gateway.until('the room is empty', () => deployment.inside().length === 0)
  await page.context().close()
}

const facts = async (conversationId: string) => (await gateway.gateway.pool.db.selectFrom('activity').select(['type', 'author']).where('conversation_id', '=', conversationId).orderBy('id').execute())
  .map(({ type, author }) => `${author} ${type}`).filter((each) => /call-|close|rate|register|judge|hand-off/.test(each))
const story = [
  'bot judge', 'bot hand-off',
  'citizen call-asked', 'citizen call-waiting', 'operator call-accepted', 'operator call-joined', 'citizen call-joined', 'operator register', 'operator call-ended', 'operator close', 'citizen rate',
]

async function counted(conversationId: string): Promise<void> {
  expect((await facts(conversationId)).sort()).toEqual(story.toSorted())
  const call = await gateway.gateway.pool.db.selectFrom('call').selectAll().where('conversation_id', '=', conversationId).executeTakeFirstOrThrow()
  expect(call).toMatchObject({ state: 'ended', department_id: 'aguas', outcome: 'Resolvido', note: 'Levou o formulário da água.' })
  const notes = await gateway.gateway.pool.db.selectFrom('message').select('content').where('conversation_id', '=', conversationId).where('direction', '=', 'note').execute()
  expect(notes.map(({ content }) => content.text)).toEqual(['Levou o formulário da água.'])
  for (const at of ['room_opened_at', 'started_at', 'accepted_at', 'ended_at'] as const) expect(call[at], at).toBeInstanceOf(Date)
  const row = await gateway.until('the numbers', async () => (
    await sql`select * from conversation_fact where conversation_id = ${conversationId} and call_score is not null`.execute(gateway.gateway.pool.db)).rows[0])
  expect(row).toMatchObject({ helpful: 0, unhelpful: 1, calls_asked: 1, calls_taken: 1, calls_missed: 0, call_score: 5, bot_alone: false })
}

test('on web chat: the bot, a video call, a form, the end, the survey, the numbers', async () => {
  const page = await newPage('town')
  await page.goto(origin)
  await openChatOn(page)
  await say(page, 'Como posso pagar a fatura da água?')
  await page.locator('.bubble').filter({ hasText: 'Isto ajudou?' }).last().waitFor()
  await page.getByRole('button', { name: 'Não', exact: true }).click()
  await page.locator('.bubble').filter({ hasText: 'Lamento' }).last().waitFor()
  await page.getByRole('button', { name: 'Falar por vídeo' }).click()
  const bubble = page.locator('.bubble').filter({ hasText: '/call/' }).last()
  await bubble.waitFor()
  const link = /https?:\/\/\S+\/call\/[\w-]{43}/.exec(await bubble.innerText())![0]
  const call = await faceToFace(link)
  await shot(inbox, 'inbox-in-call')
  // Nothing of views and list lies under the picture.
  const [views, list, dock] = await Promise.all(['.views', '.list-pane', '.call-dock'].map((each) => inbox.locator(each).boundingBox()))
  expect(dock!.height).toBeGreaterThan(300)
  expect(dock!.y).toBeGreaterThan(150)
  for (const pane of [views!, list!]) expect(pane.y + pane.height).toBeLessThanOrEqual(dock!.y)
  const conversationId = new URL(inbox.url()).pathname.split('/').at(-1)!
  await helped(call, 'https://www.valeformoso.example/agua.pdf')
  await closeConversation(inbox, { survey: true })
  await page.locator('.bubble').filter({ hasText: 'A videochamada terminou. De 1 a 5' }).last().waitFor()
  await page.getByRole('button', { name: '5 – Muito bom' }).click()
  await page.locator('.bubble').filter({ hasText: 'Quer dizer-nos porquê?' }).last().waitFor()
  await counted(conversationId)
  await page.context().close()
}, 120_000)

test('from SMS: a link in a text, the same call, and the survey by text', async () => {
  const phone = '+351912345678'
  const sent = (text: RegExp) => gateway.until(`${text}`, () => twilio.ledger.find((message) => text.test(JSON.stringify(message))))
  await toWaiting(inbox)
  await twilio.texts(phone, 'Como posso pagar a fatura da água?')
  await sent(/Isto ajudou\?/)
  await twilio.texts(phone, 'não')
  await sent(/Lamento/)
  await twilio.texts(phone, 'quero uma videochamada')
  const link = /https?:\/\/[^\s"\\]+\/call\/[\w-]{43}/.exec(JSON.stringify(await sent(/\/call\/[\w-]{43}/)))![0]
  await row(inbox, /./).first().waitFor()
  const call = await faceToFace(link)
  const conversationId = new URL(inbox.url()).pathname.split('/').at(-1)!
  await helped(call, 'https://www.valeformoso.example/obras.pdf')
  await sent(/obras\.pdf/)
  await closeConversation(inbox, { survey: true })
  await sent(/A videochamada terminou. De 1 a 5/)
  await twilio.texts(phone, '5')
  await sent(/Quer dizer-nos porqu/)
  await counted(conversationId)
  expect(await gateway.gateway.pool.db.selectFrom('conversation').select((eb) => eb.fn.countAll<string>().as('n')).executeTakeFirst()).toEqual({ n: '2' })
}, 120_000)

test('the numbers page shows exactly these facts, and each figure opens the conversations behind it', async () => {
  await inbox.goto(`${gateway.url}/inbox/numbers`)
  const figure = (name: string) => inbox.locator('.figure').filter({ has: inbox.locator('.figure-name', { hasText: new RegExp(`^${name}$`) }) })
  const shown = async (name: string) => (await figure(name).locator('b').innerText()).trim()
  await figure('Conversas').waitFor()
  const want = {
    Conversas: '2', 'Com pessoas': '2', Terminadas: '2', Satisfação: '—', 'Só com o assistente': '0', 'Sem resposta do assistente': '0', 'Respostas úteis': '0', 'Respostas não úteis': '2', Reabertas: '0', 'Mensagens não entregues': '0', 'Mensagens em dúvida': '0',
    'Videochamadas pedidas': '2', 'Videochamadas feitas': '2', 'Videochamadas perdidas': '0', 'Satisfação com o vídeo': '5',
  }
  expect(Object.fromEntries(await Promise.all(Object.keys(want).map(async (name) => [name, await shown(name)])))).toEqual(want)
  await shot(inbox, 'numbers')
  await figure('Videochamadas feitas').getByRole('button').click()
  const behind = inbox.getByRole('dialog', { name: /^Videochamadas feitas/ })
  await behind.getByText('Maria Silva').first().waitFor()
  expect(await behind.getByRole('link').count()).toBe(2)
  await inbox.keyboard.press('Escape')
  await inbox.getByLabel('Agrupar por').selectOption('channel')
  const byChannel = inbox.getByRole('region', { name: 'Canal' })
  await byChannel.getByRole('button', { name: /Videochamadas feitas: 1$/ }).first().waitFor()
  expect(await byChannel.getByRole('button', { name: /Videochamadas feitas: 1$/ }).count()).toBe(2)
  // On paper nothing is cut off: an A4 sheet within its margins.
  await inbox.setViewportSize({ width: 718, height: 1_000 })
  await inbox.emulateMedia({ media: 'print' })
  const edges = await inbox.locator('.reports :is(th, td):visible').evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().right))
  expect(edges.length).toBeGreaterThan(50)
  expect(Math.max(...edges)).toBeLessThanOrEqual(718)
  await inbox.emulateMedia({ media: 'screen' })
  await inbox.setViewportSize({ width: 1366, height: 768 })
  // The same in a file, and what a town may publish of two conversations: nothing but the days.
  const csv = await inbox.evaluate(async () => (await fetch(document.querySelector<HTMLAnchorElement>('a[href*="export.csv"]')!.href)).text())
  expect(csv.split('\r\n')).toHaveLength(4)
  const open = await inbox.evaluate(async () => (await fetch(document.querySelector<HTMLAnchorElement>('a[href*="open-data"]')!.href)).text())
  expect(open).toMatch(/^\ufeff?dia,.*\r\n\d{4}-\d\d-\d\d,,,,,\r\n$/)
})

test('no page broke, and none was stopped by its own policy', () => {
  expect(complaints).toEqual([])
})
