/** The numbers page, the wall board and the council's report in a real browser: on a laptop and a phone, by day and in the dark, and on paper. */

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withDemo } from '../../src/demo/demo-channels.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { findHeadlessChromium } from '../vendors/browser.ts'
import { signedIn } from './town.ts'

let gateway: Harness
let browser: Browser
let axe: string
let storageState: Exclude<BrowserContextOptions['storageState'], string | undefined>
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [path.resolve('scripts/build.mjs')])
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  gateway = await startGateway({ channels: {}, change: withDemo })
  const { executablePath, args } = await findHeadlessChromium()
  browser = await chromium.launch({ executablePath, args })
  const context = await browser.newContext({ locale: 'pt-PT', timezoneId: 'Europe/Lisbon' })
  context.setDefaultTimeout(15_000)
  await signedIn(gateway, await context.newPage())
  storageState = await context.storageState()
  await context.close()
  await gateway.gateway.pool.db.updateTable('operator').set({ role: 'admin' }).where('email', '=', 'ana@valeformoso.example').execute()
  const { all } = gateway.channels
  await seedDemo({ gateway: gateway.gateway, channels: all, channelOf: (channel) => `demo-${channel}`, now: () => new Date() })
  const told = (await gateway.gateway.pool.db.selectFrom('conversation').select('id').execute()).length
  await gateway.until('the facts', async () => (await sql`select conversation_id from conversation_fact`.execute(gateway.gateway.pool.db)).rows.length === told)
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
})

const laptop = { width: 1366, height: 768 }
const phone = { width: 360, height: 740 }
const figures = async (page: Page) => void await page.locator('.figure').first().waitFor()
const by = (grouping: string) => async (page: Page) => {
  await figures(page)
  await page.getByLabel('Agrupar por').selectOption(grouping)
  await page.locator('.chart').waitFor()
}
const month = () => `/api/numbers/monthly?month=${new Date().toISOString().slice(0, 7)}`

interface Looked { name: string; path: string; viewport: { width: number; height: number }; colorScheme?: 'dark'; reach(page: Page): Promise<void> }
const looks: Looked[] = [
  { name: 'the numbers', path: '/inbox/numbers', viewport: laptop, reach: figures },
  { name: 'the numbers by day, in the dark', path: '/inbox/numbers', viewport: laptop, colorScheme: 'dark', reach: by('day') },
  { name: 'the numbers on a phone', path: '/inbox/numbers', viewport: phone, reach: by('department') },
  { name: 'the numbers on a phone, in the dark', path: '/inbox/numbers', viewport: phone, colorScheme: 'dark', reach: by('hour') },
  {
    name: 'the conversations behind a figure, on a phone', path: '/inbox/numbers', viewport: phone,
    async reach(page) {
      await figures(page)
      await page.locator('.figure button').first().click()
      await page.getByRole('dialog').getByRole('link').first().waitFor()
    },
  },
  { name: 'the wall board', path: '/inbox/wall', viewport: { width: 1920, height: 1080 }, reach: async (page) => void await page.locator('.wall-figures').waitFor() },
  { name: 'the wall board on a phone, in the dark', path: '/inbox/wall', viewport: phone, colorScheme: 'dark', reach: async (page) => void await page.locator('.wall-figures').waitFor() },
  { name: 'the council’s report', path: month(), viewport: laptop, colorScheme: 'dark', reach: async (page) => void await page.getByRole('heading', { level: 1 }).waitFor() },
  { name: 'the council’s report on a phone', path: month(), viewport: phone, reach: async (page) => void await page.getByRole('heading', { level: 1 }).waitFor() },
]

async function opened({ path: where, viewport, colorScheme, reach }: Looked): Promise<Page> {
  // The inspector is put in by the test.
  const context = await browser.newContext({ locale: 'pt-PT', timezoneId: 'Europe/Lisbon', viewport, storageState, bypassCSP: true, reducedMotion: 'reduce', ...(colorScheme && { colorScheme }) })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  await page.goto(`${gateway.url}${where}`)
  await reach(page)
  if (process.env.BALCAO_SCREENSHOTS) await page.screenshot({ path: `${process.env.BALCAO_SCREENSHOTS}/${looks.findIndex((each) => each.path === where && each.reach === reach)}.png`, fullPage: true })
  return page
}

test.each(looks)('$name: axe finds nothing to say, and nothing is wider than the screen', async (look) => {
  const page = await opened(look)
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { axe: engine } = window as unknown as { axe: { run(context: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    return (await engine.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
  })
  expect(found).toEqual([])
  const [main, right] = await page.evaluate(() => {
    const around = document.querySelector('main') ?? document.body
    return [around.clientWidth, around.scrollWidth]
  })
  expect(right).toBeLessThanOrEqual(main!)
  await page.context().close()
})

test('on paper the numbers are dark on white, whatever the screen, and nothing stands beyond the edge', async () => {
  const page = await opened({ ...looks[0]!, colorScheme: 'dark' })
  await page.evaluate(() => { document.documentElement.dataset.theme = 'dark' })
  await page.setViewportSize({ width: 718, height: 1_000 })
  await page.emulateMedia({ media: 'print' })
  // Who wants less motion has each change at once, but one frame later.
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)) }))
  const [background, text] = await page.evaluate(() => [document.body, document.querySelector('.figure b')!].map((element, n) => getComputedStyle(element)[n === 0 ? 'backgroundColor' : 'color']))
  const light = (colour: string) => [...colour.matchAll(/\d+/g)].slice(0, 3).reduce((sum, [part]) => sum + Number(part), 0) / 3
  expect(light(background!)).toBeGreaterThan(240)
  expect(light(text!)).toBeLessThan(80)
  const edges = await page.locator('.reports :is(th, td, .figure, h2):visible').evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().right))
  expect(Math.max(...edges)).toBeLessThanOrEqual(718)
  await page.context().close()
})

test.each([
  ['department', 'pt', 'Águas'], ['department', 'en', 'Water'], ['topic', 'pt', 'Água'], ['topic', 'en', 'Water'], ['language', 'pt', 'português'], ['language', 'en', 'Portuguese'],
])('in groups by %s, whoever reads %s reads «%s», on the page and in the files', async (grouping, language, name) => {
  const context = await browser.newContext({ storageState })
  const query = `from=2020-01-01&to=2099-01-01&by=${grouping}&language=${language}`
  const { lines } = await (await context.request.get(`${gateway.url}/api/numbers?${query}`)).json() as { lines: { label: string }[] }
  expect(lines.map(({ label }) => label)).toContain(name)
  expect(await (await context.request.get(`${gateway.url}/api/numbers/export.csv?${query}`)).text()).toMatch(new RegExp(`^"?${name}"?,`, 'm'))
  await context.close()
})
