import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { composer, type Inboxes, openInboxes, row, thread, type Town, until } from './harness.ts'
import { password } from './stand-in/server.ts'
import { operators } from './stand-in/town.ts'

let inboxes: Inboxes
let town: Town
beforeAll(async () => { inboxes = await openInboxes() })
afterEach(() => town.close())
afterAll(() => inboxes.close())

test('what a citizen writes appears in the list and in the open thread', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).waitFor()
  await until('the stream', () => town.standIn.streams() === 1)
  town.standIn.state.hear('5', 'Acabei de enviar o documento.')
  await thread(page).getByText('Acabei de enviar o documento.').waitFor()
  await row(page, /Acabei de enviar o documento/).waitFor()
  town.standIn.state.hear('8', 'E eu também.')
  await row(page, /por ler.*E eu também/).waitFor()
})

test('a citizen who is writing is seen writing until their words are there', async () => {
  town = await inboxes.town()
  const page = await (await town.browserOf('op-ana')).newPage()
  // Nothing ends here because time has gone by.
  await page.clock.setFixedTime(Date.now())
  await page.goto(`${town.standIn.url}/inbox/c/5?view=mine`)
  await composer(page).waitFor()
  await until('the stream', () => town.standIn.streams() === 1)
  town.standIn.state.citizenWrites('5')
  await page.getByText('O munícipe está a escrever…').waitFor()
  town.standIn.state.hear('5', 'Já cá está.')
  await thread(page).getByText('Já cá está.').waitFor()
  await page.getByText('O munícipe está a escrever…').waitFor({ state: 'detached' })
})

test('a lost line is said, and what was missed is there when it is back', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).waitFor()
  await until('the stream', () => town.standIn.streams() === 1)
  town.standIn.cut()
  await page.getByText('Sem ligação em direto').waitFor()
  town.standIn.state.hear('5', 'Enquanto não havia linha.')
  await page.getByRole('button', { name: 'Tentar agora' }).click()
  town.standIn.mend()
  await page.getByText('Ligação reposta').waitFor()
  await thread(page).getByText('Enquanto não havia linha.').waitFor()
  await row(page, /Enquanto não havia linha/).waitFor()
})

test('what is sent while the line is cut is kept, and goes once when it is back', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).fill('Escrito sem linha.')
  town.standIn.cut()
  await page.keyboard.press('Control+Enter')
  await thread(page).getByText('Por enviar').waitFor()
  town.standIn.mend()
  await until('sent', () => town.standIn.state.sentMessages.length === 1)
  await until('no longer pending', async () => await thread(page).getByText('Por enviar').count() === 0)
  expect(town.standIn.state.sentMessages.map(({ text }) => text)).toEqual(['Escrito sem linha.'])
})

test('what is sent while the line is cut does not cross a colleague when it is back', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).fill('Escrito sem linha.')
  town.standIn.cut()
  await page.keyboard.press('Control+Enter')
  await thread(page).getByText('Por enviar').waitFor()
  town.standIn.state.act('5', operators[1]!, { clientId: 'de-rui-0004', actions: [{ do: 'reply', text: 'Já respondi eu.' }] })
  town.standIn.mend()
  await thread(page).getByText('Outro colega respondeu entretanto.').waitFor()
  await thread(page).getByText('Já respondi eu.').waitFor()
  expect(town.standIn.state.sentMessages.map(({ text }) => text)).toEqual(['Já respondi eu.'])
  // Its writer has seen it now, and decides.
  await thread(page).getByRole('button', { name: 'Tentar de novo' }).click()
  await until('sent after all', () => town.standIn.state.sentMessages.length === 2)
})

test('many tabs share one stream, and when the leading one closes another takes over', async () => {
  town = await inboxes.town()
  const context = await town.browserOf('op-ana')
  const pages = await Promise.all([1, 2, 3].map(() => context.newPage()))
  for (const page of pages) {
    await page.goto(`${town.standIn.url}/inbox/c/5?view=mine`)
    await composer(page).waitFor()
  }
  await until('one stream', () => town.standIn.streams() === 1)
  town.standIn.state.hear('5', 'Para todos os separadores.')
  for (const page of pages) await thread(page).getByText('Para todos os separadores.').waitFor()
  await pages[0]!.close()
  await until('one stream again', () => town.standIn.streams() === 1)
  town.standIn.state.hear('5', 'E depois de um fechar.')
  for (const page of pages.slice(1)) await thread(page).getByText('E depois de um fechar.').waitFor()
})

test('an answer that comes late does not put back what is over', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/?view=mine')
  await row(page, /Maria da Conceição/).waitFor()
  await until('the stream', () => town.standIn.streams() === 1)
  // The list is asked for now, answered late, and overtaken on the live line.
  let release = () => {}
  const held = new Promise<void>((resolve) => { release = resolve })
  await page.route('**/api/conversations?**', async (route) => {
    const response = await route.fetch()
    await held
    await route.fulfill({ response })
  }, { times: 1 })
  await page.getByRole('navigation').getByRole('button', { name: /^Todas/ }).click()
  const rui = (await import('./stand-in/town.ts')).operators[1]!
  town.standIn.state.act('2', rui, { clientId: 'do-rui-0002', actions: [{ do: 'prioritise', priority: 'urgent' }] })
  await until('the news', () => town.standIn.requests.some(({ path }) => path === '/api/counts'))
  release()
  await row(page, /Maria da Conceição.*Urgente/).waitFor()
})

test('a revoked session ends at the door, and leaves no citizen’s words behind', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=mine')
  await thread(page).getByRole('article').first().waitFor()
  await page.context().clearCookies()
  town.standIn.tell({ type: 'signed-out' })
  await page.getByRole('heading', { name: 'Entrar' }).waitFor()
  await page.getByText('A sua sessão terminou').waitFor()
  const left = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.body.innerText)
  expect(left).not.toMatch(/Lourenço|fatura|contador/)
  await page.getByLabel('Endereço de e-mail').fill('ana@valeformoso.example')
  await page.getByLabel('Palavra-passe').fill('errada, de certeza')
  await page.getByRole('button', { name: 'Entrar' }).click()
  await page.getByRole('alert').getByText('não estão certos').waitFor()
  await page.getByLabel('Palavra-passe').fill(password)
  await page.getByRole('button', { name: 'Entrar' }).click()
  await thread(page).getByRole('article').first().waitFor()
})

test('an invited operator chooses a password with a link that works once', async () => {
  town = await inboxes.town()
  const page = await town.open(`/inbox/set-password?token=${encodeURIComponent('ligação-boa')}`, null)
  await page.getByLabel('Palavra-passe', { exact: true }).fill('curta')
  await page.getByRole('button', { name: 'Guardar' }).click()
  await page.getByText('Use pelo menos 13 caracteres.').waitFor()
  await page.getByLabel('Palavra-passe', { exact: true }).fill('uma frase bem comprida')
  await page.getByLabel('Repita a palavra-passe').fill('outra frase comprida')
  await page.getByText('As duas palavras-passe não são iguais.').waitFor()
  await page.getByLabel('Repita a palavra-passe').fill('uma frase bem comprida')
  await page.getByRole('button', { name: 'Guardar' }).click()
  await page.getByText('Palavra-passe guardada').waitFor()
  const used = await town.open('/inbox/set-password?token=usada', null)
  await used.getByLabel('Palavra-passe', { exact: true }).fill('uma frase bem comprida')
  await used.getByLabel('Repita a palavra-passe').fill('uma frase bem comprida')
  await used.getByRole('button', { name: 'Guardar' }).click()
  await used.getByRole('alert').getByText('já foi usada ou caducou').waitFor()
})
