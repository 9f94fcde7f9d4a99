/** Who the citizen is: registered, linked, remembered, and no more of them shown than is needed. */

import { expect, test } from 'vitest'
import { inboxesOfFile, row, type Town, until } from './harness.ts'

const inboxes = inboxesOfFile()
let town: Town

test('the citizen is registered on the spot, a contact linked with its proof, and the link undone', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/7?view=mine')
  await page.getByRole('complementary').getByRole('button', { name: 'Registar dados' }).last().click()
  await page.getByRole('dialog').getByLabel('NIF', { exact: true }).fill('123456780')
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await page.getByText('Este NIF não é válido').waitFor()
  await page.getByRole('dialog').getByLabel('NIF', { exact: true }).fill('123 456 789')
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await until('registered', () => town.standIn.state.attributesOf('7')?.nif === '123456789')
  await page.getByRole('complementary').getByText('••••••789').waitFor()
  await page.getByRole('complementary').getByRole('button', { name: 'Registar dados' }).last().click()
  const nif = page.getByRole('dialog').getByLabel('NIF', { exact: true })
  expect(await nif.inputValue()).toBe('••••••789')
  await page.getByRole('dialog').getByLabel('Morada').fill('Rua do Outeiro, 14')
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await until('the rest registered, and the number as it was', () => JSON.stringify(town.standIn.state.attributesOf('7')) === JSON.stringify({ nif: '123456789', address: 'Rua do Outeiro, 14' }))
  await page.getByRole('complementary').getByRole('button', { name: 'Registar dados' }).last().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Mostrar: NIF' }).click()
  expect(await nif.inputValue()).toBe('123456789')
  expect(await nif.evaluate((field) => field === document.activeElement)).toBe(true)
  await page.keyboard.press('Escape')
  await page.getByRole('complementary').getByRole('button', { name: 'Associar contacto' }).click()
  await page.getByRole('searchbox', { name: /Procure pelo nome/ }).fill('lourenço')
  await page.getByRole('radio').first().check()
  await page.getByLabel(/Como confirmou/).selectOption('document')
  await page.getByRole('dialog').getByRole('button', { name: 'Associar' }).click()
  await page.getByText('Mostrou um documento').waitFor()
  await page.getByRole('button', { name: 'Desfazer associação' }).click()
  await until('undone', async () => await page.getByText('Mostrou um documento').count() === 0)
})

test('what the citizen asked before, on any channel, is told with how it ended, and opened from there', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=all')
  const panel = page.getByRole('complementary', { name: 'Munícipe' })
  await panel.getByRole('button', { name: /VFM-2025-020417/ }).waitFor()
  const earlier = panel.getByRole('button', { name: /Resíduos.*VFM-2026-008120.*fechada.*avaliou com 5/ })
  await earlier.click()
  await page.waitForURL(/\/c\/30/)
  await page.goBack()
  await page.getByRole('heading', { level: 1, name: 'Maria da Conceição Lourenço' }).waitFor()
})

test('a list shows only the end of a NIF that a citizen wrote, and all of it to whoever looks for it', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/?view=all')
  await page.getByRole('option').first().waitFor()
  await until('the stream', () => town.standIn.streams() === 1)
  town.standIn.state.hear('5', 'O meu NIF é 123456789')
  await row(page, /O meu NIF é ••••••789/).waitFor()
  await page.getByRole('searchbox', { name: 'Procurar' }).fill('123456789')
  await row(page, /123456789/).waitFor()
})
