/** Takes the pictures of the inbox for the docs: `npm run build && npx tsx scripts/screenshots.ts [folder] [name …]`. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { webchatWith } from '../src/channels/webchat/index.ts'
import { openDatabase } from '../src/database.ts'
import { buildWidget } from '../test/channels/webchat/setting.ts'
import { startGateway } from '../test/harness/gateway.ts'
import { type StandIn, startStandIn } from '../test/operator-ui/stand-in/server.ts'
import { findChromium } from '../test/vendors/browser.ts'
import { indexedPng } from './indexed-png.ts'

interface Shot {
  name: string
  size: [number, number]
  path: string
  options?: BrowserContextOptions
  operator?: string | null
  /** Taken only when asked for by name: to look at, not for the docs. */
  isForLooking?: true
  before?(page: Page, standIn: StandIn): Promise<void>
}

/** A Monday morning in November, whenever the pictures are taken. */
const morning = Date.parse('2026-11-23T10:42:00Z')
const dark: BrowserContextOptions = { colorScheme: 'dark' }
const phone: BrowserContextOptions = { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
const rows = async (page: Page) => void await page.getByRole('option').first().waitFor()
const opened = async (page: Page) => {
  await page.getByRole('log').locator('article').first().waitFor()
  await page.getByText('Dados').first().waitFor({ state: 'attached' }).catch(() => undefined)
}
const scrolled = (by: number) => async (page: Page) => {
  await opened(page)
  await page.getByRole('log').evaluate((element, far) => element.scrollBy(0, far), by)
  await page.getByRole('log').locator('img').first().waitFor({ state: 'attached', timeout: 2000 }).catch(() => undefined)
}

const shots: Shot[] = [
  { name: 'inbox', size: [1366, 768], path: '/inbox/c/2?view=mine', before: scrolled(-1150) },
  { name: 'inbox-dark', size: [1366, 768], options: dark, path: '/inbox/c/2?view=waiting', before: opened },
  { name: 'inbox-phone', size: [360, 740], options: phone, path: '/inbox/?view=waiting', before: rows },
  { name: 'inbox-phone-conversation', size: [360, 740], options: phone, path: '/inbox/c/2?view=mine', before: opened },
  {
    name: 'inbox-palette', size: [1366, 768], path: '/inbox/c/2?view=mine',
    before: async (page) => { await opened(page); await page.keyboard.press('Control+k'); await page.getByRole('dialog').waitFor() },
  },
  {
    name: 'inbox-form', size: [1366, 768], path: '/inbox/c/2?view=mine',
    before: async (page) => {
      await opened(page)
      await page.getByRole('complementary').getByRole('button', { name: 'Preencher formulário' }).click()
      await page.getByRole('dialog').getByRole('option', { name: /contador/ }).click()
      await page.getByRole('textbox', { name: 'Número de cliente' }).fill('123456')
      await page.getByRole('textbox', { name: 'Leitura' }).fill('1.284')
      await page.getByRole('button', { name: 'Rever' }).click()
      await page.getByRole('radio', { name: /por telefone/ }).check()
    },
  },
  { name: 'inbox-channels', size: [1366, 900], path: '/inbox/settings/channels', before: async (page) => void await page.getByRole('img', { name: 'Código de emparelhamento' }).waitFor() },
  {
    name: 'line-lost', size: [1366, 768], path: '/inbox/c/2?view=mine', isForLooking: true,
    before: async (page, standIn) => { await opened(page); standIn.cut(); await page.getByText('Sem ligação em direto').waitFor() },
  },
  { name: 'wide', size: [2560, 1300], path: '/inbox/c/2?view=all', isForLooking: true, before: scrolled(-900) },
  { name: 'long-texts', size: [1100, 768], path: '/inbox/c/3?view=all', isForLooking: true, before: async (page, standIn) => { standIn.state.hear('3', `${'Umapalavrasemfim'.repeat(30)} ${'com palavras curtas também '.repeat(60)}`); await opened(page) } },
  { name: 'empty', size: [1366, 768], path: '/inbox/?view=all&q=zzzz', isForLooking: true, before: async (page) => void await page.getByText('Nada encontrado.').waitFor() },
  { name: 'writing', size: [1366, 768], path: '/inbox/c/2?view=mine', isForLooking: true, before: async (page) => { await opened(page); await page.getByRole('textbox', { name: 'Texto da mensagem' }).pressSequentially('Bom dia, D. Maria. /'); await page.getByRole('listbox', { name: 'Respostas rápidas' }).waitFor() } },
  { name: 'sign-in', size: [1366, 768], path: '/inbox/', operator: null, isForLooking: true, before: async (page) => void await page.getByRole('heading').waitFor() },
  { name: 'problems', size: [1366, 768], path: '/inbox/settings/problems', isForLooking: true, before: async (page) => void await page.getByRole('listitem').first().waitFor() },
  { name: 'settings-phone', size: [360, 740], options: phone, path: '/inbox/settings/quick-answers', isForLooking: true, before: async (page) => void await page.getByText('/bomdia').waitFor() },
]

const folder = process.argv[2] ?? 'docs/images'
const wanted = process.argv.slice(3)
await mkdir(folder, { recursive: true })
const { executablePath, args } = await findChromium()
const browser = await chromium.launch({ executablePath, args })
for (const { name, size: [width, height], options, operator = 'op-ana', path, before, isForLooking } of shots) {
  if (wanted.length > 0 ? !wanted.includes(name) : isForLooking) continue
  const standIn = await startStandIn({ conversations: 400, now: morning })
  const context = await browser.newContext({ viewport: { width, height }, locale: 'pt-PT', timezoneId: 'Europe/Lisbon', ...options })
  if (operator) await context.addCookies([{ name: 'balcao', value: standIn.cookieOf(operator), url: standIn.url }])
  const page = await context.newPage()
  await page.clock.setFixedTime(morning)
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`))
  await page.goto(`${standIn.url}${path}`)
  await before?.(page, standIn)
  await page.evaluate(() => document.fonts.ready)
  // Two frames on, what was scrolled to is drawn.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  await writeFile(`${folder}/${name}.png`, indexedPng(await page.screenshot({ animations: 'disabled' })))
  await context.close()
  await standIn.close()
}
if (wanted.length === 0 || wanted.includes('chat')) await citizenChat()
await browser.close()

/** The chat in the corner of the sample page, answered by the sample rulebook. */
async function citizenChat(): Promise<void> {
  const widget = await buildWidget()
  const data = await mkdtemp(path.join(tmpdir(), 'balcao-pictures-'))
  const database = await openDatabase({ url: undefined, folder: data, onTrouble: console.error })
  const gateway = await startGateway({
    databaseUrl: database.url,
    channels: { web: { kind: 'webchat', title: 'Município de Vale Formoso', colour: '#1f5d50', privacy: { url: 'https://valeformoso.example/privacidade', version: '2026-1' } } },
    kinds: { webchat: webchatWith(() => widget.folder) }, now: () => new Date(morning),
  })
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'pt-PT', timezoneId: 'Europe/Lisbon' })
  const page = await context.newPage()
  await page.clock.setFixedTime(morning)
  await page.goto(gateway.url)
  await page.locator('balcao-chat').getByRole('button').first().click()
  const field = page.locator('balcao-chat').getByRole('textbox')
  await field.fill('Bom dia, como comunico a leitura do contador?')
  await field.press('Enter')
  await page.locator('balcao-chat .choices button').first().waitFor()
  await page.locator('balcao-chat').getByText('Enviada').first().waitFor()
  await writeFile(`${folder}/chat.png`, indexedPng(await page.screenshot({ animations: 'disabled' })))
  await context.close()
  await gateway.close()
  await database.stop()
  await Promise.all([widget.remove(), rm(data, { recursive: true, force: true })])
}
