/** The inbox before the real gateway: real database, real outbox, a vendor that misbehaves. */

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Responder } from '../../src/core/model.ts'
import { freshDatabase } from '../database.ts'
import { signIn, type SignedIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'
import { findHeadlessChromium } from '../vendors/browser.ts'
import { composer, patience, row, thread, until } from './harness.ts'

vi.setConfig({ testTimeout: 90_000 })

const toPeople: Responder = (state) => ({ actions: [{ do: 'hand-off', departmentId: 'aguas', reason: 'asked' }], state })
let database: Awaited<ReturnType<typeof freshDatabase>>
let vendor: PlainVendor
let gateway: Harness
let browser: Browser
let ana: SignedIn
let rui: SignedIn

const startAt = (port: number) => startGateway({
  databaseUrl: database.url, channels: { linha: { kind: 'plain', vendorUrl: vendor.url } }, kinds: { plain: plainKind({ outbound: { edits: false, deletes: false, reactions: true, typing: false } }) }, respond: toPeople,
  ...(port > 0 && { config: { server: { port, publicUrl: `http://127.0.0.1:${port}` } } }),
})

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [path.resolve('scripts/build.mjs')])
  const { executablePath, args } = await findHeadlessChromium()
  database = await freshDatabase()
  vendor = await plainVendor()
  gateway = await startAt(0)
  browser = await chromium.launch({ executablePath, args })
  ana = await signIn(gateway, 'ana@valeformoso.example')
  rui = await signIn(gateway, 'rui@valeformoso.example', { role: 'operator', departments: ['aguas'] })
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
  await vendor?.close()
  await database?.drop()
})

async function pageOf(who: SignedIn, at: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'pt-PT', timezoneId: 'Europe/Lisbon', viewport: { width: 1366, height: 900 } })
  context.setDefaultTimeout(patience)
  await context.addCookies(who.cookie.split('; ').map((one) => ({ name: one.slice(0, one.indexOf('=')), value: one.slice(one.indexOf('=') + 1), url: gateway.url })))
  const page = await context.newPage()
  await page.goto(`${gateway.url}${at}`)
  return page
}
let written = 0
async function citizenWrites(from: string, text: string): Promise<void> {
  written += 1
  const answer = await fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id: `m${written}`, from, text, name: from }] }) })
  expect(answer.status).toBe(200)
}
const sent = (text: string) => vendor.ledger.filter((one) => one.text === text)
const send = async (page: Page, text: string) => {
  await composer(page).fill(text)
  await page.keyboard.press('Control+Enter')
}

test('who writes appears, is answered, and the answer reaches them once', async () => {
  const page = await pageOf(ana, '/inbox/?view=waiting')
  await citizenWrites('Beatriz', 'Tenho uma fuga de água')
  await row(page, /Beatriz/).click()
  await thread(page).getByText('Tenho uma fuga de água').waitFor()
  await send(page, 'Já vai uma equipa a caminho.')
  await thread(page).getByText('enviada', { exact: true }).waitFor()
  expect(sent('Já vai uma equipa a caminho.')).toHaveLength(1)
  await page.context().close()
})

test('what a colleague wrote on the town’s own phone stands there as such, and as no one’s in particular', async () => {
  const page = await pageOf(ana, '/inbox/?view=waiting')
  await citizenWrites('Duarte', 'Há alguém?')
  await row(page, /Duarte/).click()
  const echoes = [{ id: 'own-1', to: 'Duarte', text: 'Bom dia, Duarte, fala a Rita.' }]
  expect((await fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ echoes }) })).status).toBe(200)
  await thread(page).getByRole('article', { name: /No telefone do município/ }).getByText('fala a Rita').waitFor()
  await page.context().close()
})

test('whoever wants it can take a reply back in time: it never leaves', async () => {
  const page = await pageOf(ana, '/inbox/?view=waiting')
  await page.getByRole('button', { name: /A minha conta/ }).click()
  await page.getByRole('menuitem', { name: 'Preferências' }).click()
  await page.getByRole('switch', { name: /Poder anular o envio/ }).click()
  await until('kept', async () => (await ana.get<{ undoSeconds: number }>('/api/session')).undoSeconds > 0)
  await page.keyboard.press('Escape')
  await citizenWrites('Catarina', 'Bom dia')
  await row(page, /Catarina/).click()
  await send(page, 'Enganei-me na pessoa.')
  await thread(page).getByRole('button', { name: /^Anular/ }).click()
  await until('the words back', async () => await composer(page).inputValue() === 'Enganei-me na pessoa.')
  await composer(page).fill('')
  await send(page, 'Bom dia, Catarina.')
  await until('the right one', () => sent('Bom dia, Catarina.').length === 1)
  expect(sent('Enganei-me na pessoa.')).toEqual([])
  await page.context().close()
})

