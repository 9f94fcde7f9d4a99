/** Takes the pictures of the inbox that the docs show: `npx vite build operator-ui && npx tsx scripts/screenshots.ts [folder] [name …]`. */

import { mkdir } from 'node:fs/promises'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { type StandIn, startStandIn } from '../test/operator-ui/stand-in/server.ts'
import { findChromium } from '../test/vendors/browser.ts'

interface Shot { name: string; size: [number, number]; options?: BrowserContextOptions; isSignedOut?: true; path: string; before?(page: Page, standIn: StandIn): Promise<void> }

const dark: BrowserContextOptions = { colorScheme: 'dark' }
const phone: BrowserContextOptions = { hasTouch: true, isMobile: true }
const opened = async (page: Page) => void await page.getByRole('log').locator('article').first().waitFor()

const shots: Shot[] = [
  { name: 'inbox', size: [1366, 768], path: '/inbox/c/2?view=mine', before: opened },
  { name: 'inbox-dark', size: [1366, 768], options: dark, path: '/inbox/c/2?view=waiting', before: opened },
  { name: 'inbox-wide', size: [2560, 1300], path: '/inbox/c/2?view=all', before: opened },
  { name: 'phone-list', size: [360, 740], options: phone, path: '/inbox/?view=waiting', before: async (page) => void await page.getByRole('option').first().waitFor() },
  { name: 'phone-conversation', size: [360, 740], options: { ...phone, ...dark }, path: '/inbox/c/2?view=mine', before: opened },
  { name: 'sign-in', size: [1366, 768], path: '/inbox/', isSignedOut: true, before: async (page) => void await page.getByRole('heading').waitFor() },
  { name: 'palette', size: [1366, 768], path: '/inbox/c/2?view=mine', before: async (page) => { await opened(page); await page.keyboard.press('Control+k'); await page.getByRole('dialog').waitFor() } },
  { name: 'channels', size: [1366, 900], path: '/inbox/settings/channels', before: async (page) => void await page.getByRole('article').first().waitFor() },
  {
    name: 'line-lost', size: [1366, 768], path: '/inbox/c/2?view=mine',
    before: async (page, standIn) => { await opened(page); standIn.cut(); await page.getByText('Sem ligação em direto').waitFor() },
  },
]

const folder = process.argv[2] ?? 'docs/images'
const wanted = process.argv.slice(3)
await mkdir(folder, { recursive: true })
const { executablePath, args } = await findChromium()
const browser = await chromium.launch({ executablePath, args })
for (const { name, size: [width, height], options, isSignedOut, path, before } of shots.filter((shot) => wanted.length === 0 || wanted.includes(shot.name))) {
  const standIn = await startStandIn({ conversations: 400 })
  const context = await browser.newContext({ viewport: { width, height }, locale: 'pt-PT', timezoneId: 'Europe/Lisbon', ...options })
  if (!isSignedOut) await context.addCookies([{ name: 'balcao', value: standIn.cookieOf('op-ana'), url: standIn.url }])
  const page = await context.newPage()
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') console.error(`${name}: ${message.text()}`) })
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`))
  await page.goto(`${standIn.url}${path}`)
  await before?.(page, standIn)
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: `${folder}/${name}.png` })
  await context.close()
  await standIn.close()
}
await browser.close()
