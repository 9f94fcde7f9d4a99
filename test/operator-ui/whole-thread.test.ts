/** Everything that a thread can show, what may be made of conversations, and how the page calls for attention. */

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findChromium } from '../vendors/browser.ts'
import { composer, type Inboxes, openInboxes, row, thread, type Town, until } from './harness.ts'

let inboxes: Inboxes
let town: Town
// A whole browser: the other one has no notices, and plays nothing.
beforeAll(async () => { inboxes = await openInboxes(findChromium()) })
afterEach(async () => {
  const { complaints } = town
  await town.close()
  expect(complaints).toEqual([])
})
afterAll(() => inboxes.close())

/** Goes up from the end until it is drawn: only what is in sight exists. */
async function find(page: Page, what: string, there: () => Promise<number>): Promise<void> {
  await thread(page).getByRole('article').first().waitFor()
  await until(what, async () => {
    if (await there() > 0) return true
    await thread(page).evaluate((element) => element.scrollBy(0, -120))
    return false
  })
}

test('an edit, a deletion, a card and a kind that we cannot show say what they are', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=mine')
  const edited = thread(page).getByRole('article').filter({ hasText: 'também fica certa' })
  await find(page, 'the edited one', () => edited.count())
  await edited.getByText(/editada/).click()
  await edited.getByText('Que bom! E a do mes pasado tamem?').waitFor()
  await thread(page).getByText('O munícipe apagou esta mensagem.').waitFor()
  await thread(page).getByText('+351 963 111 222').waitFor()
  await thread(page).getByText(/tipo que ainda não sabemos mostrar \(sondagem\)/).waitFor()
})

test('the earlier words of an edit are in sight when asked for, though it stands at the very top', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=mine')
  const edited = thread(page).getByRole('article').filter({ hasText: 'também fica certa' })
  await edited.waitFor()
  // The end of the thread in sight, and the edit just below the upper edge.
  const room = await edited.evaluate((element) => element.getBoundingClientRect().bottom - element.closest('[role=log]')!.getBoundingClientRect().top)
  await page.setViewportSize({ width: 1366, height: Math.round(768 - room + 24) })
  await until('the end again', () => thread(page).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 2))
  await edited.getByText(/editada/).click()
  expect(await edited.getByText('Que bom! E a do mes pasado tamem?').evaluate(async (element) => {
    // Rows are measured and moved in the frames after.
    for (let frame = 0; frame < 5; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
    return element.getBoundingClientRect().top - element.closest('[role=log]')!.getBoundingClientRect().top
  })).toBeGreaterThan(0)
})

test('a correction, a message taken back and a reaction appear while one looks', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).waitFor()
  await until('the stream', () => town.standIn.streams() === 1)
  const { state } = town.standIn
  state.hear('5', 'Moro na Rua do Otueiro')
  const seq = state.kept('5')!.summary.lastSeq
  await thread(page).getByText('Moro na Rua do Otueiro').waitFor()
  state.edit('5', seq, 'Moro na Rua do Outeiro')
  const said = thread(page).getByRole('article').filter({ hasText: 'Moro na Rua do Outeiro' })
  await said.getByText(/editada/).click()
  await said.getByText('Moro na Rua do Otueiro').waitFor()
  state.react('5', seq, '👍', 'Joaquim')
  await said.getByTitle('Joaquim').getByText('👍').waitFor()
  state.takeBack('5', seq)
  await thread(page).getByText('O munícipe apagou esta mensagem.').waitFor()
  await until('gone', async () => await thread(page).getByText('Moro na Rua do').count() === 0)
})

test('a voice is played, a place leads to a map, a mail’s quoted part is folded, a picture is seen and a reaction shown', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=mine')
  await find(page, 'the voice', () => thread(page).locator('audio').count())
  expect(await thread(page).locator('audio').first().getAttribute('controls')).not.toBeNull()
  const map = thread(page).getByRole('link', { name: /Abrir no mapa/ })
  await find(page, 'the place', () => map.count())
  expect(await map.getAttribute('href')).toMatch(/^https:\/\/www\.openstreetmap\.org\/.*41\.6089/)
  expect(await map.getAttribute('rel')).toContain('noreferrer')
  const mail = thread(page).getByRole('article').filter({ hasText: 'Segue em anexo a fatura' })
  await find(page, 'the mail', () => mail.count())
  expect(await mail.getByText('A sua fatura de outubro está disponível.').isVisible()).toBe(false)
  await mail.getByText('Mensagem citada').click()
  await mail.getByText('A sua fatura de outubro está disponível.').waitFor()
  await mail.getByText('recusado por segurança').waitFor()
  await mail.getByText('Remetente duvidoso').waitFor()
  await find(page, 'the reaction', () => thread(page).getByText('♥').count())
  await find(page, 'the picture', () => thread(page).locator('img[src*="contador.png"]').count())
  await find(page, 'a break between two days', () => thread(page).getByText('ontem', { exact: true }).count())
})

