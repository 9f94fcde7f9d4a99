import { expect, test } from 'vitest'
import { inboxesOfFile, type Town, until } from './harness.ts'

const inboxes = inboxesOfFile()
let town: Town

test('a channel in trouble says what to do, shows its code, and is tested', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/channels')
  const card = page.getByRole('article').filter({ hasText: 'WhatsApp da Câmara' })
  await card.getByText('Leia o código com o telemóvel do município.').waitFor()
  await card.getByRole('img', { name: 'Código de emparelhamento' }).waitFor()
  await page.getByRole('article').filter({ hasText: 'Teams' }).getByRole('button', { name: 'Testar ligação' }).click()
  await page.getByText('credenciais: em ordem').waitFor()
})

test('what is wrong with a channel, and what its test found, are in the reader’s language', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/problems')
  await page.getByText('A conta do Twilio está suspensa.').waitFor()
  await page.goto(`${town.standIn.url}/inbox/`)
  await page.getByRole('button', { name: /A minha conta/ }).click()
  await page.getByRole('menuitemradio', { name: 'English' }).click()
  await page.goto(`${town.standIn.url}/inbox/settings/problems`)
  await page.getByText('The account at Twilio is suspended.').waitFor()
  await page.goto(`${town.standIn.url}/inbox/settings/channels`)
  await page.getByRole('article').filter({ hasText: 'Teams' }).getByRole('button').click()
  await page.getByText(/credentials: /).waitFor()
})

test('a message to oneself tells whether a channel sends', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/channels')
  const card = (name: string) => page.getByRole('article').filter({ hasText: name })
  await card('atendimento@valeformoso.example').getByLabel('Mensagem de teste para o seu e-mail').fill('ana@valeformoso.example')
  await card('atendimento@valeformoso.example').getByRole('button', { name: 'Enviar teste' }).click()
  await card('atendimento@valeformoso.example').getByText('Confirme que lhe chegou').waitFor()
  await card('SMS').getByLabel('Mensagem de teste para o seu telemóvel').fill('276 300 000')
  await page.keyboard.press('Enter')
  await card('SMS').getByText('O canal recusou esta mensagem. 21614: não é um telemóvel').waitFor()
})

test('where one has to write first, the page says how, and asks by name before anything goes', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/channels')
  const card = (name: string) => page.getByRole('article').filter({ hasText: name })
  const asked = () => town.standIn.requests.filter(({ path, method }) => method === 'POST' && path.endsWith('/test-message')).length
  await card('Chat do sítio').getByText('Mensagem de teste para si').click()
  await card('Chat do sítio').getByText('Ninguém escreveu na última hora.').waitFor()
  expect(await card('Chat do sítio').getByRole('link', { name: 'Abrir a conversa noutro separador' }).getAttribute('href')).toBe('/channels/web/chat')
  expect(await card('Chat do sítio').getByRole('button', { name: 'Enviar teste' }).isDisabled()).toBe(true)

  const telegram = card('Telegram')
  await telegram.getByText('Mensagem de teste para si').click()
  await telegram.getByText('Escreva primeiro ao robô').waitFor()
  // Nobody is chosen beforehand.
  expect(await telegram.getByRole('button', { name: 'Enviar teste' }).isDisabled()).toBe(true)
  await telegram.getByLabel('Quem é, dos que escreveram na última hora?').selectOption('71')
  await telegram.getByRole('button', { name: 'Enviar teste' }).click()
  const question = page.getByRole('dialog', { name: 'Enviar o teste a Ana Ribeiro?' })
  await question.getByText('segue mesmo para Ana Ribeiro, por Telegram').waitFor()
  await question.getByRole('button', { name: 'Cancelar' }).click()
  expect(asked()).toBe(0)
  await telegram.getByRole('button', { name: 'Enviar teste' }).click()
  await question.getByRole('button', { name: 'Sou eu: enviar' }).click()
  await telegram.getByText('O canal aceitou a mensagem.').waitFor()
  expect(asked()).toBe(1)
  await telegram.getByRole('link', { name: 'Ver na conversa' }).click()
  await page.waitForURL(/\/c\/2/)
})

test('a change of a channel is seen without a reload', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/channels')
  const card = page.getByRole('article').filter({ hasText: 'Chat do sítio' })
  await card.getByText('ligado', { exact: true }).waitFor()
  await until('the stream', () => town.standIn.streams() === 1)
  const { channels } = await import('./stand-in/town.ts')
  town.standIn.tell({ type: 'channels', channels: channels.map((channel) => (channel.id === 'web' ? { ...channel, state: { ...channel.state, status: 'degraded' } } : channel)) })
  await card.getByText('com falhas', { exact: true }).waitFor()
})

