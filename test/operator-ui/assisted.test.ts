/** A form filled together with the citizen: from the operator's page through the real gateway to the citizen and back into the line of time. */

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { signIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'
import { findHeadlessChromium } from '../vendors/browser.ts'
import { patience, thread, until } from './harness.ts'

vi.setConfig({ testTimeout: 90_000 })

let vendor: PlainVendor
let gateway: Harness
let browser: Browser
let page: Page

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [path.resolve('scripts/build.mjs')])
  const { executablePath, args } = await findHeadlessChromium()
  vendor = await plainVendor()
  // With the sample rulebook: its forms are those that are filled.
  gateway = await startGateway({ channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind() } })
  browser = await chromium.launch({ executablePath, args })
  const ana = await signIn(gateway, 'ana@valeformoso.example')
  const context = await browser.newContext({ locale: 'pt-PT', timezoneId: 'Europe/Lisbon', viewport: { width: 1366, height: 900 } })
  context.setDefaultTimeout(patience)
  await context.addCookies(ana.cookie.split('; ').map((one) => ({ name: one.slice(0, one.indexOf('=')), value: one.slice(one.indexOf('=') + 1), url: gateway.url })))
  page = await context.newPage()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
  await vendor?.close()
})

const field = (name: string) => page.getByRole('dialog').getByRole('textbox', { name, exact: true })
async function openWith(from: string): Promise<string> {
  await gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, { messages: [{ id: `m-${from}`, from, text: 'Bom dia, venho dar a leitura', name: from }] })
  const { id } = await gateway.gateway.pool.db.selectFrom('conversation').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  await page.goto(`${gateway.url}/inbox/c/${id}?view=all`)
  await thread(page).getByRole('article').first().waitFor()
  return id
}
const choose = async (name: RegExp) => {
  await page.getByRole('complementary').getByRole('button', { name: 'Preencher formulário' }).click()
  await page.getByRole('option', { name }).click()
}

test('the operator fills it with the bot’s own checks, and hands it in with the citizen’s consent; the number reaches the citizen once', async () => {
  const id = await openWith('Aurora')
  await choose(/leitura do contador/)
  await field('Número de cliente').fill('12')
  await field('Leitura').fill('1.234')
  await page.getByText('O número de cliente tem entre 5 e 7 algarismos').waitFor()
  await page.getByRole('button', { name: 'Rever' }).click()
  await until('the focus on what is wrong', () => field('Número de cliente').evaluate((element) => element === document.activeElement))
  await field('Número de cliente').fill('123456')
  await page.getByText('Fica: 1234').waitFor()
  await page.getByRole('button', { name: 'Rever' }).click()
  await page.getByText('Leia ao munícipe antes de entregar').waitFor()
  const handIn = page.getByRole('button', { name: 'Entregar o pedido' })
  expect(await handIn.isDisabled()).toBe(true)
  await page.getByRole('radio', { name: /por telefone/ }).check()
  await handIn.dblclick()
  const receipt = /LEI-2026-\d+/.exec(await page.getByRole('dialog').getByText(/LEI-/).innerText())?.[0] ?? ''
  await page.getByRole('dialog').getByRole('button', { name: 'Fechar' }).last().click()
  await until('the citizen has the number', () => vendor.ledger.filter(({ text }) => text.includes(receipt)).length === 1)
  await thread(page).getByText(new RegExp(`«Comunicar a leitura do contador» · ${receipt} em nome do munícipe, que concordou por telefone`)).waitFor()
  await thread(page).getByRole('article').filter({ hasText: 'Número de cliente: 123456' }).waitFor()
  const submitted = await gateway.gateway.pool.db.selectFrom('activity').select('data').where('conversation_id', '=', id).where('type', '=', 'submit').execute()
  expect(submitted.map(({ data }) => data)).toEqual([{ form: 'leitura', title: 'Comunicar a leitura do contador', receipt, assisted: true, consent: 'spoken' }])
})

test('a picture that the citizen has sent is chosen as an answer, and goes with it', async () => {
  vendor.media.set('pic-1', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'))
  const id = await openWith('Clara')
  await gateway.gateway.receiver.receive(gateway.channels.all.get('linha')!, {
    messages: [{ id: 'm-pic', from: 'Clara', text: 'Aqui está', attachments: [{ kind: 'image', source: 'pic-1', mimeType: 'image/png', name: 'contador.png' }] }],
  })
  const { db } = gateway.gateway.pool
  await until('the picture', () => db.selectFrom('attachment').select('id').where('state', '=', 'stored').executeTakeFirst())
  await choose(/leitura do contador/)
  await field('Número de cliente').fill('111222')
  await field('Leitura').fill('88')
  await page.getByRole('group', { name: 'Já enviados pelo munícipe' }).getByRole('checkbox', { name: /contador\.png/ }).check()
  await page.getByRole('button', { name: 'Rever' }).click()
  await page.getByRole('definition').filter({ hasText: 'contador.png' }).waitFor()
  await page.getByRole('radio', { name: /Escreveu-o/ }).check()
  await page.getByRole('button', { name: 'Entregar o pedido' }).click()
  await page.getByText('Pedido entregue').waitFor()
  const files = await db.selectFrom('attachment').innerJoin('message', 'message.id', 'attachment.message_id').select(['message.direction', 'attachment.name', 'attachment.sha256', 'attachment.state'])
    .where('message.conversation_id', '=', id).orderBy('message.seq').execute()
  const [sent, noted] = files
  expect(files).toHaveLength(2)
  expect(noted).toEqual({ ...sent, direction: 'note' })
})

test('handed in while the gateway cannot be reached, it says so, keeps every answer, and goes once when asked again', async () => {
  await openWith('Bento')
  await choose(/leitura do contador/)
  await field('Número de cliente').fill('654321')
  await field('Leitura').fill('77')
  await page.getByRole('button', { name: 'Rever' }).click()
  await page.getByRole('radio', { name: /ao balcão/ }).check()
  // The gateway does it, and its answer is lost on the way.
  await page.route('**/act', async (route) => { await route.fetch(); await route.abort() }, { times: 1 })
  await page.getByRole('button', { name: 'Entregar o pedido' }).click()
  await page.getByRole('dialog').getByRole('alert').waitFor()
  await page.getByRole('button', { name: 'Entregar o pedido' }).click()
  await page.getByText('Pedido entregue').waitFor()
  await until('said', () => vendor.ledger.filter(({ text }) => text.startsWith('Leitura 77')).length === 1)
  expect((await gateway.gateway.pool.db.selectFrom('activity').select('data').where('type', '=', 'submit').execute()).filter(({ data }) => data.consent === 'counter')).toHaveLength(1)
})
