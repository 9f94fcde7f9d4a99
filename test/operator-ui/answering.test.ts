import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { composer, inboxesOfFile, patience, row, thread, type Town, until } from './harness.ts'

const inboxes = inboxesOfFile()
let town: Town

const sentTexts = () => town.standIn.state.sentMessages.map(({ text }) => text)
const repliesIn = (id: string, text: string) => (town.standIn.state.timeline(id, undefined, 200)?.entries ?? []).filter((entry) => entry.type === 'message' && entry.text === text && entry.direction === 'out')

test('a reply appears at once, is taken over by the gateway, and its delivery is shown', async () => {
  town = await inboxes.town({ undoSeconds: 1 })
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).fill('Bom dia, já estou a ver o seu pedido.')
  await page.keyboard.press('Control+Enter')
  const bubble = thread(page).getByRole('article').filter({ hasText: 'Bom dia, já estou a ver o seu pedido.' })
  await bubble.waitFor()
  await bubble.getByText('entregue').waitFor()
  expect(await composer(page).inputValue()).toBe('')
  expect(sentTexts()).toEqual(['Bom dia, já estou a ver o seu pedido.'])
})

test('three presses of the keys and a click send once', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  town.standIn.slow(/\/act$/, 150)
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).fill('Uma vez só.')
  await composer(page).evaluate((field) => {
    for (let n = 0; n < 3; n += 1) field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }))
  })
  await page.getByRole('button', { name: 'Enviar', exact: true }).evaluate((button: HTMLElement) => button.click())
  await until('the delivery', () => sentTexts().length > 0)
  await thread(page).getByText('entregue').first().waitFor()
  expect(repliesIn('5', 'Uma vez só.')).toHaveLength(1)
})

test('the same words written anew are another reply, as often as they are sent', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/c/5?view=mine')
  for (let count = 1; count <= 3; count += 1) {
    await composer(page).fill('Certo, obrigada.')
    await page.keyboard.press('Control+Enter')
    await until('one more', () => repliesIn('5', 'Certo, obrigada.').length === count)
    await until('the field empty', async () => await composer(page).inputValue() === '')
  }
  await until('all of them gone', () => sentTexts().length === 3)
})

test('an answer lost on the way is asked for again under the same name, and nothing is doubled', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).waitFor()
  town.standIn.loseNextAnswer(/\/act$/)
  await composer(page).fill('Chegou, mas ninguém me disse.')
  await page.keyboard.press('Control+Enter')
  const retry = thread(page).getByRole('button', { name: 'Tentar de novo' })
  // The live line may tell of it first: then there is nothing to try again.
  await until('sent or to be tried again', async () => await retry.count() > 0 || await thread(page).getByText('entregue').count() > 0)
  if (await retry.count() > 0) await retry.click().catch(() => undefined)
  await until('the pending one gone', async () => await thread(page).getByText('Por enviar').count() === 0)
  await thread(page).getByRole('article').filter({ hasText: 'ninguém me disse' }).first().waitFor()
  expect(repliesIn('5', 'Chegou, mas ninguém me disse.')).toHaveLength(1)
})

test('the same words sent from two tabs at once go out once', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const context = await town.browserOf('op-ana')
  const pages = [await context.newPage(), await context.newPage()]
  for (const page of pages) {
    await page.goto(`${town.standIn.url}/inbox/c/5?view=mine`)
    await composer(page).fill('Dos dois separadores.')
  }
  await Promise.all(pages.map((page) => page.getByRole('button', { name: 'Enviar', exact: true }).evaluate((button: HTMLElement) => button.click())))
  await until('both fields empty', async () => (await Promise.all(pages.map((page) => composer(page).inputValue()))).every((text) => text === ''))
  await until('the delivery', () => sentTexts().length > 0)
  expect(repliesIn('5', 'Dos dois separadores.')).toHaveLength(1)
})

