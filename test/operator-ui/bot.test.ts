/** The bot tried and taught in a real browser, before the real gateway and a rulebook on the disk. */

import { appendFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loadRulebook } from '../../src/bot/load.ts'
import { playTranscripts } from '../../src/bot/tools/transcripts.ts'
import { signIn, type SignedIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'
import { findHeadlessChromium } from '../vendors/browser.ts'
import { patience } from './harness.ts'

vi.setConfig({ testTimeout: 90_000 })

let folder: string
let vendor: PlainVendor
let gateway: Harness
let browser: Browser
let ana: SignedIn
let eva: SignedIn

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [path.resolve('scripts/build.mjs')])
  folder = await mkdtemp(path.join(tmpdir(), 'balcao-taught-'))
  await cp('config/bot', folder, { recursive: true })
  vendor = await plainVendor()
  const { executablePath, args } = await findHeadlessChromium()
  browser = await chromium.launch({ executablePath, args })
  gateway = await startGateway({
    channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() },
    config: { bot: { folder } }, calendar: { hours: { 'mon-fri': ['09:00-17:00'] } },
  })
  ana = await signIn(gateway, 'ana@valeformoso.example')
  eva = await signIn(gateway, 'eva@valeformoso.example', { role: 'supervisor', departments: ['geral'] })
  await asked('m1', 'Zé', 'Chamo-me Zulmira Pinto, NIF 123456789: a que dia limpam as sarjetas do bairro novo')
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
  await vendor?.close()
  if (folder) await rm(folder, { recursive: true })
})

const asked = (id: string, from: string, text: string) => fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id, from, text, name: from }] }) })

async function pageOf(who: SignedIn, at: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'pt-PT', timezoneId: 'Europe/Lisbon', viewport: { width: 1366, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] })
  context.setDefaultTimeout(patience)
  await context.addCookies(who.cookie.split('; ').map((one) => ({ name: one.slice(0, one.indexOf('=')), value: one.slice(one.indexOf('=') + 1), url: gateway.url })))
  const page = await context.newPage()
  await page.goto(`${gateway.url}${at}`)
  return page
}
const write = async (page: Page, text: string) => {
  await page.getByRole('textbox', { name: 'Escreva como munícipe' }).fill(text)
  await page.keyboard.press('Enter')
}
const log = (page: Page) => page.getByRole('log')

test('a conversation is tried on the page, on the phone by numbers, and on a Sunday at night; it becomes a test', async () => {
  const page = await pageOf(ana, '/inbox/settings/bot')
  await page.getByLabel('Canal').selectOption({ label: 'Chat da página (não configurado)' })
  await page.getByLabel('Dia e hora').fill('2026-11-29T23:00')
  await write(page, 'menu')
  const buttons = log(page).locator('.trial-choices button')
  await buttons.first().waitFor()
  const label = await buttons.first().innerText()
  await log(page).getByRole('button', { name: label, exact: true }).click()
  await log(page).locator('.trial-turn').nth(1).locator('.trial-bot').waitFor()
  const byButton = await log(page).locator('.trial-turn').nth(1).locator('.trial-bot').first().innerText()

  // The same conversation, where there are no buttons.
  await page.getByLabel('Canal').selectOption({ label: 'SMS (não configurado)' })
  await log(page).getByText(`1. ${label}`).waitFor()
  await page.getByRole('button', { name: 'Recomeçar' }).click()
  await write(page, 'menu')
  await log(page).getByText(`1. ${label}`).waitFor()
  await write(page, '1')
  await log(page).locator('.trial-turn').nth(1).locator('.trial-bot').waitFor()
  expect((await log(page).locator('.trial-turn').nth(1).locator('.trial-bot').first().innerText()).split('\n')[0]).toBe(byButton.split('\n')[0])

  await write(page, 'quero falar com uma pessoa')
  await log(page).getByText('abre amanhã às 09:00').waitFor()
  await log(page).getByText('Passa a pessoas').waitFor()
  await log(page).getByText('Porquê?').last().click()
  await log(page).getByText('vence o resto').last().waitFor()

  await page.getByRole('button', { name: 'Copiar como teste' }).click()
  await page.getByText('Copiado. Guarde-o').waitFor()
  const transcript = await page.evaluate(() => navigator.clipboard.readText())
  const { rulebook } = await loadRulebook(folder)
  expect(playTranscripts(rulebook!, [{ name: 't.yaml', text: transcript }]).outcomes).toEqual([{ file: 't.yaml', name: 'menu', failures: [] }])
  await page.context().close()
})

