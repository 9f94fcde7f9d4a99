import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { composer, type Inboxes, openInboxes, thread, type Town, until } from './harness.ts'

let inboxes: Inboxes
let axe: string
let town: Town
beforeAll(async () => {
  inboxes = await openInboxes()
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})
afterEach(() => town.close())
afterAll(() => inboxes.close())

interface Violation { id: string; nodes: { html: string; failureSummary: string }[] }

async function violations(page: Page): Promise<string[]> {
  // As the inspector would: past the page's own policy, in a world of its own.
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { axe: engine } = window as unknown as { axe: { run(context: object, options: object): Promise<{ violations: unknown[] }> } }
    return (await engine.run({ exclude: [['iframe']] }, { iframes: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations
  }) as Violation[]
  return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} → ${failureSummary.replace(/\s+/g, ' ').slice(0, 160)}`).join(' | ')}`)
}

const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
const dark: BrowserContextOptions = { colorScheme: 'dark' }
const thread2 = async (page: Page) => void await thread(page).getByRole('article').first().waitFor()
const settingsReady = async (page: Page) => { await page.getByRole('heading', { level: 1 }).waitFor(); await until('no spinner', async () => await page.locator('.spinner').count() === 0) }
const press = (keys: string) => async (page: Page) => { await thread2(page); await page.locator('.thread-scroll').focus(); await page.keyboard.press(keys); await page.getByRole('dialog').waitFor() }

