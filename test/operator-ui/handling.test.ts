/** What is done with a conversation as a whole, by keys alone, and told in the line of time. */

import { expect, test } from 'vitest'
import { composer, inboxesOfFile, thread, type Town, until } from './harness.ts'

const inboxes = inboxesOfFile()
let town: Town

test('a conversation is taken, made urgent, given a topic and a language, handed to a colleague, to the bot, and opened again', async () => {
  town = await inboxes.town()
  const [waiting] = town.standIn.state.list({ view: 'waiting' }, 'op-ana', null).rows
  const page = await town.open(`/inbox/c/${waiting!.id}?view=all`)
  await thread(page).getByRole('article').first().waitFor()
  await page.locator('.thread-scroll').focus()
  const summary = () => town.standIn.state.kept(waiting!.id)!.summary
  const choose = async (key: string, words: string) => {
    await page.keyboard.press(key)
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type(words)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.locator('.thread-scroll').focus()
  }
  await page.keyboard.press('t')
  await page.getByText('Comigo').waitFor()
  await thread(page).getByText('Ana Ribeiro ficou com a conversa').waitFor()
  await choose('p', 'urgente')
  await until('urgent', () => summary().priority === 'urgent')
  await choose('o', 'cemitério')
  await until('its topic', () => summary().topic === 'cemitério')
  await choose('a', 'rui')
  await until('handed over', () => summary().operatorId === 'op-rui')
  await page.getByText('Com Rui').waitFor()
  await page.keyboard.press('b')
  await until('with the bot', () => summary().state === 'bot')
  await page.keyboard.press('e')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Enter')
  await until('closed', () => summary().state === 'closed')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Reabrir' }).waitFor()
  await page.locator('.thread-scroll').focus()
  await page.keyboard.press('e')
  await until('open again', () => summary().state === 'assigned')
})

test('a tag that other conversations of the list carry is offered, and given without writing it anew', async () => {
  town = await inboxes.town()
  const { rows } = town.standIn.state.list({ view: 'all' }, 'op-ana', null)
  const bare = rows.find(({ tags, state }) => tags.length === 0 && state === 'assigned')!
  const tag = rows.flatMap(({ tags }) => tags)[0]!
  const page = await town.open(`/inbox/c/${bare.id}?view=all`)
  await thread(page).getByRole('article').first().waitFor()
  await page.locator('.thread-scroll').focus()
  await page.keyboard.press('l')
  await page.getByRole('dialog').getByRole('option', { name: tag, exact: true }).click()
  await until('tagged', () => town.standIn.state.kept(bare.id)!.summary.tags.includes(tag))
})

test('a ready text brings its files along, and can be sent as it stands', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/settings/quick-answers')
  await page.getByRole('button', { name: 'Nova resposta rápida' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Atalho').fill('requerimento')
  await form.getByLabel('Título').fill('Requerimento em branco')
  await form.getByLabel('Texto').fill('Segue o requerimento, {{nome}}.')
  await form.getByLabel('Ficheiros').setInputFiles({ name: 'requerimento.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') })
  await form.getByText('requerimento.pdf').waitFor()
  await until('uploaded', async () => await form.getByText('a carregar…').count() === 0)
  await form.getByRole('button', { name: 'Guardar' }).click()
  await page.getByRole('listitem').filter({ hasText: 'Requerimento em branco' }).getByText('requerimento.pdf').waitFor()
  await page.goto(`${town.standIn.url}/inbox/c/2?view=mine`)
  await composer(page).pressSequentially('/requer')
  await page.getByRole('listbox', { name: 'Respostas rápidas' }).getByRole('option', { name: /Requerimento em branco/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.composer').getByText('requerimento.pdf').waitFor()
  await page.keyboard.press('Control+Enter')
  await until('sent', () => town.standIn.state.sentMessages[0])
  expect(town.standIn.state.sentMessages[0]).toMatchObject({ text: expect.stringMatching(/^Segue o requerimento, Maria/), attachments: [{ name: 'requerimento.pdf' }] })
  await page.goto(`${town.standIn.url}/inbox/settings/quick-answers`)
  await page.getByRole('button', { name: 'Alterar: Requerimento em branco' }).click()
  await page.getByRole('dialog').getByRole('button', { name: /requerimento\.pdf/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await until('without it', async () => await page.getByText('requerimento.pdf').count() === 0)
  await page.getByRole('button', { name: 'Remover: Requerimento em branco' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remover' }).click()
  await until('gone', async () => await page.getByText('Requerimento em branco').count() === 0)
})

test('an operator changes the ready texts of their own departments, and only reads those of all', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/quick-answers', 'op-rui')
  await page.getByText('/leitura', { exact: true }).waitFor()
  expect(await page.getByRole('button', { name: 'Alterar: Leitura do contador' }).count()).toBe(1)
  expect(await page.getByRole('button', { name: 'Alterar: Saudação' }).count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Remover: Saudação' }).count()).toBe(0)
})
