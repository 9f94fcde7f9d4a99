/** The citizen's chat by keyboard, by screen reader and by what is seen: what axe misses. */

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, until } from '../../harness/gateway.ts'
import { answer, longText, openScene, type Scene } from './scene.ts'
import { bubbles, openChatOn, openPage, say, type TownPage } from './setting.ts'

let scene: Scene
let browser: Browser
let chat: Harness
let town: TownPage

beforeAll(async () => {
  scene = await openScene();
  ({ browser, chat, town } = scene)
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

/** The class, or else the name, of what has the keyboard. */
const focused = (page: Page) => page.evaluate(() => {
  const inside = document.activeElement?.shadowRoot?.activeElement
  return inside ? inside.getAttribute('aria-label') ?? inside.textContent : document.activeElement?.tagName
})

describe('a screen reader', () => {
  /** Everything that was ever put into the live log. */
  const listen = (page: Page) => page.evaluate(() => {
    const heard: string[] = []
    Object.defineProperty(document, 'heard', { value: heard })
    const log = document.querySelector('balcao-chat')!.shadowRoot!.querySelector('[role=log]')!
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) heard.push(node.textContent ?? '')
    }).observe(log, { childList: true, subtree: true })
  })
  const heard = (page: Page) => page.evaluate(() => (document as unknown as { heard: string[] }).heard)

  test('is told of a log that is read politely, has a name, and can be scrolled by the keyboard', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await say(page, 'menu')
    await page.locator('.choices button').first().waitFor()
    const logs = await page.evaluate(() => [...document.querySelector('balcao-chat')!.shadowRoot!.querySelectorAll('[role=log]')].map((log) => ({ live: log.getAttribute('aria-live') ?? 'polite', named: Boolean(log.getAttribute('aria-label') || log.getAttribute('aria-labelledby')) })))
    expect(logs).toEqual([{ live: 'polite', named: true }])
    expect(await page.locator('.scroll').evaluate((element) => element.tabIndex)).toBe(0)
  })

  test('hears each new message once, with who says it; not history, nor its own words', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await say(page, 'um')
    await page.getByText('eco: um').first().waitFor()
    await page.reload()
    await openChatOn(page)
    await until('the history', async () => (await bubbles(page)).length === 2)
    const log = page.getByRole('log')
    expect(await log.count()).toBe(1)
    expect([await log.getAttribute('aria-live'), await log.getAttribute('aria-label')]).toEqual(['polite', 'Mensagens novas'])
    await listen(page)
    await say(page, 'dois')
    await until('the answer', async () => (await heard(page)).length > 0)
    expect(await heard(page)).toEqual(['Assistente virtual: eco: dois'])
    await until('silence', async () => await log.textContent() === '')
  })

  test('ten messages at once are counted, and the last is read', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await listen(page)
    await say(page, 'dez')
    await until('the count', async () => (await heard(page)).length > 0)
    expect(await heard(page)).toEqual(['10 mensagens novas. A última: Assistente virtual: resposta 10 de dez'])
  })

  test('hears the choices with the question, and that its message is sent', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await listen(page)
    const status = page.locator('.notices [role=status]')
    await say(page, 'menu')
    await until('sent', async () => (await status.textContent())?.includes('Enviada'))
    await until('the choices', async () => (await heard(page)).length > 0)
    expect(await heard(page)).toEqual(['Assistente virtual: O que precisa?. Respostas rápidas: Água e saneamento, Obras e licenças, Falar com uma pessoa'])
  })
})