test('by keyboard alone, a citizen’s words become an example: without who wrote them, seen before, in use at once', async () => {
  const page = await pageOf(ana, '/inbox/settings/misses')
  const card = page.locator('.card').first()
  await card.getByRole('button', { name: 'Outra resposta…' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: 'A que resposta pertence?' }).waitFor()
  await page.keyboard.type('rutura')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Retirámos o que parece dizer de quem é: NIF, nome.').waitFor()
  const words = 'a que dia limpam as sarjetas do bairro novo'
  expect(await dialog.getByRole('textbox', { name: 'Palavras do munícipe' }).inputValue()).toBe(words)
  await dialog.getByRole('region', { name: 'Linhas que mudam em agua.yaml' }).getByText(words).waitFor()
  await dialog.getByText('Experimentar com esta mudança').focus()
  await page.keyboard.press('Enter')
  await dialog.getByRole('textbox', { name: 'Escreva como munícipe' }).focus()
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
  await dialog.getByText('Resposta: ').waitFor()
  expect(await readFile(path.join(folder, 'agua.yaml'), 'utf8')).not.toContain(words)

  await dialog.getByRole('button', { name: 'Escrever no ficheiro' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Escrito em agua.yaml, e já em uso.').waitFor()
  const written = await readFile(path.join(folder, 'agua.yaml'), 'utf8')
  expect(written).toContain(words)
  expect(written).not.toContain('Zulmira')
  await asked('m2', 'Rita', words)
  await gateway.until('the answer', () => vendor.ledger.some(({ text }) => text.includes('253 000 200')))
  await page.context().close()
})

test('what an editor saved meanwhile stays: the page says so, and shows the change anew', async () => {
  await asked('m3', 'Ivo', 'quem afina o relógio da torre velha')
  const page = await pageOf(ana, '/inbox/settings/misses')
  await page.locator('.card').filter({ hasText: 'torre velha' }).getByRole('button', { name: 'Outra resposta…' }).click()
  await page.keyboard.type('rutura')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('region', { name: /^Linhas que mudam/ }).waitFor()
  await appendFile(path.join(folder, 'agua.yaml'), '\n# combinar com a Rita\n')
  await dialog.getByRole('button', { name: 'Escrever no ficheiro' }).click()
  await dialog.getByText('O ficheiro agua.yaml mudou entretanto').waitFor()
  expect(await readFile(path.join(folder, 'agua.yaml'), 'utf8')).not.toContain('torre velha')
  await dialog.getByRole('button', { name: 'Escrever no ficheiro' }).click()
  await page.getByText('Escrito em agua.yaml').waitFor()
  const written = await readFile(path.join(folder, 'agua.yaml'), 'utf8')
  expect([written.includes('torre velha'), written.includes('# combinar com a Rita')]).toEqual([true, true])
  await page.context().close()
})

test('a supervisor tries the bot and sees the questions, but is shown no way to write', async () => {
  const page = await pageOf(eva, '/inbox/settings/bot')
  await write(page, 'olá')
  await log(page).locator('.trial-bot').waitFor()
  await page.getByRole('link', { name: 'Sem resposta do assistente' }).click()
  await page.getByRole('heading', { level: 1, name: 'Sem resposta do assistente' }).waitFor()
  await page.locator('.card, .misses-answered, .state.empty').first().waitFor()
  expect(await page.getByRole('button', { name: 'Outra resposta…' }).count()).toBe(0)
  await page.context().close()
})
