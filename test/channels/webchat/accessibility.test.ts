/** axe over the states of the citizen's chat, in a real Chromium. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, until } from '../../harness/gateway.ts'
import type { Line } from './line.ts'
import { answer, conversationOf, longText, openScene, type Scene } from './scene.ts'
import { bubbles, openChatOn, openPage, say, type TownPage } from './setting.ts'

let scene: Scene
let browser: Browser
let chat: Harness
let line: Line
let town: TownPage

beforeAll(async () => {
  scene = await openScene();
  ({ browser, chat, line, town } = scene)
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

let axeSource: string
beforeAll(async () => { axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8') })

async function violationsOn(page: Page): Promise<string[]> {
  // What moves is looked at when it has come to rest.
  await page.evaluate(() => Promise.all([...document.querySelectorAll('balcao-chat')].flatMap((each) => (
    [...each.shadowRoot!.querySelectorAll('.panel')].flatMap((panel) => panel.getAnimations().map(({ finished }) => finished))))))
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
  }))
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary}`))
}

const states: [string, (page: Page) => Promise<void>, Parameters<Browser['newContext']>[0]?, string?][] = [
  ['closed', async () => undefined],
  ['open and empty', openChatOn],
  ['choices', async (page) => {
    await openChatOn(page)
    await say(page, 'menu')
    await page.locator('.choices button').first().waitFor()
  }],
  ['long texts', async (page) => {
    await openChatOn(page)
    await say(page, longText)
    await until('the answer', async () => (await bubbles(page)).length === 2)
  }],
  ['in the queue', async (page) => {
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.locator('.by-mail').waitFor()
  }],
  ['a wrong e-mail', async (page) => {
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.locator('.by-mail').click()
    await page.locator('.mail .strong').click()
    await page.locator('.mail .wrong').waitFor()
  }],
  ['with an operator, a video call and typing', async (page) => {
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.locator('.by-mail').waitFor()
    await answer(chat, page, `Venha por aqui: ${chat.url}/call/x-1`)
    await page.locator('.call').waitFor()
    await chat.gateway.signals.broadcast({ type: 'told', topic: 'operator-typing', data: { conversationId: await conversationOf(chat, page) } })
    await page.locator('.typing').waitFor()
  }],
  ['options', async (page) => {
    await openChatOn(page)
    await page.locator('.opener').click()
    await page.locator('.options').waitFor()
  }],
  ['forgetting', async (page) => {
    await openChatOn(page)
    await say(page, 'cala')
    await page.getByText('Enviada').first().waitFor()
    await page.locator('.opener').click()
    await page.getByRole('button', { name: 'Esquecer neste dispositivo' }).click()
    await page.locator('.ask').waitFor()
  }],
  ['a file beside the composer, and one that is not taken', async (page) => {
    await openChatOn(page)
    await page.locator('.picker').setInputFiles([{ name: 'nota.txt', mimeType: 'text/plain', buffer: Buffer.from('nota') }, { name: 'x.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') }])
    await page.locator('.composer .wrong').waitFor()
  }],
  ['a picture and a paper that were sent', async (page) => {
    await openChatOn(page)
    await page.locator('.picker').setInputFiles([{ name: 'ecra.png', mimeType: 'image/png', buffer: await page.screenshot() }, { name: 'nota.txt', mimeType: 'text/plain', buffer: Buffer.from('nota') }])
    await until('uploaded', async () => await page.locator('.chosen li').count() === 2 && await page.locator('.chosen progress').count() === 0)
    await say(page, 'cala')
    await page.locator('.picture img').waitFor()
  }],
  ['no line', async (page) => {
    await openChatOn(page)
    await page.context().setOffline(true)
    await say(page, 'escrita sem ligação')
    await page.locator('.warn').waitFor()
  }],
  ['a message that was refused', async (page) => {
    await openChatOn(page)
    await page.route('**/messages', (route) => route.fulfill({ status: 400, headers: { 'access-control-allow-origin': '*' }, body: '{}' }))
    await say(page, 'cala')
    await page.getByText('Não foi enviada.').first().waitFor()
  }],
  ['ended, with the survey', async (page) => {
    await openChatOn(page)
    await say(page, 'adeus')
    await page.locator('.choices button').nth(4).waitFor()
  }],
  ['dark', async (page) => {
    await openChatOn(page)
    await say(page, 'menu')
    await page.locator('.choices button').first().waitFor()
  }, { colorScheme: 'dark' }],
  ['dark, in the queue, without a line', async (page) => {
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.locator('.by-mail').waitFor()
    await page.context().setOffline(true)
    await page.locator('.warn').waitFor()
  }, { colorScheme: 'dark' }],
  ['a phone', async (page) => {
    await openChatOn(page)
    await say(page, 'menu')
    await page.locator('.choices button').first().waitFor()
  }, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }],
  ['400 %', async (page) => {
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.locator('.by-mail').waitFor()
  }, { viewport: { width: 320, height: 256 } }],
  ['colours forced by the system', async (page) => {
    await openChatOn(page)
    await say(page, 'menu')
    await page.locator('.choices button').first().waitFor()
  }, { forcedColors: 'active' }],
  ['leaving an e-mail', async (page) => {
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.locator('.by-mail').click()
    await page.locator('.mail-input').waitFor()
  }],
  ['a message that is too long', async (page) => {
    await openChatOn(page)
    await say(page, 'muito '.repeat(3_000))
    await page.locator('.composer .wrong').waitFor()
  }],
  ['an answer to a window that is closed', async (page) => {
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.locator('.by-mail').waitFor()
    await page.keyboard.press('Escape')
    await answer(chat, page, 'Já cá estou.')
    await page.locator('.launch .badge').waitFor()
  }],
  ['news below for who reads back', async (page) => {
    await openChatOn(page)
    await say(page, longText)
    await until('the answer', async () => (await bubbles(page)).length === 2)
    await page.locator('.scroll').evaluate((element) => { element.scrollTop = 0 })
    await until('seen there', async () => await page.locator('.scroll').evaluate((element) => element.scrollTop) === 0)
    await answer(chat, page, 'a mais nova')
    await page.locator('.below').waitFor()
  }, { viewport: { width: 360, height: 740 } }],
  ['ended, scored, and asked for words', async (page) => {
    await openChatOn(page)
    await say(page, 'adeus')
    await page.locator('.choices button').nth(4).click()
    await until('the question for words', async () => await page.locator('.choices button').count() === 1)
  }],
  ['options, dark, on a phone', async (page) => {
    await openChatOn(page)
    await page.locator('.opener').click()
    await page.locator('.options').waitFor()
  }, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme: 'dark' }],
  ['in English, in the queue', async (page) => {
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.locator('.by-mail').waitFor()
  }, { locale: 'en-GB' }],
  ['long texts, dark, at 400 %', async (page) => {
    await openChatOn(page)
    await say(page, longText)
    await until('the answer', async () => (await bubbles(page)).length === 2)
  }, { viewport: { width: 320, height: 256 }, colorScheme: 'dark' }],
  ['the full page on a phone, dark, without a line', async (page) => {
    await page.locator('.write').waitFor()
    await say(page, 'pessoa')
    await page.locator('.by-mail').waitFor()
    await page.context().setOffline(true)
    await page.locator('.warn').waitFor()
  }, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme: 'dark' }, '/channels/web/chat'],
  ['the full page', async (page) => {
    await page.locator('.write').waitFor()
    await say(page, 'menu')
    await page.locator('.choices button').first().waitFor()
  }, {}, '/channels/web/chat'],
  ['the full page without scripts', async () => undefined, { javaScriptEnabled: false }, '/channels/web/chat'],
  ['the sample town', async (page) => { await page.locator('.launch').waitFor() }, {}, '/channels/web/exemplo'],
]

describe('axe finds nothing to say', () => {
  test.each(states)('%s', async (_, reach, options, path) => {
    const { page, complaints } = await openPage(browser, path ? line.url + path : town.origin, options)
    if (options?.javaScriptEnabled !== false && !path) await page.locator('.launch').waitFor()
    await reach(page)
    if (options?.javaScriptEnabled === false) {
      // axe needs scripts itself; what it would look at is short enough to be said.
      expect(await page.locator('h1').count()).toBe(1)
      expect(await page.locator('main a').count()).toBe(2)
      return
    }
    expect(await violationsOn(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  test('and it would say something', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await page.locator('.send').evaluate((button) => button.removeAttribute('aria-label'))
    expect((await violationsOn(page)).join()).toContain('button-name')
  })
})