describe('the keyboard alone', () => {
  test('opens, writes, chooses, and closes; the focus is where it is looked for', async () => {
    const { page } = await openPage(browser, town.origin)
    await page.locator('.launch').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('.write').waitFor()
    expect(await focused(page)).toBe('Escreva a sua mensagem')
    await page.keyboard.type('menu')
    await page.keyboard.press('Enter')
    await page.locator('.choices button').first().waitFor()
    // What arrives takes nothing away from who is writing.
    expect(await focused(page)).toBe('Escreva a sua mensagem')
    const back: (string | null | undefined)[] = []
    for (let n = 0; n < 7; n += 1) {
      await page.keyboard.press('Shift+Tab')
      back.push(await focused(page))
    }
    expect(back).toEqual(['Juntar ficheiros', 'Falar com uma pessoa', 'Obras e licenças', 'Água e saneamento', 'Conversa', 'Fechar a conversa', 'Opções'])
    for (let n = 0; n < 4; n += 1) await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Obras e licenças')
    await page.keyboard.press('Enter')
    await page.getByText('eco: Obras e licenças').first().waitFor()
    expect(await focused(page)).toBe('Conversa')
    await page.keyboard.press('Escape')
    expect(await page.locator('.panel').isVisible()).toBe(false)
    expect(await focused(page)).toContain('Fale connosco')
  })

  test('Esc closes the options first, and a phone’s focus goes round inside', async () => {
    const { page } = await openPage(browser, town.origin, { viewport: { width: 360, height: 740 } })
    await openChatOn(page)
    expect(await page.getByRole('dialog').getAttribute('aria-modal')).toBe('true')
    await page.locator('.opener').click()
    await page.keyboard.press('Escape')
    expect([await page.locator('.options').count(), await focused(page)]).toEqual([0, 'Opções'])
    const seen = new Set<string | null | undefined>()
    for (let n = 0; n < 20; n += 1) {
      await page.keyboard.press('Tab')
      seen.add(await focused(page))
    }
    expect(seen).toEqual(new Set(['Opções', 'Fechar a conversa', 'Conversa', 'Juntar ficheiros', 'Escreva a sua mensagem', 'Enviar', 'aviso de privacidade (abre noutro separador)']))
    expect(await page.locator('.panel').isVisible()).toBe(true)
  })

  test('where the focus is can be seen, at every step', async () => {
    const { page } = await openPage(browser, town.origin)
    await openChatOn(page)
    await say(page, 'menu')
    await page.locator('.choices button').first().waitFor()
    for (let n = 0; n < 9; n += 1) {
      await page.keyboard.press('Shift+Tab')
      const look = await page.evaluate(() => {
        const element = document.activeElement?.shadowRoot?.activeElement
        if (!element) return undefined
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        const { top, bottom } = element.getBoundingClientRect()
        return { outlineStyle, wide: Number.parseFloat(outlineWidth) >= 2, inView: bottom > 0 && top < innerHeight }
      })
      if (look) expect(look).toEqual({ outlineStyle: 'solid', wide: true, inView: true })
    }
  })
})