test('the calendar shows two weeks of every department, and the days that are not like the others', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/calendar')
  const row = page.getByRole('region', { name: /Semana de 23 de novembro/ }).getByRole('row', { name: /Águas/ })
  await row.waitFor()
  // The waterworks keep hours of their own, and on that Saturday they are there to be paid.
  expect(await row.getByRole('cell').allInnerTexts()).toEqual([
    ...Array.from({ length: 5 }, () => '08:30–18:00'), '09:00–13:00\nPlantão de cobrança', 'fechado',
  ])
  await page.getByRole('listitem').filter({ hasText: 'Restauração da Independência' }).getByText('fechado').waitFor()
  await page.getByRole('button', { name: 'Duas semanas depois' }).click()
  await page.getByText('7 de dezembro a 20 de dezembro de 2026').waitFor()
  await page.getByRole('region').getByText('Imaculada Conceição').first().waitFor()
})

test('an operator is invited by a link, a second time is refused beside the field, and access is taken away', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/operators')
  for (const isTaken of [false, true]) {
    await page.getByRole('button', { name: 'Convidar' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Nome').fill('Sofia Prata')
    await form.getByLabel('E-mail').fill('sofia@valeformoso.example')
    await form.getByRole('checkbox', { name: 'Urbanismo' }).check()
    await form.getByRole('button', { name: 'Convidar' }).click()
    if (isTaken) {
      await form.getByText('Já existe um operador com este e-mail.').waitFor()
      expect(await form.getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true')
    } else {
      await until('the link', async () => (await page.getByRole('textbox', { name: 'Nova palavra-passe' }).inputValue()).includes('/inbox/set-password?token='))
    }
    await page.keyboard.press('Escape')
  }
  await page.getByRole('button', { name: 'Alterar Rui Tavares' }).click()
  await page.getByRole('menuitem', { name: 'Desativar' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Desativar' }).click()
  await page.getByRole('listitem').filter({ hasText: 'Rui Tavares' }).getByText('desativado').waitFor()
})

test('a quick answer is written, changed and deleted', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/quick-answers')
  await page.getByRole('button', { name: 'Nova resposta rápida' }).click()
  await page.getByLabel('Atalho').fill('feira')
  await page.getByLabel('Título').fill('Dia da feira')
  await page.getByRole('dialog').getByLabel('Texto').fill('A feira é ao sábado de manhã, {{nome}}.')
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await page.getByText('A feira é ao sábado de manhã').waitFor()
  await page.getByRole('button', { name: 'Alterar: Dia da feira' }).click()
  await page.getByRole('dialog').getByLabel('Texto').fill('A feira é ao domingo.')
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await page.getByText('A feira é ao domingo.').waitFor()
  await page.getByRole('button', { name: 'Remover: Dia da feira' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remover' }).click()
  await until('gone', async () => await page.getByText('Dia da feira').count() === 0)
})

test('what could not be read is read again, and a failed delivery leads to its conversation', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/problems')
  await page.getByRole('heading', { name: /Mensagem que não se conseguiu ler/ }).waitFor()
  await page.getByText('O canal recusou esta mensagem.').waitFor()
  await page.getByRole('button', { name: 'Ler de novo' }).click()
  await until('read again', async () => await page.getByRole('heading', { name: /Mensagem que não se conseguiu ler/ }).count() === 0)
  await page.getByRole('listitem').filter({ hasText: 'VFM-2026-011999' }).getByRole('link', { name: 'Abrir a conversa' }).click()
  await page.getByRole('heading', { level: 1, name: 'Maria da Conceição Lourenço' }).waitFor()
})

test('questions without an answer are copied as examples for the rulebook', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/misses')
  await page.getByText('Perguntas', { exact: true }).first().click()
  await page.getByRole('button', { name: 'Copiar como exemplos' }).first().click()
  await page.getByText('Copiado.').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('  - "quando é que passam a recolher as folhas"\n  - "as folhas da minha rua ninguém as leva"')
})

test('an operator who does not administer sees neither channels nor colleagues’ access', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/settings/operators', 'op-rui')
  await page.getByText('Só quem administra pode ver esta página.').waitFor()
  expect(await page.getByRole('navigation').getByRole('link', { name: 'Operadores' }).count()).toBe(0)
})
