/** The citizen's chat in a real Chromium, on a page of another origin with the strictest rules. */

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, until } from '../../harness/gateway.ts'
import type { Line } from './line.ts'
import { conversationOf, openScene, type Scene, shows, tokenIn } from './scene.ts'
import { type BuiltWidget, openChatOn, openPage, openTownPage, say, startChat, type TownPage } from './setting.ts'

let scene: Scene
let widget: BuiltWidget
let browser: Browser
let chat: Harness
let line: Line
let town: TownPage

beforeAll(async () => {
  scene = await openScene();
  ({ widget, browser, chat, line, town } = scene)
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

describe('a page of another origin', () => {
  test('a citizen asks, is answered, presses a choice, and the page has nothing to complain of', async () => {
    const { page, complaints } = await openPage(browser, town.origin)
    await openChatOn(page)
    await say(page, 'menu')
    await page.getByRole('button', { name: 'Obras e licenças' }).click()
    await shows(page, ['menu', 'O que precisa?', 'Obras e licenças', 'eco: Obras e licenças'])
    expect(await page.locator('.choices').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('nothing is kept in the browser or asked of anybody else before the first message, and never a cookie', async () => {
    const context = await browser.newContext()
    const asked: string[] = []
    context.on('request', (request) => asked.push(request.url()))
    const { page } = await openPage(context, town.origin)
    const globals = () => page.evaluate(() => Object.keys(window).sort().join())
    const before = await globals()
    await openChatOn(page)
    await page.locator('.write').fill('ainda não enviei')
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, ''])
    expect(asked.filter((url) => /messages|events|files|typing/.test(url))).toEqual([])
    await page.locator('.send').click()
    await page.getByText('eco: ainda não enviei').waitFor()
    expect(await tokenIn(page)).toMatch(/^[\w-]{43}$/)
    expect(await context.cookies()).toEqual([])
    expect(new Set(asked.map((url) => new URL(url).origin))).toEqual(new Set([town.origin, line.url]))
    expect(await globals()).toBe(before)
  })

  test('hostile words are words: in a message, a name of a file, a choice, a link', async () => {
    const { page, complaints } = await openPage(browser, town.origin)
    await openChatOn(page)
    const hostile = '<img src=x onerror=alert(1)> <svg/onload=alert(2)> "><script>alert(3)</script> {{7*7}} javascript:alert(4) data:text/html,<b>x https://ok.example/?a=1&b=2. (www.cm.example)'
    await say(page, `diz ${hostile}`)
    await shows(page, [`diz ${hostile}`, hostile])
    const links = await page.locator('.bubble a').evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).href))
    expect([...new Set(links)].sort()).toEqual(['https://ok.example/?a=1&b=2', 'https://www.cm.example/'])
    await page.locator('.picker').setInputFiles({ name: '<b onclick=alert(5)>.png', mimeType: 'image/png', buffer: Buffer.from('não é uma imagem') })
    await page.getByText('não é de um tipo').waitFor()
    expect(await page.evaluate(() => document.querySelector('balcao-chat')!.shadowRoot!.querySelectorAll('script, svg[onload], [onclick], [onerror]').length)).toBe(0)
    expect(complaints).toEqual([])
  })

  test('on a page of ISO-8859-1 with styles for everything, every letter and every button is there', async () => {
    const latin = await openTownPage(() => line.url, { charset: 'iso-8859-1', style: '* { color: red; display: none; font-size: 3px } div, button, balcao-chat { display: block; position: static; width: 20px } :root, body, main { display: block }' })
    const own = await startChat(widget, { origins: [latin.origin], title: 'Câmara de São João', greeting: { pt: 'Olá! Água, saneamento… diga, não hesite.' } })
    try {
      await line.lead(own.url)
      const { page, complaints } = await openPage(browser, latin.origin)
      await openChatOn(page)
      expect(await page.evaluate(() => document.characterSet)).toBe('windows-1252')
      expect(await page.locator('h2').textContent()).toBe('Câmara de São João')
      expect(await page.locator('.bubble p').first().textContent()).toBe('Olá! Água, saneamento… diga, não hesite.')
      expect(await page.locator('.panel').evaluate((panel) => panel.getBoundingClientRect().width)).toBe(400)
      expect(await page.locator('.bubble p').first().evaluate((words) => getComputedStyle(words).fontSize)).toBe('16px')
      await say(page, 'coração')
      await shows(page, ['coração', 'eco: coração'])
      expect(complaints).toEqual([])
    } finally {
      await line.lead(chat.url)
      await own.close()
      await latin.close()
    }
  })

  test('the language is changed at once, and said to the gateway', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await page.getByRole('button', { name: 'Opções' }).click()
    await page.getByLabel('Idioma').selectOption('fr')
    await page.getByRole('button', { name: 'Envoyer' }).waitFor()
    await say(page, 'cala')
    await page.getByText('Envoyé').first().waitFor()
    const { language } = await chat.gateway.pool.db.selectFrom('conversation').select('language').where('id', '=', await conversationOf(chat, page)).executeTakeFirstOrThrow()
    expect(language).toBe('fr')
  })
})

