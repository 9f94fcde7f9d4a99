/** All the way round, with a citizen and an operator in real browsers at once: once on each of three channels. */

import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { mailFrom } from '../channels/email/setting.ts'
import { bubbles, openChatOn, say } from '../channels/webchat/setting.ts'
import { closeConversation, note, openTown, reply, row, said, showBotPart, type Town, toWaiting } from './town.ts'

// Many steps, and other tests beside it: a step that fails says so after its own fifteen seconds.
vi.setConfig({ testTimeout: 60_000 })

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 120_000)
afterAll(() => town?.close())

test('web chat: a question, the bot, a person, a note, a reply, the end and the question how it was', async () => {
  const { inbox } = town
  const page = await town.townPage()
  const shows = (text: RegExp | string) => page.locator('.bubble').filter({ hasText: text }).last().waitFor()
  await openChatOn(page)
  await say(page, 'A que horas abrem?')
  await shows('O balcão está aberto de segunda a sexta')
  expect(await row(inbox, /./).count()).toBe(0)
  await say(page, 'Quero falar com uma pessoa')

  await row(inbox, /por ler/).click()
  await showBotPart(inbox)
  await said(inbox, 'Quero falar com uma pessoa').waitFor()
  await inbox.getByRole('button', { name: 'Ficar com ela' }).click()
  await note(inbox, 'Já ligou ontem, era sobre a licença.')
  await reply(inbox, 'Bom dia! Sou a Ana. Em que posso ajudar?')
  await shows('Bom dia! Sou a Ana.')
  await said(inbox, 'Sou a Ana').getByText(/^(entregue|lida)$/).waitFor()

  await say(page, 'Queria saber da minha licença.')
  await said(inbox, 'Queria saber da minha licença.').waitFor()
  await reply(inbox, 'Está pronta; pode vir buscá-la.')
  await shows('Está pronta; pode vir buscá-la.')
  await closeConversation(inbox, { survey: true })
  await page.getByRole('button', { name: '5 – Muito bom' }).click()
  await shows('Quer dizer-nos porquê?')
  const read = await bubbles(page)
  expect(read.filter((text) => text.includes('Sou a Ana'))).toHaveLength(1)
  expect(read.join('\n')).not.toContain('Já ligou ontem')
  await page.context().close()
})

test('Telegram: a question, the bot, a person, a reply, and back to the bot', async () => {
  const { inbox, telegram } = town
  const rui = telegram.citizen(2002, { firstName: 'Rui', lastName: 'Tavares' })
  const shown = (text: string) => telegram.shown((sent) => sent.chatId === rui.id && sent.text.includes(text))
  await toWaiting(inbox)
  rui.writes('A que horas abrem?')
  await shown('O balcão está aberto de segunda a sexta')
  rui.writes('quero falar com uma pessoa')

  await row(inbox, /Rui Tavares/).click()
  await showBotPart(inbox)
  await said(inbox, 'quero falar com uma pessoa').waitFor()
  await reply(inbox, 'Boa tarde, senhor Rui. Diga, por favor.')
  await shown('Boa tarde, senhor Rui.')
  await said(inbox, 'Boa tarde, senhor Rui.').getByText(/^(enviada|entregue|lida)$/).waitFor()
  await inbox.getByText('Comigo').waitFor()
  rui.writes('Era só isto, obrigado.')
  await said(inbox, 'Era só isto, obrigado.').waitFor()

  await inbox.getByRole('button', { name: 'Mais ações' }).first().click()
  await inbox.getByRole('menuitem', { name: /Devolver ao assistente/ }).click()
  await inbox.getByText('com o assistente').first().waitFor()
  const before = telegram.ledger.length
  rui.writes('Onde fica a biblioteca?')
  await telegram.shown((sent) => sent.chatId === rui.id && telegram.ledger.indexOf(sent) >= before)
  expect(telegram.ledger.filter(({ text }) => text.includes('Boa tarde, senhor Rui.'))).toHaveLength(1)
})

test('e-mail: a question, the bot, a person, and a reply in the same thread of mails', async () => {
  const { inbox, mail, gateway } = town
  const lettersWith = async (text: string) => {
    const read = await Promise.all((await mail.sent()).map(async (one) => ({ ...one, read: await simpleParser(one.raw) })))
    return read.filter((one) => one.read.text?.includes(text))
  }
  const letter = async (text: string) => (await gateway.until(`a letter with «${text}»`, async () => (await lettersWith(text))[0]))
  await toWaiting(inbox)
  await mail.deliver(mailFrom('Maria Costa <maria@exemplo.pt>', { subject: 'Horário', text: 'A que horas abrem?' }))
  const answer = await letter('O balcão está aberto de segunda a sexta')
  expect(answer.to).toEqual(['maria@exemplo.pt'])
  await mail.deliver(mailFrom('Maria Costa <maria@exemplo.pt>', { subject: 'Re: Horário', text: 'Quero falar com uma pessoa', headers: `In-Reply-To: ${answer.messageId}` }))

  await row(inbox, /Maria Costa/).click()
  await showBotPart(inbox)
  await said(inbox, 'Quero falar com uma pessoa').waitFor()
  await reply(inbox, 'Cara Maria, abrimos também ao sábado de manhã.')
  const replied = await letter('abrimos também ao sábado')
  await said(inbox, 'abrimos também ao sábado').getByText(/^(enviada|entregue|lida)$/).waitFor()
  expect(replied.to).toEqual(['maria@exemplo.pt'])
  expect(replied.read.subject).toBe('Re: Horário')
  expect(replied.read.references).toContain(answer.messageId)
  await closeConversation(inbox, { survey: false })
  expect(await lettersWith('abrimos também ao sábado')).toHaveLength(1)
})

test('the browsers had nothing to complain of', () => {
  expect(town.complaints).toEqual([])
})