test('a reply is taken back within its seconds, and its words return', async () => {
  town = await inboxes.town({ undoSeconds: 20 })
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).fill('Isto ainda não.')
  await page.keyboard.press('Control+Enter')
  await thread(page).getByRole('button', { name: /^Anular/ }).click()
  await until('the words back', async () => await composer(page).inputValue() === 'Isto ainda não.')
  await thread(page).getByText('anulada').waitFor()
  expect(sentTexts()).toEqual([])
})

test('what went with a reply comes back with it: taken back in its seconds, or crossed by a colleague', async () => {
  town = await inboxes.town({ undoSeconds: 20 })
  const page = await town.open('/inbox/c/2?view=mine')
  await composer(page).fill('Qual prefere?')
  await page.locator('.composer input[type=file]').setInputFiles({ name: 'planta.png', mimeType: 'image/png', buffer: Buffer.from('planta') })
  await page.getByRole('button', { name: 'Botões de resposta' }).click()
  await page.getByLabel('Botão 1').fill('A de manhã')
  await page.getByLabel('Botão 2').fill('A de tarde')
  const isWhole = async () => {
    await page.locator('.composer').getByText('planta.png').waitFor()
    expect(await page.locator('.composer').getByText('planta.png').count()).toBe(1)
    expect([await page.getByLabel('Botão 1').inputValue(), await page.getByLabel('Botão 2').inputValue()]).toEqual(['A de manhã', 'A de tarde'])
    expect(await composer(page).inputValue()).toBe('Qual prefere?')
  }
  await isWhole()
  await page.keyboard.press('Control+Enter')
  await composer(page).press('Control+Enter')
  await thread(page).getByRole('button', { name: /^Anular/ }).click()
  await page.getByText('Envio anulado. O que escreveu voltou à caixa.').waitFor()
  await isWhole()
  const rui = (await import('./stand-in/town.ts')).operators[1]!
  town.standIn.state.act('2', rui, { clientId: 'de-rui-0003', actions: [{ do: 'reply', text: 'Resposta do Rui.' }] })
  await thread(page).getByText('Resposta do Rui.').waitFor()
  await composer(page).press('Control+Enter')
  await page.getByRole('alert').filter({ hasText: 'A conversa mudou entretanto' }).waitFor()
  await isWhole()
})

test('a colleague who was quicker is seen before anything is sent', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/c/2?view=all')
  await composer(page).fill('Resposta da Ana.')
  const ana = town.standIn.state.detail('2', 'op-ana')!
  const rui = (await import('./stand-in/town.ts')).operators[1]!
  // The colleague's reply reaches the gateway; this page has not heard of it when it sends.
  await page.route('**/act', async (route) => {
    town.standIn.state.act('2', rui, { clientId: 'de-rui-0001', actions: [{ do: 'reply', text: 'Resposta do Rui.' }], seen: { lastSeq: ana.lastSeq, operatorId: 'op-ana' }, force: true })
    await route.continue()
  }, { times: 1 })
  await page.keyboard.press('Control+Enter')
  const notice = page.getByRole('alert').filter({ hasText: 'A conversa mudou entretanto' })
  await notice.waitFor()
  await thread(page).getByText('Resposta do Rui.').waitFor()
  expect(await composer(page).inputValue()).toBe('Resposta da Ana.')
  expect(repliesIn('2', 'Resposta da Ana.')).toHaveLength(0)
  await notice.getByRole('button', { name: 'Enviar mesmo assim' }).click()
  await thread(page).getByText('Resposta da Ana.').waitFor()
  expect(repliesIn('2', 'Resposta da Ana.')).toHaveLength(1)
})

test('who looks and who writes is shown to the colleague', async () => {
  town = await inboxes.town()
  const ana = await town.open('/inbox/c/5?view=all', 'op-ana')
  await composer(ana).waitFor()
  const rui = await town.open('/inbox/c/5?view=all', 'op-rui')
  await ana.getByText('Rui Tavares também está a ver').waitFor()
  await composer(rui).pressSequentially('Vou resp')
  await ana.getByText('Rui Tavares está a escrever').waitFor()
})

