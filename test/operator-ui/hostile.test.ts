import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findChromium } from '../vendors/browser.ts'
import { composer, type Inboxes, openInboxes, thread, type Town, until } from './harness.ts'

let inboxes: Inboxes
let town: Town
// A whole browser: the other one also tells of requests that the page's policy then refused.
beforeAll(async () => { inboxes = await openInboxes(findChromium()) })
afterEach(() => town.close())
afterAll(() => inboxes.close())

const attacks = [
  '<img src=x onerror="alert(1)">', '<svg/onload=alert(2)>', '"><script>alert(3)</script>', '{{7*7}} ${7*7}',
  'javascript:alert(4)', 'data:text/html,<script>alert(5)</script>', '[clique](javascript:alert(6))',
]

test('what is written in markup is shown as it was written, everywhere', async () => {
  town = await inboxes.town()
  const { state } = town.standIn
  for (const attack of attacks) state.hear('2', attack)
  const kept = state.kept('2')!
  kept.summary = { ...kept.summary, subject: attacks[0]!, topic: attacks[1]!, tags: [attacks[2]!], citizen: { ...kept.summary.citizen, name: attacks[0]! } }
  kept.attributes = { morada: attacks[1]! }
  state.hear('2', '', { attachments: [{ id: '1', kind: 'file', mimeType: 'text/html', name: `a\u202Egpj.exe${attacks[0]}`, bytes: 1, state: 'stored', detail: null, role: null, url: '/files/1/x', previewUrl: null }], contact: { name: attacks[1]!, phones: ['+351 912 000 000'] } })
  const page = await town.open('/inbox/c/2?view=all')
  await thread(page).getByRole('article').first().waitFor()
  await page.getByRole('button', { name: /Ir para o fim|mensage/ }).click().catch(() => undefined)
  for (const attack of attacks.slice(-3)) await until(attack, async () => await thread(page).getByText(attack, { exact: true }).count() > 0)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  expect(await page.evaluate(() => document.querySelectorAll('#root img[src="x"], #root script, #root svg[onload]').length)).toBe(0)
  expect(await page.evaluate(() => [...document.querySelectorAll<HTMLAnchorElement>('#root a[href]')].map((link) => new URL(link.href).protocol).filter((protocol) => !['http:', 'https:', 'mailto:', 'tel:'].includes(protocol)))).toEqual([])
  expect(await page.locator('.file bdi').last().textContent()).not.toContain('\u202E')
  expect(town.complaints).toEqual([])
})

test('a link shows where it leads and gives nothing away', async () => {
  town = await inboxes.town()
  town.standIn.state.hear('5', 'Veja https://www.xn--valeformso-e8a.example/entrar.')
  const page = await town.open('/inbox/c/5?view=all')
  const link = thread(page).getByRole('link').last()
  await link.waitFor()
  expect(await link.getAttribute('href')).toBe('https://www.xn--valeformso-e8a.example/entrar')
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer nofollow ugc')
  expect(await link.textContent()).toContain('letras parecidas')
})

test('the original of a mail is shown without script, outside pictures or our origin', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=all')
  await thread(page).getByRole('article').first().waitFor()
  const asked: string[] = []
  page.on('request', (request) => { if (!request.url().startsWith(town.standIn.url)) asked.push(request.url()) })
  const messages = page.evaluate(() => new Promise<string>((resolve) => { window.addEventListener('message', (event) => resolve(String(event.data))); window.addEventListener('pagehide', () => resolve('none')) })).catch(() => 'none')
  await until('the mail', async () => {
    if (await page.getByRole('button', { name: 'Ver original' }).count() > 0) return true
    await thread(page).evaluate((element) => element.scrollBy(0, -200))
    return false
  })
  await page.getByRole('button', { name: 'Ver original' }).click()
  const frame = page.frameLocator('iframe')
  await frame.getByText('1 284').waitFor()
  expect(await page.locator('iframe').getAttribute('sandbox')).toBe('')
  await page.reload()
  expect(await messages).toBe('none')
  expect(asked.filter((url) => !url.startsWith('about:') && !url.startsWith('data:'))).toEqual([])
})

test('a NIF or a card number is pointed out before it is sent', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=all')
  await composer(page).fill('O seu NIF é o 123 456 789?')
  await page.getByText('parece ter um NIF').waitFor()
  await composer(page).fill('Ligue para o 912 345 678.')
  await until('no warning', async () => await page.getByText('parece ter um NIF').count() === 0)
})