test('what the vendor refuses says why, and is sent again by hand', async () => {
  vendor.behave = ({ text }) => (text === 'Vai ser recusada.' && sent('Vai ser recusada.').length === 0 && refusals++ === 0 ? 400 : 'accept')
  let refusals = 0
  const page = await pageOf(ana, '/inbox/?view=waiting')
  await citizenWrites('Diogo', 'Bom dia')
  await row(page, /Diogo/).click()
  await send(page, 'Vai ser recusada.')
  await thread(page).getByText('O canal recusou esta mensagem.').waitFor()
  await thread(page).getByRole('button', { name: 'Enviar de novo' }).click()
  await until('accepted', () => sent('Vai ser recusada.').length === 1)
  await until('no longer failed', async () => await thread(page).getByText('O canal recusou').count() === 0)
  vendor.behave = () => 'accept'
  await page.context().close()
})

test('what a citizen wrote is reacted to by mouse, once by a double click, and taken back by keyboard', async () => {
  const page = await pageOf(ana, '/inbox/?view=waiting')
  await citizenWrites('Filipa', 'Muito obrigada!')
  const id = `m${written}`
  await row(page, /Filipa/).click()
  const said = thread(page).getByRole('article').filter({ hasText: 'Muito obrigada!' })
  const more = said.getByRole('button', { name: 'Mais ações' })
  await more.click()
  await page.getByRole('menuitemradio', { name: 'Obrigado 🙏' }).dblclick()
  const ours = said.getByRole('button', { name: /🙏 Reação de .*Carregue para a retirar/ })
  await ours.waitFor()
  vendor.reactStatus = 400
  await ours.click()
  await page.getByText('O canal recusou a reação: passou o prazo').waitFor()
  vendor.reactStatus = 200
  await ours.focus()
  await page.keyboard.press('Enter')
  await ours.waitFor({ state: 'detached' })
  await more.focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await said.getByRole('button', { name: /😢 Reação de/ }).waitFor()
  const sent = vendor.reactions.filter((one) => one.id === id).map(({ emoji }) => emoji)
  expect(sent).toEqual(['🙏', null, null, '😢'])
  await page.context().close()
})

test('two operators at once: the second sees the first one’s reply before sending', async () => {
  await citizenWrites('Eduarda', 'Quem me atende?')
  const [of, by] = await Promise.all([pageOf(ana, '/inbox/?view=waiting'), pageOf(rui, '/inbox/?view=waiting')])
  await row(of, /Eduarda/).click()
  await row(by, /Eduarda/).click()
  await of.getByText('também está a ver').waitFor()
  await composer(by).fill('Eu, o Rui.')
  await of.getByText('está a escrever').waitFor()
  // The colleague's reply crosses this one on the way: it is at the gateway before, and not yet on this page.
  const id = /\/c\/(\d+)/.exec(by.url())?.[1]
  await by.route('**/act', async (route) => {
    const { lastSeq } = await ana.get<{ lastSeq: number }>(`/api/conversations/${id}`)
    await ana.call('POST', `/api/conversations/${id}/act`, { clientId: 'cruza-0001', actions: [{ do: 'reply', text: 'Eu, a Ana.' }], seen: { lastSeq, operatorId: null } })
    await route.continue()
  }, { times: 1 })
  await by.keyboard.press('Control+Enter')
  await by.getByRole('alert').filter({ hasText: 'A conversa mudou entretanto' }).waitFor()
  await thread(by).getByText('Eu, a Ana.').waitFor()
  expect(await composer(by).inputValue()).toBe('Eu, o Rui.')
  await until('the first one', () => sent('Eu, a Ana.').length === 1)
  expect(sent('Eu, o Rui.')).toEqual([])
  await Promise.all([of.context().close(), by.context().close()])
})

test('the gateway is restarted under an open page: it says so, comes back, and nothing is lost or doubled', async () => {
  await citizenWrites('Fernando', 'Antes')
  const page = await pageOf(ana, '/inbox/?view=waiting')
  await row(page, /Fernando/).click()
  await thread(page).getByText('Antes').waitFor()
  const { port } = new URL(gateway.url)
  await gateway.close()
  await page.getByText('Sem ligação em direto').waitFor()
  await send(page, 'Escrito enquanto estava em baixo.')
  await thread(page).getByText('Por enviar').waitFor()
  gateway = await startAt(Number(port))
  await citizenWrites('Fernando', 'Depois')
  await page.getByText('Ligação reposta').waitFor()
  await thread(page).getByText('Depois').waitFor()
  await until('sent', () => sent('Escrito enquanto estava em baixo.').length === 1)
  await until('nothing pending', async () => await thread(page).getByText('Por enviar').count() === 0)
  expect(await thread(page).getByText('Escrito enquanto estava em baixo.').count()).toBe(1)
  await page.context().close()
})