test('who has sent is no longer shown as writing, whatever the clock says', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const [ana, rui] = await Promise.all(['op-ana', 'op-rui'].map(async (operator) => {
    const page = await (await town.browserOf(operator)).newPage()
    // Nothing ends here because time has gone by.
    await page.clock.setFixedTime(Date.now())
    await page.goto(`${town.standIn.url}/inbox/c/5?view=all`)
    await composer(page).waitFor()
    return page
  })) as [Page, Page]
  await composer(rui).pressSequentially('Vou responder.')
  await ana.getByText('Rui Tavares está a escrever').waitFor()
  await rui.keyboard.press('Control+Enter')
  await thread(ana).getByText('Vou responder.').waitFor()
  await ana.getByText('Rui Tavares também está a ver').waitFor()
  expect(await ana.getByText('está a escrever').count()).toBe(0)
})

test('a reply that a colleague sent while this one was written is asked about, also where it stands above it already', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/c/2?view=all')
  await composer(page).fill('Resposta da Ana.')
  const rui = (await import('./stand-in/town.ts')).operators[1]!
  town.standIn.state.act('2', rui, { clientId: 'de-rui-0002', actions: [{ do: 'reply', text: 'Resposta do Rui.' }] })
  await thread(page).getByText('Resposta do Rui.').waitFor()
  // Hers to deal with, and written by him.
  await row(page, /Rui:.*Resposta do Rui\./).waitFor()
  await page.keyboard.press('Control+Enter')
  const notice = page.getByRole('alert').filter({ hasText: 'Rui Tavares respondeu enquanto escrevia' })
  await notice.waitFor()
  expect(await composer(page).inputValue()).toBe('Resposta da Ana.')
  expect(repliesIn('2', 'Resposta da Ana.')).toHaveLength(0)
  // Seen and thought over: now it goes.
  await notice.getByRole('button', { name: 'Rever o texto' }).click()
  await page.keyboard.press('Control+Enter')
  await thread(page).getByText('Resposta da Ana.').waitFor()
  expect(repliesIn('2', 'Resposta da Ana.')).toHaveLength(1)
})

test('a draft is there after a reload, and on another machine', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).fill('A meio de uma frase')
  await page.getByText('Rascunho guardado').waitFor()
  await page.reload()
  await until('the draft', async () => await composer(page).inputValue() === 'A meio de uma frase')
  const elsewhere = await town.open('/inbox/c/5?view=mine')
  await until('the draft elsewhere', async () => await composer(elsewhere).inputValue() === 'A meio de uma frase')
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
  expect(stored).not.toContain('frase')
})

test('a quick answer is put in with its variables filled, and a link by its name', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=mine')
  await composer(page).pressSequentially('/protoc')
  await page.getByRole('listbox', { name: 'Respostas rápidas' }).getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
  await until('the answer', async () => (await composer(page).inputValue()).startsWith('O seu pedido tem o número VFM-2026-011999.'))
  await composer(page).pressSequentially('#leitura')
  await page.getByRole('listbox', { name: 'Ligações' }).getByRole('option').first().waitFor()
  await page.keyboard.press('Enter')
  await until('the link', async () => (await composer(page).inputValue()).includes('https://www.valeformoso.example/agua/leitura'))
})

test('a note calls a colleague and is not sent to the citizen', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=mine')
  await composer(page).waitFor()
  await page.getByRole('button', { name: 'Nota interna' }).click()
  const note = page.getByRole('textbox', { name: 'Nota interna' })
  await note.pressSequentially('@rui')
  await page.getByRole('option', { name: /Rui Tavares/ }).last().waitFor()
  await page.keyboard.press('Enter')
  await note.pressSequentially('podes ver?')
  await page.keyboard.press('Control+Enter')
  await thread(page).getByText('@Rui Tavares podes ver?').waitFor()
  // It stands there before it is sent.
  const entry = await until('the note at the gateway', () => town.standIn.state.timeline('5', undefined, 200)?.entries.find((one) => one.type === 'message' && one.direction === 'note'))
  expect(entry).toMatchObject({ mentions: ['op-rui'], delivery: null })
  expect(sentTexts()).toEqual([])
})