interface State { name: string; path: string; options?: BrowserContextOptions; operator?: string | null; reach?: (page: Page) => Promise<void> }
const states: State[] = [
  { name: 'sign in', path: '/inbox/', operator: null, reach: async (page) => void await page.getByRole('heading', { name: 'Entrar' }).waitFor() },
  { name: 'sign in refused', path: '/inbox/', operator: null, reach: async (page) => { await page.getByRole('button', { name: 'Entrar' }).click(); await page.getByRole('alert').waitFor() } },
  { name: 'set password', path: '/inbox/set-password?token=x', operator: null, reach: async (page) => { await page.getByRole('button', { name: 'Guardar' }).click(); await page.getByRole('alert').waitFor() } },
  { name: 'list and nothing open', path: '/inbox/?view=all', reach: async (page) => void await page.getByRole('option').first().waitFor() },
  { name: 'empty list', path: '/inbox/?view=mine', operator: 'op-paulo', reach: async (page) => void await page.locator('.list-pane .state, [role=option]').first().waitFor() },
  { name: 'search', path: '/inbox/?view=all&q=fatura', reach: async (page) => void await page.getByRole('option').first().waitFor() },
  { name: 'nothing found', path: '/inbox/?view=all&q=zzzz', reach: async (page) => void await page.getByText('Nada encontrado.').waitFor() },
  { name: 'selection', path: '/inbox/?view=mine', reach: async (page) => { await page.getByRole('option').first().click({ modifiers: ['Control'] }); await page.getByRole('toolbar').waitFor() } },
  { name: 'conversation with everything in it', path: '/inbox/c/2?view=mine', reach: thread2 },
  { name: 'its beginning', path: '/inbox/c/2?view=mine', reach: async (page) => { await thread2(page); await until('the fold', async () => { await thread(page).evaluate((element) => element.scrollTo(0, 0)); return await page.getByRole('button', { name: /Conversa com o assistente/ }).count() > 0 }) } },
  { name: 'its middle', path: '/inbox/c/2?view=mine', reach: async (page) => { await thread2(page); await until('the mail', async () => { await thread(page).evaluate((element) => element.scrollBy(0, -150)); return await page.getByRole('button', { name: 'Ver original' }).count() > 0 }) } },
  { name: 'conversation, dark', path: '/inbox/c/2?view=waiting', options: dark, reach: thread2 },
  { name: 'conversation, wide', path: '/inbox/c/2?view=all', options: { viewport: { width: 2560, height: 1300 } }, reach: thread2 },
  { name: 'list on a phone', path: '/inbox/?view=waiting', options: phone, reach: async (page) => void await page.getByRole('option').first().waitFor() },
  { name: 'views on a phone', path: '/inbox/?view=waiting', options: phone, reach: async (page) => { await page.getByRole('button', { name: 'Mostrar o menu de vistas' }).tap(); await page.getByRole('navigation').getByRole('button', { name: /^Minhas/ }).waitFor() } },
  { name: 'conversation on a phone, dark', path: '/inbox/c/2?view=mine', options: { ...phone, ...dark }, reach: thread2 },
  { name: 'citizen on a phone', path: '/inbox/c/2?view=mine', options: phone, reach: async (page) => { await thread2(page); await page.getByRole('button', { name: /painel|munícipe/ }).first().tap(); await page.getByRole('dialog').waitFor() } },
  { name: 'note', path: '/inbox/c/5?view=mine', reach: async (page) => { await composer(page).waitFor(); await page.getByRole('button', { name: 'Nota interna' }).click() } },
  { name: 'quick answers', path: '/inbox/c/2?view=mine', reach: async (page) => { await composer(page).pressSequentially('/'); await page.getByRole('listbox', { name: 'Respostas rápidas' }).waitFor() } },
  { name: 'preview and buttons', path: '/inbox/c/2?view=mine', reach: async (page) => { await composer(page).fill('Pode ser amanhã?'); await page.getByRole('button', { name: 'Botões de resposta' }).click(); await page.getByRole('button', { name: 'Ver como chega' }).click(); await page.getByRole('region', { name: /Como chega/ }).getByText('Pode ser amanhã?').waitFor() } },
  { name: 'menu', path: '/inbox/c/2?view=mine', reach: async (page) => { await thread2(page); await page.locator('.conversation-head').getByRole('button', { name: 'Mais ações' }).click(); await page.getByRole('menu').waitFor() } },
  { name: 'palette', path: '/inbox/c/2?view=mine', reach: press('Control+k') },
  { name: 'key sheet', path: '/inbox/c/2?view=mine', reach: press('?') },
  { name: 'assign', path: '/inbox/c/2?view=mine', reach: press('a') },
  { name: 'snooze', path: '/inbox/c/2?view=mine', reach: press('s') },
  { name: 'move', path: '/inbox/c/2?view=mine', reach: press('m') },
  { name: 'close', path: '/inbox/c/2?view=mine', reach: press('e') },
  { name: 'filters', path: '/inbox/c/2?view=mine', reach: press('f') },
  { name: 'register', path: '/inbox/c/2?view=mine', reach: async (page) => { await page.getByRole('button', { name: 'Registar dados' }).last().click(); await page.getByRole('dialog').waitFor() } },
  { name: 'which form', path: '/inbox/c/2?view=mine', reach: press('d') },
  { name: 'a form with answers that will not do', path: '/inbox/c/2?view=mine', reach: async (page) => { await press('d')(page); await page.getByRole('dialog').getByRole('option', { name: /contador/ }).click(); await page.getByRole('textbox', { name: 'Leitura' }).fill('muitos'); await page.getByRole('button', { name: 'Rever' }).click(); await page.getByText('Falta esta resposta.').waitFor() } },
  { name: 'a form to be handed in, on a phone', path: '/inbox/c/2?view=mine', options: phone, reach: async (page) => { await press('d')(page); await page.getByRole('dialog').getByRole('option', { name: /contador/ }).click(); await page.getByRole('textbox', { name: 'Número de cliente' }).fill('123456'); await page.getByRole('textbox', { name: 'Leitura' }).fill('1234'); await page.getByRole('button', { name: 'Rever' }).click(); await page.getByRole('radio').first().waitFor() } },
  { name: 'link a contact', path: '/inbox/c/2?view=mine', reach: async (page) => { await page.getByRole('button', { name: 'Associar contacto' }).click(); await page.getByRole('searchbox', { name: /Procure pelo nome/ }).fill('mar'); await page.getByRole('radio').first().waitFor() } },
  { name: 'preferences', path: '/inbox/?view=mine', reach: async (page) => { await page.getByRole('button', { name: /A minha conta/ }).click(); await page.getByRole('menuitem', { name: 'Preferências' }).click(); await page.getByRole('dialog').waitFor() } },
  { name: 'line lost', path: '/inbox/c/2?view=mine', reach: async (page) => { await thread2(page); town.standIn.cut(); await page.getByText('Sem ligação em direto').waitFor() } },
  { name: 'gone', path: '/inbox/c/99999?view=mine', reach: async (page) => void await page.getByText('deixou de ter acesso').waitFor() },
  { name: 'channels', path: '/inbox/settings/channels', reach: async (page) => { await settingsReady(page); await page.getByRole('img', { name: 'Código de emparelhamento' }).waitFor() } },
  { name: 'channels, dark', path: '/inbox/settings/channels', options: dark, reach: settingsReady },
  { name: 'problems', path: '/inbox/settings/problems', reach: settingsReady },
  { name: 'operators', path: '/inbox/settings/operators', reach: settingsReady },
  { name: 'invite', path: '/inbox/settings/operators', reach: async (page) => { await page.getByRole('button', { name: 'Convidar' }).click(); await page.getByRole('dialog').waitFor() } },
  { name: 'calendar', path: '/inbox/settings/calendar', reach: settingsReady },
  { name: 'calendar on a phone, dark', path: '/inbox/settings/calendar', options: { ...phone, ...dark }, reach: settingsReady },
  { name: 'quick answers page', path: '/inbox/settings/quick-answers', reach: settingsReady },
  { name: 'links page', path: '/inbox/settings/links', options: phone, reach: settingsReady },
  { name: 'questions without answer', path: '/inbox/settings/misses', reach: settingsReady },
]

test.each(states)('axe finds nothing to say about: $name', async ({ path, options, operator = 'op-ana', reach }) => {
  town = await inboxes.town({ conversations: 60 })
  // The inspector is put in by the test; everything else lives under the page's policy, as the other journeys prove.
  const page = await (await town.browserOf(operator, { ...options, bypassCSP: true, reducedMotion: 'reduce' })).newPage()
  await page.goto(`${town.standIn.url}${path}`)
  await reach?.(page)
  expect(await violations(page)).toEqual([])
})

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
