/** The citizen's chat when the line breaks, and in two tabs at once, in a real Chromium. */

import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, until } from '../../harness/gateway.ts'
import { type Line, openLine } from './line.ts'
import { conversationOf, openScene, type Scene, shows, tokenIn } from './scene.ts'
import { bubbles, type BuiltWidget, openChatOn, openPage, openTownPage, say, startChat, type TownPage } from './setting.ts'

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

describe('a line that breaks', () => {
  test('cut forty times while both sides speak: nothing is missing or doubled, and all is in order', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await say(page, 'cala início')
    await page.getByText('Enviada').first().waitFor()
    const conversationId = await conversationOf(chat, page)
    const cut = setInterval(() => line.cut(), 150)
    const sent: string[] = ['cala início']
    const operator = await chat.operator()
    try {
      for (let n = 0; n < 20; n += 1) {
        await say(page, `cala ${n}`)
        sent.push(`cala ${n}`)
        await chat.gateway.act({ conversationId, operator, clientId: randomUUID(), deeds: [{ do: 'reply', text: `resposta ${n}` }] })
        const cuts = line.cuts
        await until('two more cuts', () => line.cuts >= cuts + 2)
      }
    } finally {
      clearInterval(cut)
    }
    await until('everything', async () => (await bubbles(page)).length === 41 && await page.getByText('À espera').count() + await page.getByText('A enviar').count() === 0)
    const shown = await bubbles(page)
    expect(shown.filter((text) => text.startsWith('cala'))).toEqual(sent)
    expect(shown.filter((text) => text.startsWith('resposta'))).toEqual(Array.from({ length: 20 }, (_, n) => `resposta ${n}`))
    const stored = await chat.gateway.pool.db.selectFrom('message').select('content').where('conversation_id', '=', conversationId).where('direction', '<>', 'note').orderBy('seq').execute()
    expect(shown).toEqual(stored.map(({ content }) => content.text))
    expect(line.cuts).toBeGreaterThanOrEqual(40)
  }, 120_000)

  test('what is written without a line is kept over a reload and goes when it is back, once', async () => {
    const { page, context } = await openPage(browser, town.origin)
    await openChatOn(page)
    await say(page, 'antes')
    await page.getByText('eco: antes').first().waitFor()
    await context.route(`${line.url}/**`, (route) => (/\.js/.test(route.request().url()) ? route.continue() : route.abort()))
    line.cut()
    await say(page, 'durante 1')
    await say(page, 'durante 2')
    await page.getByText('Sem ligação. O que escrever').waitFor()
    expect(await page.getByText('À espera de ligação').count()).toBe(2)
    await page.reload()
    await openChatOn(page)
    await shows(page, ['durante 1', 'durante 2'])
    await context.unroute(`${line.url}/**`)
    await shows(page, ['antes', 'eco: antes', 'durante 1', 'eco: durante 1', 'durante 2', 'eco: durante 2'])
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(':out:')).length)).toBe(0)
  })

  test('the gateway is restarted in between', async () => {
    const first = await startChat(widget, { origins: [town.origin] })
    const keeper = await startChat(widget, { origins: [town.origin] }, { databaseUrl: first.databaseUrl })
    try {
      await line.lead(keeper.url)
      const { page } = await openPage(browser, town.origin)
      await openChatOn(page)
      await say(page, 'antes')
      await shows(page, ['antes', 'eco: antes'])
      await line.lead(undefined)
      await keeper.close()
      await say(page, 'durante')
      await page.getByText('À espera de ligação').waitFor()
      const next = await startChat(widget, { origins: [town.origin] }, { databaseUrl: first.databaseUrl })
      await line.lead(next.url)
      await shows(page, ['antes', 'eco: antes', 'durante', 'eco: durante'])
      await page.close()
      await next.close()
    } finally {
      await line.lead(chat.url)
      await first.close()
    }
  }, 60_000)

  test('the page is opened, and the button pressed, before the gateway is up', async () => {
    const early = await openLine()
    const script = widget.sizes.find(({ file }) => file === 'widget.js')!.bytes
    const own = await openTownPage(() => early.url, { selfHosted: script, attributes: `data-server="${early.url}/channels/web"` })
    const late = await startChat(widget, { origins: [own.origin] })
    try {
      const { page } = await openPage(browser, own.origin)
      await page.locator('.launch').click()
      await page.getByText('Sem ligação ao serviço. A tentar de novo…').waitFor()
      await early.lead(late.url)
      await page.locator('.write').waitFor()
      await say(page, 'cheguei cedo')
      await shows(page, ['cheguei cedo', 'eco: cheguei cedo'])
      await page.close()
    } finally {
      await late.close()
      await own.close()
      await early.close()
    }
  }, 60_000)

  test('who writes too fast is slowed down, and every message arrives once', async () => {
    const slow = await startChat(widget, { origins: [town.origin], limits: { perVisitor: 40 } }, { now: () => new Date(Date.now() * 20) })
    try {
      await line.lead(slow.url)
      const { page } = await openPage(browser, town.origin)
      await openChatOn(page)
      const texts = Array.from({ length: 50 }, (_, n) => `cala ${n}`)
      for (const text of texts) await say(page, text)
      await shows(page, texts)
      await until('none waits', async () => await page.locator('.waiting').count() === 0)
      expect(await page.getByText('Sem ligação').count()).toBe(0)
    } finally {
      await line.lead(chat.url)
      await slow.close()
    }
  }, 60_000)
})

describe('two tabs', () => {
  test('stay in step, also with what was not sent yet', async () => {
    const { page: one, context } = await openPage(browser, town.origin)
    const { page: two } = await openPage(context, town.origin)
    await openChatOn(one)
    await openChatOn(two)
    await say(one, 'daqui')
    await shows(two, ['daqui', 'eco: daqui'])
    await say(two, 'dali')
    for (const page of [one, two]) await shows(page, ['daqui', 'eco: daqui', 'dali', 'eco: dali'])
    expect(await tokenIn(one)).toBe(await tokenIn(two))
    await line.lead(undefined)
    await say(one, 'sem linha')
    await until('the other tab', async () => (await bubbles(two)).includes('sem linha'))
    await line.lead(chat.url)
    for (const page of [one, two]) await shows(page, ['daqui', 'eco: daqui', 'dali', 'eco: dali', 'sem linha', 'eco: sem linha'])
  })

  test('on a shared computer the conversation is forgotten, in every tab', async () => {
    const { page: one, context } = await openPage(browser, town.origin)
    const { page: two } = await openPage(context, town.origin)
    await openChatOn(one)
    await openChatOn(two)
    await say(one, 'segredo')
    for (const page of [one, two]) await shows(page, ['segredo', 'eco: segredo'])
    await one.getByRole('button', { name: 'Opções' }).click()
    await one.getByRole('button', { name: 'Esquecer neste dispositivo' }).click()
    await one.getByRole('button', { name: 'Sim, esquecer' }).click()
    for (const page of [one, two]) await shows(page, [])
    expect(await one.evaluate(() => localStorage.length)).toBe(0)
    await say(two, 'outra pessoa')
    for (const page of [one, two]) await shows(page, ['outra pessoa', 'eco: outra pessoa'])
  })
})