describe('people', () => {
  test('queue, operator, call and typing are shown, and the reading is told', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.getByText(/próxima pessoa|º lugar/).waitFor()
    const conversationId = await conversationOf(chat, page)
    const operator = await chat.operator({ name: 'Marta Lopes' })
    const act = (text: string) => chat.gateway.act({ conversationId, operator, clientId: randomUUID(), deeds: [{ do: 'reply', text }] })
    await act(`Bom dia. Falamos melhor assim: ${chat.url}/call/abc-123 e não em https://mau.example/call/x`)
    await page.getByText('Está a falar com Marta').waitFor()
    const call = page.getByRole('link', { name: /Entrar na videochamada/ })
    expect(await call.count()).toBe(1)
    expect(await call.getAttribute('href')).toBe(`${chat.url}/call/abc-123`)
    await chat.gateway.signals.broadcast({ type: 'told', topic: 'operator-typing', data: { conversationId } })
    await page.getByText('Marta está a escrever').waitFor()
    await until('the mark', async () => (await chat.gateway.pool.db.selectFrom('delivery').innerJoin('message', 'message.id', 'delivery.message_id').select('delivery.state')
      .where('message.conversation_id', '=', conversationId).where('message.author', '=', 'operator').execute()).every(({ state }) => state === 'read'))
  })

  test('an answer to a closed window is counted on the button, and is read when it opens', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.getByText('Vou chamar um colega.').first().waitFor()
    await page.keyboard.press('Escape')
    expect(await page.locator('.panel').isVisible()).toBe(false)
    const conversationId = await conversationOf(chat, page)
    const operator = await chat.operator()
    for (const text of ['um', 'dois']) await chat.gateway.act({ conversationId, operator, clientId: randomUUID(), deeds: [{ do: 'reply', text }] })
    await until('the count', async () => await page.locator('.badge').textContent() === '2')
    await page.reload()
    await until('the count after a reload', async () => await page.locator('.badge').textContent() === '2')
    await page.getByRole('button', { name: 'Fale connosco 2', exact: true }).waitFor()
    await openChatOn(page)
    await until('no count', async () => await page.locator('.badge').textContent() === '')
    await shows(page, ['pessoa', 'Vou chamar um colega.', 'um', 'dois'])
  })

  test('who does not want to wait leaves an e-mail', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.getByRole('button', { name: 'Responder-me por e-mail' }).click()
    const input = page.getByLabel('O seu e-mail')
    expect(await input.evaluate((element) => element === (element.getRootNode() as ShadowRoot).activeElement)).toBe(true)
    await input.fill('maria')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('alert').textContent()).toContain('nome@exemplo.pt')
    expect(await input.getAttribute('aria-invalid')).toBe('true')
    await input.fill('maria@exemplo.pt')
    await page.keyboard.press('Enter')
    await page.getByText('Podem responder-me para o e-mail maria@exemplo.pt.').first().waitFor()
    await until('the e-mail', async () => JSON.stringify(await chat.gateway.pool.db.selectFrom('message').select('content').where('conversation_id', '=', await conversationOf(chat, page)).execute()).includes('"emails":["maria@exemplo.pt"]'))
    expect(await page.getByRole('button', { name: 'Responder-me por e-mail' }).count()).toBe(0)
  })

  test('closed: says when it opens again, and offers to answer by mail', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'balcao-closed-'))
    const inThreeDays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(new Date().getUTCDay() + 3) % 7]!
    await writeFile(path.join(folder, 'calendar.yaml'), `version: 1\ntimezone: Europe/Lisbon\nholidays: { national: false }\nhours: { ${inThreeDays}: ["09:00-16:30"] }\n`)
    const closed = await startChat(widget, { origins: [town.origin] }, { config: { calendar: path.join(folder, 'calendar.yaml') } })
    try {
      await line.lead(closed.url)
      const { page } = await openPage(browser, town.origin)
      await openChatOn(page)
      await say(page, 'pessoa')
      await page.getByText(/Estamos fechados\. Reabrimos .+ 09:00\. A sua mensagem fica guardada\./).waitFor()
      expect(await page.getByRole('button', { name: 'Responder-me por e-mail' }).count()).toBe(1)
    } finally {
      await line.lead(chat.url)
      await closed.close()
      await rm(folder, { recursive: true })
    }
  })

  test('the end is said, and the survey is answered by pressing', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await say(page, 'adeus')
    await page.getByText('Esta conversa terminou.').waitFor()
    const conversationId = await conversationOf(chat, page)
    await page.locator('.choices button').nth(3).click()
    await until('the score', async () => (await chat.gateway.pool.db.selectFrom('survey').select('score').where('conversation_id', '=', conversationId).executeTakeFirst())?.score === 4)
    await until('the question for words', async () => await page.locator('.choices button').count() === 1)
    await page.locator('.choices button').click()
    await until('the refusal', async () => (await chat.gateway.pool.db.selectFrom('survey').select('state').where('conversation_id', '=', conversationId).executeTakeFirst())?.state === 'refused')
    expect(await conversationOf(chat, page)).toBe(conversationId)
  })
})

