/** What a citizen meets before the first message: their language, the privacy notice, the page that a QR code opens. */

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { words as en } from '../../../src/channels/webchat/widget/words/en.ts'
import { words as es } from '../../../src/channels/webchat/widget/words/es.ts'
import { words as fr } from '../../../src/channels/webchat/widget/words/fr.ts'
import { words as pt } from '../../../src/channels/webchat/widget/words/pt.ts'
import type { Harness } from '../../harness/gateway.ts'
import type { Line } from './line.ts'
import { conversationOf, openScene, type Scene, shows } from './scene.ts'
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

describe('four languages', () => {
  test.each([['pt', pt], ['en', en], ['es', es], ['fr', fr]] as const)('the chat speaks %s to whoever asks for it, in every label', async (language, words) => {
    const own = await openTownPage(() => line.url, { attributes: `data-lang="${language}"` })
    try {
      const { page, complaints } = await openPage(browser, own.origin)
      await openChatOn(page)
      await page.locator('.opener').click()
      for (const name of [words.attach, words.send, words.options, words.close]) expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(1)
      expect(await page.locator('.write').getAttribute('placeholder')).toBe(words.write)
      expect(await page.locator('.bubble p').first().textContent()).toBe(words.greeting)
      expect(await page.locator('.privacy').textContent()).toContain(words.privacyLine.trim())
      expect(await page.locator('.options select').inputValue()).toBe(language)
      expect(await page.locator('.root').getAttribute('lang')).toBe(language)
      expect(complaints).toEqual([])
    } finally {
      await own.close()
    }
  })

  test('a page of its own speaks what the browser asks for', async () => {
    const { page } = await openPage(browser, `${chat.url}/channels/web/chat`, { locale: 'fr-FR' })
    await page.locator('.write').waitFor()
    expect([await page.evaluate(() => document.documentElement.lang), await page.locator('.write').getAttribute('placeholder')]).toEqual(['fr', fr.write])
  })
})

describe('the privacy notice', () => {
  const noticeOf = async (gateway: Harness, id: string) => (await gateway.gateway.pool.db.selectFrom('thread').select('route').where('conversation_id', '=', id).executeTakeFirstOrThrow()).route.notice

  test('stands beside the composer until somebody writes under it, and again when the town has changed it', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    const notice = page.locator('.privacy a')
    expect(await notice.getAttribute('href')).toBe('https://valeformoso.example/privacidade')
    await say(page, 'olá')
    await shows(page, ['olá', 'eco: olá'])
    expect(await notice.count()).toBe(0)
    const id = await conversationOf(chat, page)
    expect(await noticeOf(chat, id)).toBe('2026-1')

    const changed = await startChat(widget, { origins: [town.origin], privacy: { url: 'https://valeformoso.example/privacidade', version: '2026-2' } }, { databaseUrl: chat.databaseUrl })
    try {
      await line.lead(changed.url)
      // What the browser kept open leads to the old one, and it would ask for the script again only in some minutes.
      line.cut()
      await page.route('**/widget.js', (route) => route.continue())
      await page.reload()
      await openChatOn(page)
      await shows(page, ['olá', 'eco: olá'])
      await notice.waitFor()
      await say(page, 'outra vez')
      await shows(page, ['olá', 'eco: olá', 'outra vez', 'eco: outra vez'])
      expect(await notice.count()).toBe(0)
      expect(await noticeOf(chat, id)).toBe('2026-2')
      await page.reload()
      await openChatOn(page)
      await shows(page, ['olá', 'eco: olá', 'outra vez', 'eco: outra vez'])
      expect(await notice.count()).toBe(0)
    } finally {
      await line.lead(chat.url)
      await changed.close()
    }
  })

  test('is seen at 400 %, too', async () => {
    const { page } = await openPage(browser, town.origin, { viewport: { width: 320, height: 256 }, reducedMotion: 'reduce' })
    await openChatOn(page)
    const [notice, scroll] = await Promise.all([page.locator('.privacy a').boundingBox(), page.locator('.scroll').boundingBox()])
    expect(notice!.y + notice!.height).toBeLessThanOrEqual(256)
    expect(scroll!.height).toBeGreaterThanOrEqual(48)
  })
})

test('the page that a QR code opens is the whole chat on a phone: asked, answered, and there again after a reload', async () => {
  const { page, complaints } = await openPage(browser, `${chat.url}/channels/web/chat`, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true })
  await page.locator('.write').waitFor()
  expect(await page.getByRole('main').getByRole('heading', { level: 1, name: 'Vale Formoso' }).count()).toBe(1)
  expect(await page.getByRole('button', { name: pt.close }).count()).toBe(0)
  await say(page, 'menu')
  await page.getByRole('button', { name: 'Obras e licenças' }).tap()
  await shows(page, ['menu', 'O que precisa?', 'Obras e licenças', 'eco: Obras e licenças'])
  await page.keyboard.press('Escape')
  expect(await page.locator('.panel').isVisible()).toBe(true)
  expect(await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])).toEqual([360, 740])
  await page.reload()
  await shows(page, ['menu', 'O que precisa?', 'Obras e licenças', 'eco: Obras e licenças'])
  expect(complaints).toEqual([])
})