test('a mail that nobody vouches for says so, also beside one that is vouched for; why is told to pointer, keyboard and finger', async () => {
  town = await inboxes.town()
  const context = await town.browserOf('op-ana', { hasTouch: true })
  const page = await context.newPage()
  await page.goto(`${town.standIn.url}/inbox/c/2?view=mine`)
  await composer(page).waitFor()
  const mail = { channelId: 'email', threadId: 't2b' }
  town.standIn.state.hear('2', 'com garantia', { ...mail, trust: { spf: 'fail', dkim: 'pass', dmarc: 'pass', sender: 'verified' } })
  town.standIn.state.hear('2', 'sem garantia', { ...mail, trust: { spf: 'softfail', dkim: 'none', sender: 'unverified' } })
  town.standIn.state.hear('2', 'de outro canal')
  const said = (words: string) => thread(page).getByRole('article').filter({ hasText: words })
  await said('de outro canal').waitFor()
  const label = said('sem garantia').getByRole('button', { name: 'Remetente não verificado' })
  await label.waitFor()
  expect(await thread(page).getByRole('button', { name: /^Remetente/ }).count()).toBe(1)
  const tip = page.getByRole('tooltip')
  await label.hover()
  await tip.getByText('SPF: softfail · DKIM: none').waitFor()
  expect(await label.getAttribute('aria-describedby')).toBe(await tip.getAttribute('id'))
  // It stays while the pointer goes there to read it.
  await tip.hover()
  expect(await tip.isVisible()).toBe(true)
  await page.mouse.move(2, 2)
  await tip.waitFor({ state: 'hidden' })
  await label.focus()
  await tip.waitFor()
  await page.keyboard.press('Escape')
  await tip.waitFor({ state: 'hidden' })
  await composer(page).focus()
  await label.tap()
  await tip.waitFor()
  await composer(page).tap()
  await tip.waitFor({ state: 'hidden' })
})

test('a conversation is cut in two where another matter begins, and joined to another again', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=all')
  await composer(page).waitFor()
  town.standIn.state.hear('5', 'E já agora: o contentor da minha rua está partido.')
  const other = thread(page).getByRole('article').filter({ hasText: 'contentor da minha rua' })
  await other.hover()
  await other.getByRole('button', { name: 'Mais ações' }).click()
  await page.getByRole('menuitem', { name: 'Separar a partir daqui' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Separar a partir daqui' }).click()
  await page.waitForURL((url) => !url.pathname.endsWith('/c/5'))
  await thread(page).getByText('contentor da minha rua').waitFor()
  expect(await thread(page).getByRole('article').count()).toBe(1)
  await page.locator('.conversation-head').getByRole('button', { name: 'Mais ações' }).click()
  await page.getByRole('menuitem', { name: 'Juntar a outra' }).click()
  const reference = town.standIn.state.kept('5')!.summary.reference
  await page.getByRole('combobox', { name: 'Juntar a que conversa?' }).fill(reference)
  await page.getByRole('dialog').getByRole('option', { name: new RegExp(reference) }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Juntar a outra' }).click()
  await page.waitForURL(/\/c\/5/)
})

test('what is put off leaves the list until its day, and stands in a view of its own', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=mine')
  await thread(page).getByRole('article').first().waitFor()
  await page.locator('.thread-scroll').focus()
  await page.keyboard.press('s')
  await page.getByRole('option', { name: 'Amanhã às 9:00' }).click()
  await until('put off', () => town.standIn.state.kept('2')!.summary.state === 'snoozed')
  await page.goto(`${town.standIn.url}/inbox/?view=snoozed`)
  await row(page, /Maria da Conceição/).waitFor()
  await page.goto(`${town.standIn.url}/inbox/?view=mine`)
  await page.getByRole('option').first().waitFor()
  expect(await row(page, /Maria da Conceição/).count()).toBe(0)
})

test('the tab counts what is waiting, and a notice names who writes but not what, unless one is looking at it', async () => {
  town = await inboxes.town()
  const context = await town.browserOf('op-ana', { permissions: ['notifications'] })
  await context.addInitScript(() => {
    const shown: { title: string; body: string | undefined }[] = []
    Object.assign(window, { shown })
    class Notice extends EventTarget {
      static permission = 'granted'
      static requestPermission = async () => 'granted'
      constructor(title: string, options?: NotificationOptions) {
        super()
        shown.push({ title, body: options?.body })
      }
      close(): void {}
    }
    Object.assign(window, { Notification: Notice, rung: 0 })
    const begin = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (when) { Object.assign(window, { rung: (window as unknown as { rung: number }).rung + 1 }); begin.call(this, when) }
    // A page behind another window: the browser would say so, and a test's never is.
    document.hasFocus = () => !(window as unknown as { isAway?: boolean }).isAway
  })
  const page = await context.newPage()
  await page.goto(`${town.standIn.url}/inbox/c/5?view=mine`)
  await composer(page).waitFor()
  await until('the stream', () => town.standIn.streams() === 1)
  await until('counted in the tab', async () => /^\(\d+\) Balcão$/.test(await page.title()))
  await page.getByRole('button', { name: /A minha conta/ }).click()
  await page.getByRole('menuitem', { name: 'Preferências' }).click()
  // A switch shows what the page has taken up, a moment after the click.
  for (const name of [/Avisos no ambiente/, /[Ss]om/]) {
    const one = page.getByRole('switch', { name })
    if (!await one.isChecked()) await one.click()
    await until('switched on', () => one.isChecked())
  }
  await page.keyboard.press('Escape')
  const notices = () => page.evaluate(() => (window as unknown as { shown: { title: string; body?: string }[] }).shown)
  town.standIn.state.hear('2', 'Palavras só para quem atende')
  await row(page, /Maria da Conceição/).getByText('Palavras só para quem atende').waitFor()
  expect(await notices()).toEqual([])
  // Another conversation than the one that is looked at: heard, and no notice over the page itself.
  const rung = () => page.evaluate(() => (window as unknown as { rung: number }).rung)
  await until('two soft notes', async () => await rung() === 2)
  town.standIn.state.hear('5', 'Diante dos olhos')
  await thread(page).getByText('Diante dos olhos').waitFor()
  expect([await rung(), await notices()]).toEqual([2, []])
  await page.evaluate(() => Object.assign(window, { isAway: true }))
  town.standIn.state.hear('2', 'Outras palavras só para quem atende')
  await until('a notice', async () => (await notices()).length > 0)
  expect(await notices()).toEqual([{ title: 'Nova mensagem de Maria da Conceição Lourenço' }])
})