describe('files', () => {
  test('a photograph and a paper go up and are shown; a program is not taken', async () => {
    const { page, complaints } = await openPage(browser, town.origin)
    await openChatOn(page)
    const png = await page.screenshot()
    await page.locator('.picker').setInputFiles([
      { name: 'contador.png', mimeType: 'image/png', buffer: png }, { name: 'fatura.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF') },
      { name: 'programa.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
    ])
    await page.getByText('«programa.exe» não é de um tipo que possamos receber.').waitFor()
    await until('both uploaded', async () => await page.locator('.chosen progress').count() === 0 && await page.locator('.chosen li').count() === 2)
    await say(page, 'cala: seguem')
    await page.getByText('Enviada').first().waitFor()
    const image = page.locator('.picture img')
    await until('the picture', () => image.evaluate((element) => (element as HTMLImageElement).naturalWidth > 0).catch(() => false))
    expect(await page.getByRole('link', { name: /fatura\.pdf/ }).count()).toBe(1)
    await page.reload()
    await openChatOn(page)
    await until('the picture after a reload', () => page.locator('.picture img').evaluate((element) => (element as HTMLImageElement).naturalWidth > 0).catch(() => false))
    expect(complaints).toEqual([])
  })

  test('a file that was chosen without a line goes up when there is one', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await line.lead(undefined)
    await page.locator('.picker').setInputFiles({ name: 'nota.txt', mimeType: 'text/plain', buffer: Buffer.from('uma nota') })
    await page.getByText('À espera de ligação').waitFor()
    await page.locator('.send').click()
    await page.getByText('Aguarde que os ficheiros acabem de carregar.').waitFor()
    await line.lead(chat.url)
    await until('uploaded', async () => await page.locator('.chosen small').count() === 0)
    await page.locator('.send').click()
    await page.getByRole('link', { name: /nota\.txt/ }).waitFor()
  })
})

describe('what is loaded', () => {
  test('twenty kilobytes for all of it, three for what every page loads', async () => {
    const served = async (name: string) => {
      const text = await (await fetch(`${chat.url}/channels/web/${name}`)).text()
      return { text, bytes: gzipSync(text, { level: 9 }).length }
    }
    const loader = await served('widget.js')
    const app = await served(/app-[\w-]+\.js/.exec(loader.text)![0])
    const words = await Promise.all([...app.text.matchAll(/words-[\w-]+\.js/g)].map(([name]) => served(name)))
    expect(words).toHaveLength(4)
    expect(loader.bytes).toBeLessThanOrEqual(3 * 1024)
    expect(loader.bytes + app.bytes + Math.max(...words.map(({ bytes }) => bytes))).toBeLessThanOrEqual(20 * 1024)
    // Every byte of it is the same on a page of any encoding.
    expect(loader.text).toMatch(/^[\x00-\x7f]*$/)
  })

  test('the hashed parts are kept for ever, and yesterday’s page gets today’s', async () => {
    const current = /app-[\w-]+\.js/.exec(await (await fetch(`${chat.url}/channels/web/widget.js`)).text())![0]
    const fresh = await fetch(`${chat.url}/channels/web/${current}`)
    expect(fresh.headers.get('cache-control')).toContain('immutable')
    const old = await fetch(`${chat.url}/channels/web/app-0LDHASH0.js`)
    expect([old.status, old.headers.get('cache-control'), await old.text()]).toEqual([200, 'no-cache', await fresh.text()])
    const again = await fetch(`${chat.url}/channels/web/widget.js`, { headers: { 'if-none-match': (await fetch(`${chat.url}/channels/web/widget.js`)).headers.get('etag')! } })
    expect(again.status).toBe(304)
  })

  test('without scripts the full page says how to reach the town', async () => {
    const { page } = await openPage(browser, `${chat.url}/channels/web/chat`, { javaScriptEnabled: false })
    expect(await page.getByRole('link', { name: '+351 200 000 000' }).getAttribute('href')).toBe('tel:+351200000000')
    expect(await page.getByRole('link', { name: 'geral@valeformoso.example' }).count()).toBe(1)
  })
})