test('a search finds words without their accents, and another department’s operator finds nothing', async () => {
  await citizenWrites('Graça', 'Preciso da certidão de localização do prédio')
  await gateway.gateway.chores()
  const page = await pageOf(ana, '/inbox/?view=all')
  await page.getByRole('searchbox', { name: 'Procurar' }).fill('certidao predio')
  await row(page, /Graça/).waitFor()
  await until('marked', async () => (await row(page, /Graça/).locator('mark').count()) > 0)
  const stranger = await signIn(gateway, 'tiago@valeformoso.example', { role: 'operator', departments: ['urbanismo'] })
  const other = await pageOf(stranger, '/inbox/?view=all&q=certidao%20predio')
  await other.getByText('Nada encontrado.').waitFor()
  await Promise.all([page.context().close(), other.context().close()])
})

test('whom a note names finds the conversation under the mentions, at once', async () => {
  await gateway.gateway.pool.db.updateTable('operator').set({ name: 'Ana Ribeiro' }).where('id', '=', ana.id).execute()
  await citizenWrites('Helena', 'Quero saber da obra da ponte')
  const [of, by] = await Promise.all([pageOf(ana, '/inbox/?view=all'), pageOf(rui, '/inbox/?view=waiting')])
  await row(of, /Helena/).waitFor()
  await row(by, /Helena/).click()
  await by.getByRole('button', { name: 'Nota interna' }).click()
  const note = by.getByRole('textbox', { name: 'Nota interna' })
  await note.pressSequentially('@ana')
  await by.getByRole('option', { name: /^ana/i }).last().waitFor()
  await by.keyboard.press('Enter')
  await note.pressSequentially('sabes disto?')
  await by.keyboard.press('Control+Enter')
  const mentions = of.getByRole('navigation').getByRole('button', { name: /^Menções/ })
  await until('counted', async () => await mentions.getAttribute('aria-description') === '1 conversa')
  await mentions.click()
  await row(of, /Helena/).click()
  await thread(of).getByText(/sabes disto\?/).waitFor()
  expect(sent('sabes disto?')).toEqual([])
  await Promise.all([of.context().close(), by.context().close()])
})

test('a view saved for oneself is nobody else’s; one that is shared is seen by all and deleted by who made it', async () => {
  const of = await pageOf(ana, '/inbox/?view=all&priority=urgent')
  const views = (page: Page) => page.getByRole('navigation')
  for (const [name, isShared] of [['Só minha', false], ['De todos', true]] as const) {
    await of.getByRole('button', { name: 'Guardar esta vista' }).click()
    await of.getByLabel('Nome da vista').fill(name)
    if (isShared) await of.getByRole('switch', { name: 'Partilhar com todos' }).check()
    await of.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
    await views(of).getByRole('button', { name, exact: false }).first().waitFor()
    await of.goto(`${gateway.url}/inbox/?view=all&priority=high&tag=obra`)
  }
  const by = await pageOf(rui, '/inbox/?view=all&language=en')
  await views(by).getByRole('button', { name: /^De todos/ }).click()
  await by.waitForURL(/priority=high/)
  await by.getByRole('heading', { level: 1, name: 'De todos' }).waitFor()
  expect(await views(by).getByRole('button', { name: /^De todos/ }).getAttribute('aria-current')).toBe('page')
  expect(await views(by).getByRole('button', { name: /Só minha/ }).count()).toBe(0)
  expect(await views(by).getByRole('button', { name: 'Apagar a vista: De todos' }).count()).toBe(0)
  await by.goto(`${gateway.url}/inbox/?view=all&language=en`)
  await by.getByRole('button', { name: 'Guardar esta vista' }).click()
  await by.getByLabel('Nome da vista').waitFor()
  expect(await by.getByRole('switch', { name: 'Partilhar com todos' }).count()).toBe(0)
  await views(of).getByRole('button', { name: 'Apagar a vista: De todos' }).click()
  await until('deleted', async () => await views(of).getByText('De todos').count() === 0)
  await by.reload()
  await by.getByRole('option').first().or(by.getByText('Sem conversas.')).waitFor()
  await until('gone there too', async () => await views(by).getByText('De todos').count() === 0)
  await Promise.all([of.context().close(), by.context().close()])
})