describe('eyes and hands', () => {
  test.each([['laptop', { width: 1280, height: 800 }], ['phone', { width: 360, height: 740 }], ['400 %', { width: 320, height: 256 }]])('every target is 44 by 44 on a %s', async (_, viewport) => {
    const { page } = await openPage(browser, town.origin, { viewport })
    const sizesOf = (selector: string) => page.locator(selector).evaluateAll((all) => all.map((each) => {
      const { width, height } = each.getBoundingClientRect()
      return { name: each.getAttribute('aria-label') ?? each.textContent, width: Math.round(width), height: Math.round(height) }
    }).filter(({ width, height }) => width > 0 && (width < 44 || height < 44)))
    await page.locator('.launch').waitFor()
    expect(await sizesOf('.launch')).toEqual([])
    await openChatOn(page)
    await say(page, 'menu')
    await page.locator('.choices button').first().waitFor()
    await page.locator('.opener').click()
    await page.locator('.picker').setInputFiles({ name: 'nota.txt', mimeType: 'text/plain', buffer: Buffer.from('nota') })
    await page.locator('.chosen li').waitFor()
    // Links inside a sentence are as tall as the sentence; all else is a target.
    expect(await sizesOf('.panel :is(button, textarea, select, a.row, a.card)')).toEqual([])
    await page.locator('.opener').click()
    await until('uploaded', async () => await page.locator('.chosen progress').count() === 0)
    await say(page, 'pessoa')
    await page.locator('.by-mail').click()
    expect(await sizesOf('.panel :is(button, input:not([type=file]))')).toEqual([])
  })

  test('at 320 by 256 nothing goes sideways, and the last message and the composer are reached', async () => {
    const { page } = await openPage(browser, town.origin, { viewport: { width: 320, height: 256 } })
    await openChatOn(page)
    await say(page, longText)
    await until('the answer', async () => (await bubbles(page)).length === 2)
    const wide = await page.evaluate(() => {
      const root = document.querySelector('balcao-chat')!.shadowRoot!
      return [...root.querySelectorAll<HTMLElement>('.panel, .panel *:not(.sr, .sr *)')].filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0 && getComputedStyle(each).overflowX !== 'hidden')
        .map((each) => each.className || each.tagName).concat(document.documentElement.scrollWidth > innerWidth ? ['page'] : [])
    })
    expect(wide).toEqual([])
    const { scroll, write } = await page.evaluate(() => {
      const box = (name: string) => document.querySelector('balcao-chat')!.shadowRoot!.querySelector(name)!.getBoundingClientRect().toJSON() as DOMRect
      return { scroll: box('.scroll'), write: box('.write') }
    })
    expect(scroll.height).toBeGreaterThanOrEqual(64)
    expect(write.bottom).toBeLessThanOrEqual(256)
    await until('the end in view', () => page.locator('.message').last().evaluate((last) => last.getBoundingClientRect().bottom <= last.closest('.scroll')!.getBoundingClientRect().bottom + 1))
  })

  test('with the spacing of WCAG 1.4.12 no word is cut', async () => {
    const { page } = await openPage(browser, town.origin, { viewport: { width: 360, height: 740 } })
    await openChatOn(page)
    await say(page, 'menu')
    await page.locator('.choices button').first().waitFor()
    const cut = await page.evaluate(() => {
      const root = document.querySelector('balcao-chat')!.shadowRoot!
      const sheet = new CSSStyleSheet()
      sheet.replaceSync('.root *:not(.sr) { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } .root p { margin-bottom: 2em !important }')
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
      return [...root.querySelectorAll<HTMLElement>('h2, p, button')].filter((each) => !each.classList.contains('sr') && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 2)).map((each) => each.textContent)
    })
    expect(cut).toEqual([])
  })

  test('with colours forced by the system every bubble and button has an edge, and nothing keeps a colour of its own', async () => {
    const { page } = await openPage(browser, town.origin, { forcedColors: 'active' })
    await openChatOn(page)
    await say(page, 'menu')
    await page.locator('.choices button').first().waitFor()
    const looks = await page.locator('.bubble, .choices button, .send, .opener, header').evaluateAll((all) => all.map((each) => {
      const style = getComputedStyle(each)
      const seen = (element: Element): string => { const { backgroundColor } = getComputedStyle(element); return backgroundColor !== 'rgba(0, 0, 0, 0)' || !element.parentElement ? backgroundColor : seen(element.parentElement) }
      return {
        name: each.className || each.textContent, edge: Number.parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== 'none',
        // White on black or black on white, as this browser's forced colours are; buttons have a ground of their own.
        readable: style.color !== seen(each), own: style.forcedColorAdjust === 'none',
      }
    }))
    expect(looks.length).toBeGreaterThan(5)
    expect(looks.filter(({ edge, readable, own }) => !edge || !readable || own)).toEqual([])
  })

  test('who wants no motion sees none', async () => {
    const { page } = await openPage(browser, town.origin, { reducedMotion: 'reduce' })
    await openChatOn(page)
    expect(await page.evaluate(() => document.querySelector('balcao-chat')!.shadowRoot!.querySelector('.panel')!.getAnimations({ subtree: true }).length)).toBe(0)
  })

  test('who reads back is not moved, and is told', async () => {
    const { page } = await openPage(browser, town.origin, { viewport: { width: 360, height: 740 } })
    await openChatOn(page)
    await say(page, 'pessoa')
    await page.locator('.by-mail').waitFor()
    for (let n = 0; n < 14; n += 1) await answer(chat, page, `resposta ${n}`)
    await until('all', async () => (await bubbles(page)).length === 16)
    const scroll = page.locator('.scroll')
    await scroll.evaluate((element) => { element.scrollTop = 0 })
    await until('seen there', async () => await scroll.evaluate((element) => element.scrollTop) === 0)
    await answer(chat, page, 'a mais nova')
    await page.locator('.below').waitFor()
    expect(await scroll.evaluate((element) => element.scrollTop)).toBe(0)
    await page.locator('.below').click()
    await until('the end', () => scroll.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 2))
    await until('no button', async () => await page.locator('.below').count() === 0)
  })
})
