/** What an inspector cannot see: focus, targets, reflow, announcements. */

import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { composer, type Inboxes, openInboxes, thread, type Town, until } from './harness.ts'

let inboxes: Inboxes
let town: Town
beforeAll(async () => { inboxes = await openInboxes() })
afterEach(() => town.close())
afterAll(() => inboxes.close())

const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
const thread2 = async (page: Page) => void await thread(page).getByRole('article').first().waitFor()

test('everything that can be pressed on a phone is 44 pixels high or wide enough to be hit', async () => {
  town = await inboxes.town({ conversations: 60 })
  const page = await town.open('/inbox/c/2?view=mine', 'op-ana', phone)
  await thread2(page)
  const small = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button, select, textarea, [role=option], a.button')].flatMap((element) => {
    const { width, height } = element.getBoundingClientRect()
    return element.checkVisibility({ visibilityProperty: true }) && (height < 32 || width < 32 || (height < 44 && width < 44)) ? [`${element.className} ${element.textContent} ${Math.round(width)}×${Math.round(height)}`] : []
  }))
  expect(small).toEqual([])
})

test('focus can be seen at every step, goes in the order of the page, and is never trapped', async () => {
  town = await inboxes.town({ conversations: 60 })
  const page = await town.open('/inbox/c/2?view=mine')
  await thread2(page)
  const seen: string[] = []
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null
      if (!element || element === document.body) return undefined
      const style = getComputedStyle(element)
      const box = element.getBoundingClientRect()
      const isMarked = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2 || element.matches('.composer textarea')
      const isInside = box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth
      return { name: `${element.tagName} ${element.className} ${element.getAttribute('aria-label') ?? element.textContent?.slice(0, 20)}`, isMarked, isInside }
    })
    if (!here) break
    expect(here).toMatchObject({ isMarked: true, isInside: true })
    seen.push(here.name)
  }
  expect(seen.length).toBeGreaterThan(30)
  const order = ['views', 'search', 'row', 'thread-scroll', 'composer'].map((part) => seen.findIndex((name) => name.toLowerCase().includes(part === 'views' ? 'view' : part === 'search' ? 'procurar' : part === 'composer' ? 'textarea' : part)))
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect(order).not.toContain(-1)
})

test('a dialog takes the focus, keeps it, and gives it back', async () => {
  town = await inboxes.town({ conversations: 60 })
  const page = await town.open('/inbox/c/2?view=mine')
  await thread2(page)
  const opener = page.getByRole('button', { name: 'Filtros', exact: true })
  await opener.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement === document.body || document.querySelector('dialog')?.contains(document.activeElement))).toBe(true)
  }
  await page.keyboard.press('Escape')
  await until('the focus back', () => opener.evaluate((element) => element === document.activeElement))
})

test('what is written at once after a key goes into the dialog that it opened, and Enter does what it asks', async () => {
  town = await inboxes.town({ conversations: 60 })
  const page = await town.open('/inbox/c/2?view=mine')
  await thread2(page)
  await page.locator('.thread-scroll').focus()
  await page.keyboard.press('e')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('Leitura corrigida')
  await page.keyboard.press('Enter')
  await until('closed with these words', () => JSON.stringify(town.standIn.state.timeline('2', undefined, 10)?.entries.at(-1)).includes('Leitura corrigida'))
})

test.each([[1366, 768], [360, 740], [320, 256]])('at %i × %i the name of the citizen is read in full or in two lines, with whose the conversation is', async (width, height) => {
  town = await inboxes.town({ conversations: 60 })
  const page = await town.open('/inbox/c/2?view=mine', 'op-ana', { viewport: { width, height } })
  await thread2(page)
  const name = page.locator('.conversation-head h1')
  expect(await name.evaluate((element) => element.scrollWidth <= element.clientWidth && element.clientHeight <= 2 * Number.parseFloat(getComputedStyle(element).lineHeight) + 1)).toBe(true)
  const [head, chip] = [await page.locator('.conversation-head').boundingBox(), await page.getByText('Comigo').boundingBox()]
  expect(chip!.x + chip!.width).toBeLessThanOrEqual(head!.x + head!.width)
  expect(chip!.y + chip!.height).toBeLessThanOrEqual(head!.y + head!.height)
})

test('the thread is a log with a name that is reached by keyboard and reads nothing out of itself', async () => {
  town = await inboxes.town({ conversations: 60 })
  const page = await town.open('/inbox/c/2?view=mine')
  await thread2(page)
  expect(await page.getByRole('log').evaluateAll((all) => all.map((log) => [log.getAttribute('aria-label'), log.getAttribute('aria-live'), (log as HTMLElement).tabIndex]))).toEqual([['Mensagens', 'off', 0]])
  // Read back, its older messages come into the page, and nothing is said of them.
  await page.evaluate(() => {
    const store = window as unknown as { said: string[] }
    store.said = []
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const live = (target instanceof Element ? target : target.parentElement)?.closest('[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]')
        if (live?.textContent) store.said.push(live.textContent)
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true })
  })
  await until('the beginning', async () => {
    await page.getByRole('log').evaluate((log) => log.scrollTo(0, 0))
    return await page.getByText('Início da conversa').count() > 0
  })
  expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([])
})

test('ten messages in a burst are announced once, and never one’s own', async () => {
  town = await inboxes.town({ conversations: 60, undoSeconds: 0 })
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).waitFor()
  await until('the stream', () => town.standIn.streams() === 1)
  await thread2(page)
  await page.evaluate(() => {
    const store = window as unknown as { said: string[] }
    store.said = []
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const status = (target instanceof Element ? target : target.parentElement)?.closest('[role=status], [role=alert]')
        if (status?.textContent?.includes('Nova mensagem')) store.said.push(status.textContent)
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true })
  })
  for (let n = 0; n < 10; n += 1) town.standIn.state.hear('5', `Recado ${n}`)
  await thread(page).getByText('Recado 9').waitFor()
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said.length)
  await until('said', async () => await said() > 0)
  await composer(page).fill('A minha resposta')
  await page.keyboard.press('Control+Enter')
  await thread(page).getByText('entregue').last().waitFor()
  expect(await said()).toBeLessThanOrEqual(2)
})

test('at 320 × 256 there is no sideways scroll, and the text field can be reached', async () => {
  town = await inboxes.town({ conversations: 60 })
  const page = await town.open('/inbox/c/2?view=mine', 'op-ana', { viewport: { width: 320, height: 256 } })
  await thread2(page)
  await composer(page).fill('Chego lá.')
  await composer(page).scrollIntoViewIfNeeded()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  const box = await composer(page).boundingBox()
  expect(box && box.y >= 0 && box.y + 20 < 256).toBe(true)
})