test('an SMS is counted in parts before it is sent, with ã and ç counted right', async () => {
  town = await inboxes.town()
  const sms = town.standIn.state.list({ view: 'all', channel: 'sms' }, 'op-ana', null).rows.find(({ state }) => state !== 'closed')!
  const page = await town.open(`/inbox/c/${sms.id}?view=all`)
  await composer(page).fill('a'.repeat(100))
  await page.getByText('1 SMS · GSM-7').waitFor()
  await composer(page).fill(`${'a'.repeat(99)}ã`)
  await page.getByText('2 SMS · UCS-2').waitFor()
  await page.getByRole('button', { name: 'Botões de resposta' }).click()
  await page.getByText('Este canal não tem botões').waitFor()
  await page.getByRole('textbox', { name: 'Botão 1' }).fill('Sim')
  await page.getByRole('textbox', { name: 'Botão 2' }).fill('Não')
  await page.getByRole('button', { name: 'Ver como chega' }).click()
  await page.getByRole('region', { name: 'Como chega por SMS' }).getByText('1) Sim').waitFor()
})

test('outside the window only an approved template can go, filled in', async () => {
  town = await inboxes.town({ undoSeconds: 0, now: Date.now() - 3 * 86_400_000 })
  const page = await town.open('/inbox/c/2?view=all')
  await page.getByText('só aceita um modelo aprovado').waitFor()
  await page.getByLabel('Modelo', { exact: true }).selectOption({ index: 1 })
  await page.getByLabel('Campo 1').fill('D. Maria')
  expect(await page.getByRole('button', { name: 'Enviar', exact: true }).isDisabled()).toBe(true)
  await page.getByLabel('Campo 2').fill('da água')
  await page.getByRole('button', { name: 'Enviar', exact: true }).click()
  await until('the template', () => town.standIn.state.sentMessages[0])
  expect(town.standIn.state.sentMessages[0]).toMatchObject({ template: { name: 'retomar_conversa', parameters: ['D. Maria', 'da água'] } })
  // Nothing is left in the form that a second press could send; the same, chosen again, is another.
  await page.getByLabel('Campo 1').waitFor({ state: 'detached' })
  await page.getByLabel('Modelo', { exact: true }).selectOption({ index: 1 })
  await page.getByLabel('Campo 1').fill('D. Maria')
  await page.getByLabel('Campo 2').fill('da água')
  await page.getByRole('button', { name: 'Enviar', exact: true }).click()
  await until('the second', () => town.standIn.state.sentMessages.length === 2)
})

test('a file is dropped, shown, and goes with the reply', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/c/2?view=mine')
  await composer(page).waitFor()
  await page.locator('input[type=file]').setInputFiles({ name: 'planta.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') })
  await page.getByText('planta.pdf').waitFor()
  await until('uploaded', async () => await page.getByText('a carregar…').count() === 0)
  await page.getByRole('button', { name: 'Enviar', exact: true }).click()
  await until('sent', () => town.standIn.state.sentMessages[0])
  expect(town.standIn.state.sentMessages[0]?.attachments.map(({ name }) => name)).toEqual(['planta.pdf'])
})

