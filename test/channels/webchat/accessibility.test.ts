/** Everybody can write to the town: what axe sees in each state, and what it does not see. */

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, until } from '../../harness/gateway.ts'
import { type Line, openLine } from './line.ts'
import { addressOf, bubbles, type BuiltWidget, buildWidget, openBrowser, openChatOn, openPage, openTownPage, say, startChat, type TownPage } from './setting.ts'

let widget: BuiltWidget
let browser: Browser
let chat: Harness
let line: Line
let town: TownPage
let axeSource: string

beforeAll(async () => {
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  widget = await buildWidget()
  browser = await openBrowser()
  line = await openLine('http://127.0.0.1:9')
  town = await openTownPage(() => line.url)
  chat = await startChat(widget, { origins: [town.origin] })
  await line.lead(chat.url)
})
afterAll(async () => {
  await browser?.close()
  await town?.close()
  await line?.close()
  await chat?.close()
  await widget?.remove()
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
})

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

const conversationOf = async (page: Page) => {
  const token = await page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(':visitor'))![1])
  return (await chat.gateway.pool.db.selectFrom('identity').innerJoin('conversation', 'conversation.citizen_id', 'identity.citizen_id').select('conversation.id')
    .where('identity.address', '=', addressOf(token)).executeTakeFirstOrThrow()).id
}
const answer = async (page: Page, text: string) => {
  const operator = await chat.operator({ name: 'Marta Lopes' })
  await chat.gateway.act({ conversationId: await conversationOf(page), operator, clientId: randomUUID(), deeds: [{ do: 'reply', text }] })
}
/** The class, or else the name, of what has the keyboard. */
const focused = (page: Page) => page.evaluate(() => {
  const inside = document.activeElement?.shadowRoot?.activeElement
  return inside ? inside.getAttribute('aria-label') ?? inside.textContent : document.activeElement?.tagName
})

const long = `diz Para pedir a ligação de água precisa de:\n\n1. Cartão de cidadão.\n2. Caderneta predial.\n\nhttps://servicos.valeformoso.example/agua/contratos/novo?tipo=domestico&origem=conversa ${'palavramuitocomprida'.repeat(12)}`

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
    await say(page, long)
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
    await answer(page, `Venha por aqui: ${chat.url}/call/x-1`)
    await page.locator('.call').waitFor()
    await chat.gateway.signals.broadcast({ type: 'told', topic: 'operator-typing', data: { conversationId: await conversationOf(page) } })
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
    await say(page, 'pessoa')
    await page.locator('.by-mail').click()
    expect(await sizesOf('.panel :is(button, input:not([type=file]))')).toEqual([])
  })

  test('at 320 by 256 nothing goes sideways, and the last message and the composer are reached', async () => {
    const { page } = await openPage(browser, town.origin, { viewport: { width: 320, height: 256 } })
    await openChatOn(page)
    await say(page, long)
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
    for (let n = 0; n < 14; n += 1) await answer(page, `resposta ${n}`)
    await until('all', async () => (await bubbles(page)).length === 16)
    const scroll = page.locator('.scroll')
    await scroll.evaluate((element) => { element.scrollTop = 0 })
    await until('seen there', async () => await scroll.evaluate((element) => element.scrollTop) === 0)
    await answer(page, 'a mais nova')
    await page.locator('.below').waitFor()
    expect(await scroll.evaluate((element) => element.scrollTop)).toBe(0)
    await page.locator('.below').click()
    await until('the end', () => scroll.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 2))
    await until('no button', async () => await page.locator('.below').count() === 0)
  })
})
