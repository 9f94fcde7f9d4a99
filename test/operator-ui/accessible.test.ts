import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { composer, type Inboxes, openInboxes, thread, type Town, until } from './harness.ts'

let inboxes: Inboxes
let axe: string
/** One for all states that change nothing in it. */
let shared: Town
beforeAll(async () => {
  inboxes = await openInboxes()
  shared = await inboxes.town({ conversations: 60 })
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})
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

const taught = async (page: Page, card: number) => { await page.locator('.card').nth(card).locator('.teach-targets .button').first().click(); await page.getByRole('region', { name: /^Linhas que mudam/ }).waitFor() }
const tried = async (page: Page) => {
  await page.getByRole('textbox', { name: 'Escreva como munícipe' }).fill('onde pago a agua')
  await page.keyboard.press('Enter')
  await page.getByText('Porquê?').click()
  await page.getByText('Certeza').waitFor()
}

interface State { name: string; path: string; options?: BrowserContextOptions; operator?: string | null; reach?: (page: Page, town: Town) => Promise<void>; /** It leaves something behind: a draft, a cut line. */ alone?: true }
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
  { name: 'quick answers', path: '/inbox/c/2?view=mine', alone: true, reach: async (page) => { await composer(page).pressSequentially('/'); await page.getByRole('listbox', { name: 'Respostas rápidas' }).waitFor() } },
  { name: 'preview and buttons', path: '/inbox/c/2?view=mine', alone: true, reach: async (page) => { await composer(page).fill('Pode ser amanhã?'); await page.getByRole('button', { name: 'Botões de resposta' }).click(); await page.getByRole('button', { name: 'Ver como chega' }).click(); await page.getByRole('region', { name: /Como chega/ }).getByText('Pode ser amanhã?').waitFor() } },
  { name: 'menu', path: '/inbox/c/2?view=mine', reach: async (page) => { await thread2(page); await page.locator('.conversation-head').getByRole('button', { name: 'Mais ações' }).click(); await page.getByRole('menu').waitFor() } },
  { name: 'palette', path: '/inbox/c/2?view=mine', reach: press('Control+k') },
  { name: 'key sheet', path: '/inbox/c/2?view=mine', reach: press('?') },
  { name: 'assign', path: '/inbox/c/2?view=mine', reach: press('a') },
  { name: 'snooze', path: '/inbox/c/2?view=mine', reach: press('s') },
  { name: 'move', path: '/inbox/c/2?view=mine', reach: press('m') },
  { name: 'move, with a word', path: '/inbox/c/2?view=mine', reach: async (page) => { await press('m')(page); await page.keyboard.press('Enter'); await page.getByRole('dialog', { name: /^Mudar para/ }).waitFor() } },
  { name: 'close', path: '/inbox/c/2?view=mine', reach: press('e') },
  { name: 'filters', path: '/inbox/c/2?view=mine', reach: press('f') },
  { name: 'register', path: '/inbox/c/2?view=mine', reach: async (page) => { await page.getByRole('button', { name: 'Registar dados' }).last().click(); await page.getByRole('dialog').waitFor() } },
  { name: 'which form', path: '/inbox/c/2?view=mine', reach: press('d') },
  { name: 'a form with answers that will not do', path: '/inbox/c/2?view=mine', reach: async (page) => { await press('d')(page); await page.getByRole('dialog').getByRole('option', { name: /contador/ }).click(); await page.getByRole('textbox', { name: 'Leitura' }).fill('muitos'); await page.getByRole('button', { name: 'Rever' }).click(); await page.getByText('Falta esta resposta.').waitFor() } },
  { name: 'a form to be handed in, on a phone', path: '/inbox/c/2?view=mine', options: phone, reach: async (page) => { await press('d')(page); await page.getByRole('dialog').getByRole('option', { name: /contador/ }).click(); await page.getByRole('textbox', { name: 'Número de cliente' }).fill('123456'); await page.getByRole('textbox', { name: 'Leitura' }).fill('1234'); await page.getByRole('button', { name: 'Rever' }).click(); await page.getByRole('radio').first().waitFor() } },
  { name: 'link a contact', path: '/inbox/c/2?view=mine', reach: async (page) => { await page.getByRole('button', { name: 'Associar contacto' }).click(); await page.getByRole('searchbox', { name: /Procure pelo nome/ }).fill('mar'); await page.getByRole('radio').first().waitFor() } },
  { name: 'preferences', path: '/inbox/?view=mine', reach: async (page) => { await page.getByRole('button', { name: /A minha conta/ }).click(); await page.getByRole('menuitem', { name: 'Preferências' }).click(); await page.getByRole('dialog').waitFor() } },
  { name: 'test message to oneself', path: '/inbox/settings/channels', reach: async (page) => { const card = page.getByRole('article').filter({ hasText: 'Telegram' }); await card.getByText('Mensagem de teste para si').click(); await card.getByRole('combobox').waitFor() } },
  { name: 'line lost', path: '/inbox/c/2?view=mine', alone: true, reach: async (page, town) => { await thread2(page); town.standIn.cut(); await page.getByText('Sem ligação em direto').waitFor() } },
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
  { name: 'questions without answer on a phone, dark', path: '/inbox/settings/misses', options: { ...phone, ...dark }, reach: async (page) => { await settingsReady(page); await page.getByText('Perguntas', { exact: true }).first().click() } },
  { name: 'which answer it belongs to', path: '/inbox/settings/misses', reach: async (page) => { await page.getByRole('button', { name: 'Outra resposta…' }).first().click(); await page.getByRole('dialog').waitFor() } },
  { name: 'words before they are written', path: '/inbox/settings/misses', reach: async (page) => { await taught(page, 1); await page.getByText('Experimentar com esta mudança').click(); await page.getByRole('textbox', { name: 'Escreva como munícipe' }).waitFor() } },
  { name: 'words before they are written, on a phone, dark', path: '/inbox/settings/misses', options: { ...phone, ...dark }, reach: async (page) => { await taught(page, 0) } },
  { name: 'a new answer', path: '/inbox/settings/misses', options: phone, reach: async (page) => { await page.getByRole('button', { name: 'Nova resposta…' }).first().click(); await page.getByRole('textbox', { name: /^Resposta/ }).first().waitFor() } },
  { name: 'the bot before it is tried', path: '/inbox/settings/bot', options: phone, reach: settingsReady },
  { name: 'the bot tried, and why', path: '/inbox/settings/bot', reach: tried },
  { name: 'the bot tried, on a phone, dark', path: '/inbox/settings/bot', options: { ...phone, ...dark }, reach: tried },
]

/** A browser for each kind of screen and operator, signed in once; every state is a page of its own in it. */
const browsers = new Map<string, Promise<BrowserContext>>()
function sharedBrowser(operator: string | null, options: BrowserContextOptions): Promise<BrowserContext> {
  const key = JSON.stringify([operator, options])
  const context = browsers.get(key) ?? shared.browserOf(operator, options)
  browsers.set(key, context)
  return context
}

test.each(states)('axe finds nothing to say about: $name', async ({ path, options, operator = 'op-ana', reach, alone }) => {
  const town = alone ? await inboxes.town({ conversations: 60 }) : shared
  // The inspector is put in by the test; everything else lives under the page's policy, as the other journeys prove.
  const looks: BrowserContextOptions = { ...options, bypassCSP: true, reducedMotion: 'reduce' }
  const page = await (alone ? await town.browserOf(operator, looks) : await sharedBrowser(operator, looks)).newPage()
  try {
    await page.goto(`${town.standIn.url}${path}`)
    await reach?.(page, town)
    expect(await violations(page)).toEqual([])
  } finally {
    await (alone ? town.close() : page.close())
  }
})
