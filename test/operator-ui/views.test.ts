/** Where to look: filters, saved views, what is done to many at once, and the palette. */

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { composer, type Inboxes, openInboxes, type Town, until } from './harness.ts'

let inboxes: Inboxes
let town: Town
beforeAll(async () => { inboxes = await openInboxes() })
afterEach(async () => {
  const { complaints } = town
  await town.close()
  expect(complaints).toEqual([])
})
afterAll(() => inboxes.close())

test('a filter stands in the URL and outlives a reload', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/?view=all')
  await page.getByRole('button', { name: 'Filtros', exact: true }).click()
  await page.getByLabel('Canal').selectOption('email')
  await page.getByRole('dialog').getByRole('button', { name: 'Ver' }).click()
  await until('the URL', () => page.url().includes('channel=email'))
  await page.reload()
  await page.getByRole('option').first().waitFor()
  expect(await page.getByRole('option', { name: /E-mail/ }).count()).toBe(await page.getByRole('option').count())
})

test('every condition of a list stands in the URL, outlives a reload, is shown as it was set, and is taken away at once', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/?view=all')
  const dialog = page.getByRole('dialog', { name: 'Filtros' })
  await page.getByRole('button', { name: 'Filtros', exact: true }).click()
  const chosen = { Canal: 'whatsapp', Departamento: 'aguas', Prioridade: 'high', Língua: 'pt' }
  const written = { Etiqueta: 'fatura', Desde: '2026-01-01', Até: '2030-12-31' }
  for (const [name, value] of Object.entries(chosen)) await dialog.getByLabel(name).selectOption(value)
  for (const [name, value] of Object.entries(written)) await dialog.getByLabel(name).fill(value)
  for (const name of ['Por ler', 'Com falha de entrega']) await dialog.getByRole('switch', { name }).check()
  await dialog.getByRole('button', { name: 'Ver' }).click()
  const url = new URL(await until('the conditions', () => page.url().includes('channel=') && page.url()))
  expect(Object.fromEntries(url.searchParams)).toEqual({ view: 'all', channel: 'whatsapp', department: 'aguas', priority: 'high', language: 'pt', tag: 'fatura', from: '2026-01-01', to: '2030-12-31', unread: '1', failed: '1' })
  await page.reload()
  await page.getByRole('button', { name: 'Filtros (9)' }).click()
  for (const [name, value] of Object.entries({ ...chosen, ...written })) expect(await dialog.getByLabel(name).inputValue(), name).toBe(value)
  for (const name of ['Por ler', 'Com falha de entrega']) expect(await dialog.getByRole('switch', { name }).isChecked(), name).toBe(true)
  await dialog.getByRole('button', { name: 'Limpar filtros' }).click()
  await until('none', () => new URL(page.url()).search === '?view=all')
  await page.getByRole('option').first().waitFor()
})

test.each([['priority=urgent', /Urgente/], ['language=en', /EN/], ['tag=monos', /monos/], ['department=ambiente', /Resíduos|Espaço público/], ['unread=1', /por ler/], ['channel=sms', /SMS/]])('of all conversations %s leaves those that it names', async (condition, sign) => {
  town = await inboxes.town({ conversations: 400 })
  const page = await town.open(`/inbox/?view=all&${condition}`)
  const rows = page.getByRole('option')
  await rows.first().waitFor()
  const said = await rows.evaluateAll((all) => all.map((each) => `${(each as HTMLElement).innerText} ${each.querySelector('[role=img]')?.getAttribute('aria-label')}`))
  expect(said.filter((text) => !sign.test(text))).toEqual([])
})

test('a view is saved under a name, shared, and opened again', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/?view=all&channel=sms')
  await page.getByRole('button', { name: 'Guardar esta vista' }).click()
  await page.getByLabel('Nome da vista').fill('Só SMS')
  await page.getByRole('switch', { name: 'Partilhar com todos' }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await page.getByRole('navigation').getByRole('button', { name: /^Minhas/ }).click()
  await page.getByRole('navigation').getByRole('button', { name: /^Só SMS/ }).click()
  await until('the URL', () => page.url().includes('channel=sms'))
})

test('several conversations are closed at once, and others put off', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/?view=mine')
  await page.getByRole('option').first().waitFor()
  const before = town.standIn.state.counts('op-ana').mine
  await page.getByRole('option').nth(1).click({ modifiers: ['Control'] })
  await page.getByRole('option').nth(3).click({ modifiers: ['Shift'] })
  await page.getByText('3 selecionadas').waitFor()
  await page.getByRole('toolbar').getByRole('button', { name: 'Fechar' }).click()
  await page.getByText('3 conversas alteradas.').waitFor()
  expect(town.standIn.state.counts('op-ana').mine).toBe(before - 3)
  const asleep = town.standIn.state.counts('op-ana').snoozed
  await page.getByRole('option').nth(0).click({ modifiers: ['Control'] })
  await page.getByRole('option').nth(1).click({ modifiers: ['Control'] })
  await page.getByRole('toolbar').getByRole('button', { name: 'Adiar' }).click()
  await page.getByRole('option', { name: /Amanhã às 9:00/ }).click()
  await page.getByText('2 conversas alteradas.').waitFor()
  expect(town.standIn.state.counts('op-ana').snoozed).toBe(asleep + 2)
})

test('everything can be done from the palette, and the keys can be switched off', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('etiq')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: 'Etiquetas' }).fill('obra nova')
  await page.keyboard.press('Enter')
  await until('the tag', () => town.standIn.state.kept('5')?.summary.tags.includes('obra nova'))
  await page.keyboard.press('Escape')
  await page.locator('body').click({ position: { x: 5, y: 400 } })
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Atalhos de teclado' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /A minha conta/ }).click()
  await page.getByRole('menuitem', { name: 'Preferências' }).click()
  const singleKeys = page.getByRole('switch', { name: /Teclas de uma só letra/ })
  await singleKeys.click()
  await until('the keys to be off', async () => !await singleKeys.isChecked())
  await page.keyboard.press('Escape')
  await page.locator('.thread-scroll').focus()
  await page.keyboard.press('?')
  await page.keyboard.press('n')
  expect(await page.getByRole('dialog').count()).toBe(0)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
})

test('the palette begins with what can be done with the open conversation, and ends in every list of the town', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=all')
  await composer(page).waitFor()
  const groups = async () => [...new Set(await page.getByRole('dialog').locator('.chooser-group').allInnerTexts())]
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  expect(await groups()).toEqual(['Conversa', 'Escrever', 'Lista', 'Ir para', 'Geral'])
  expect(await page.getByRole('dialog').getByRole('option').first().innerText()).toMatch(/^Fechar\b/)
  await page.getByRole('combobox').fill('fech')
  expect(await page.getByRole('dialog').getByRole('option').first().innerText()).toMatch(/^Fechar\b/)
  await page.getByRole('combobox').fill('urbanismo')
  await page.keyboard.press('Enter')
  await page.waitForURL(/view=department&department=urbanismo/)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await until('nothing of the conversation', async () => (await groups()).join() === 'Lista,Ir para,Geral')
})