test('a picture that is pasted goes with the reply; into a note it does not go', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/c/2?view=mine')
  const paste = (into: Locator) => into.evaluate((element) => {
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([new Uint8Array([137, 80, 78, 71])], 'captura.png', { type: 'image/png' }))
    return element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await composer(page).waitFor()
  // False: the page has taken it, and the browser puts nothing else in.
  expect(await paste(composer(page))).toBe(false)
  await page.getByText('captura.png').waitFor()
  await until('uploaded', async () => await page.getByText('a carregar…').count() === 0)
  await page.getByRole('button', { name: 'Enviar', exact: true }).click()
  await until('sent', () => town.standIn.state.sentMessages[0])
  expect(town.standIn.state.sentMessages[0]).toMatchObject({ text: '', attachments: [{ name: 'captura.png' }] })
  await page.getByRole('button', { name: 'Nota interna' }).click()
  expect(await paste(page.getByRole('textbox', { name: 'Nota interna' }))).toBe(true)
  expect(await page.getByText('captura.png').and(page.locator('.chip *')).count()).toBe(0)
})

test('a conversation is moved to another department with a word for the colleagues, from the keyboard alone', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=all')
  await composer(page).waitFor()
  await page.locator('.thread-scroll').focus()
  await page.keyboard.press('m')
  await page.keyboard.type('urban')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Mudar para Urbanismo' })
  await dialog.waitFor()
  expect(town.standIn.state.kept('5')!.summary.departmentId).not.toBe('urbanismo')
  await page.keyboard.type('Já liguei, falta a planta.')
  await page.keyboard.press('Enter')
  await until('moved', () => town.standIn.state.kept('5')!.summary.departmentId === 'urbanismo')
  await thread(page).getByText('Já liguei, falta a planta.').waitFor()
})

test('a failed message says why and is sent again; an unknown one waits for a decision', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=mine')
  const failed = thread(page).getByRole('article').filter({ hasText: 'Enviamos também por e-mail' })
  await failed.getByText('O canal recusou esta mensagem. Caixa de correio cheia (452).').waitFor()
  await failed.getByRole('button', { name: 'Enviar de novo' }).click()
  await failed.getByText('entregue', { exact: true }).waitFor()
  const unknown = thread(page).getByRole('article').filter({ hasText: 'Multibanco' })
  await unknown.getByText('não se sabe se chegou').waitFor()
  await unknown.getByRole('button', { name: 'Chegou' }).click()
  await unknown.getByText('enviada', { exact: true }).waitFor()
  expect(sentTexts()).toEqual(['Enviamos também por e-mail o comprovativo da correção.'])
})

test('send and close, from the keyboard alone', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/?view=mine')
  await row(page, /Maria da Conceição/).waitFor()
  await row(page, /Maria da Conceição/).focus()
  await page.keyboard.press('Enter')
  await composer(page).waitFor()
  await page.locator('.conversation-head h1').waitFor({ timeout: patience })
  await page.keyboard.press('r')
  await page.keyboard.type('Fica resolvido. Obrigada!')
  await page.keyboard.press('Control+Shift+Enter')
  await until('closed', () => town.standIn.state.kept('2')?.summary.state === 'closed')
  expect(repliesIn('2', 'Fica resolvido. Obrigada!')).toHaveLength(1)
})

test('after send and close the next of the list stands open, and J goes on from where it was', async () => {
  town = await inboxes.town({ undoSeconds: 0 })
  const page = await town.open('/inbox/?view=mine')
  await row(page, /Maria da Conceição/).waitFor()
  const [, second, third, fourth] = town.standIn.state.list({ view: 'mine' }, 'op-ana', null).rows.map(({ id }) => id)
  await page.getByRole('option').nth(1).click()
  await until('open', () => page.url().includes(`/c/${second}`))
  await composer(page).fill('Já está.')
  await page.keyboard.press('Control+Shift+Enter')
  await until('the next', () => page.url().includes(`/c/${third}`))
  await thread(page).getByRole('article').first().waitFor()
  await page.keyboard.press('e')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Enter')
  await until('closed', () => town.standIn.state.kept(third!)?.summary.state === 'closed')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('j')
  await until('the one that stands where it stood', () => page.url().includes(`/c/${fourth}`))
})
