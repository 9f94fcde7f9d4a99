import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { composer, type Inboxes, openInboxes, row, thread, type Town, until } from './harness.ts'

let inboxes: Inboxes
let town: Town
beforeAll(async () => { inboxes = await openInboxes() })
afterEach(async () => {
  const { complaints } = town
  await town.close()
  expect(complaints).toEqual([])
})
afterAll(() => inboxes.close())

test('whoever waits longest stands first, and the wait is shown', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/?view=waiting')
  const rows = town.standIn.state.list({ view: 'waiting' }, 'op-ana', null).rows
  await page.getByRole('option').first().waitFor()
  expect(await page.getByRole('option').first().textContent()).toContain(rows[0]!.citizen.name ?? rows[0]!.citizen.label)
  expect(await page.getByRole('option').first().getAttribute('aria-description')).toMatch(/espera há/)
})

test('whoever waits past the deadline is seen to, without anybody doing anything', async () => {
  town = await inboxes.town()
  const page = await (await town.browserOf('op-ana')).newPage()
  // By this page's clock the deadlines are still to come.
  await page.clock.install({ time: Date.now() - 24 * 3_600_000 })
  await page.goto(`${town.standIn.url}/inbox/?view=due`)
  const marks = page.locator('.mark-due')
  await marks.first().waitFor()
  const far = () => page.locator('.mark-due[data-due=far]').count()
  expect(await far()).toBeGreaterThan(0)
  await page.clock.fastForward('48:00:00')
  await until('all of them past', async () => await far() === 0 && await page.locator('.mark-due[data-due=past]').count() === await marks.count())
  await row(page, /./).first().and(page.locator('[aria-description*="atras"]')).waitFor()
})

test('only what is in sight exists, and scrolling brings the rest', async () => {
  town = await inboxes.town({ conversations: 3000 })
  const page = await town.open('/inbox/?view=all')
  await page.getByRole('option').first().waitFor()
  expect(await page.getByRole('option').count()).toBeLessThan(20)
  const list = page.locator('.list-scroll')
  await until('rows far below', async () => {
    await list.evaluate((element) => element.scrollBy(0, 2000))
    return await page.getByRole('option').last().evaluate((element) => Number(element.getAttribute('data-index')) >= 160)
  })
  expect(await page.getByRole('option').count()).toBeLessThan(20)
})

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

test('a search shows what was found, and the words in the thread', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/?view=mine')
  await page.getByRole('searchbox', { name: 'Procurar' }).fill('conceição lourenço')
  await until('the URL', () => page.url().includes('q=concei'))
  await row(page, /Maria da Conceição Lourenço/).first().click()
  await thread(page).getByRole('article').first().waitFor()
  expect(await page.getByRole('searchbox', { name: 'Procurar' }).inputValue()).toBe('conceição lourenço')
})

test('what is nowhere is not looked for through all the years: the page says how far it looked, and goes on when asked', async () => {
  town = await inboxes.town({ now: Date.parse('2026-11-23T10:42:00Z') })
  const page = await town.open('/inbox/?view=all&q=nunca%20escrito')
  const asked = () => town.standIn.requests.filter(({ path }) => path === '/api/conversations').length
  await page.getByText('Nada até agora. Procurámos nas mensagens desde 26/06').waitFor()
  expect(asked()).toBe(5)
  await page.getByRole('button', { name: 'Procurar mais atrás' }).click()
  await page.getByText('desde 27/01').waitFor()
  expect(asked()).toBe(10)
  await page.getByRole('button', { name: 'Procurar mais atrás' }).click()
  await page.getByText('Nada encontrado.').waitFor()
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

test('the list is walked by the arrow keys, and J and K go from conversation to conversation', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/?view=mine')
  const names = town.standIn.state.list({ view: 'mine' }, 'op-ana', null).rows.map(({ citizen }) => citizen.name ?? citizen.label)
  await page.getByRole('option').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await until('the third row has the focus', async () => await page.evaluate(() => document.activeElement?.getAttribute('data-index')) === '2')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: names[2]! }).waitFor()
  await page.keyboard.press('j')
  await page.getByRole('heading', { level: 1, name: names[3]! }).waitFor()
  await page.keyboard.press('k')
  await page.getByRole('heading', { level: 1, name: names[2]! }).waitFor()
})

test('a long thread opens at its end, and is read back to its beginning without a jump', async () => {
  town = await inboxes.town({ longMessages: 400 })
  const page = await town.open('/inbox/c/1?view=all')
  await thread(page).getByRole('article').first().waitFor()
  await until('at the end', () => thread(page).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 80))
  await until('the beginning', async () => {
    // Before and after earlier messages are put in above, the same words stand at the same place.
    await thread(page).evaluate((element) => element.scrollBy(0, -600))
    return await page.getByText('Início da conversa').count() > 0
  })
  expect(await page.getByRole('article').count()).toBeLessThan(40)
})

test('what is read stays in its place while earlier messages come in above', async () => {
  town = await inboxes.town({ longMessages: 400 })
  const page = await town.open('/inbox/c/1?view=all')
  await thread(page).getByRole('article').first().waitFor()
  const moved = await page.evaluate(async () => {
    const log = document.querySelector('[role=log]')!
    let worst = 0
    for (let step = 0; step < 60; step += 1) {
      log.scrollBy(0, -150)
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      const shown = [...log.querySelectorAll('.thread-row')].find((element) => element.getBoundingClientRect().top >= log.getBoundingClientRect().top)
      const text = shown?.textContent
      const top = shown?.getBoundingClientRect().top ?? 0
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      const again = [...log.querySelectorAll('.thread-row')].find((element) => element.textContent === text)
      if (again) worst = Math.max(worst, Math.abs(again.getBoundingClientRect().top - top))
    }
    return worst
  })
  expect(moved).toBeLessThan(60)
})

test('a conversation with unread messages opens at the first of them', async () => {
  town = await inboxes.town()
  for (let n = 0; n < 30; n += 1) town.standIn.state.hear('2', `Recado ${n}`)
  const page = await town.open('/inbox/c/2?view=mine')
  await page.getByText('Mensagens por ler').waitFor()
  expect(await thread(page).getByText('Recado 29').count()).toBe(0)
  await page.getByRole('button', { name: /Ir para o fim|mensagens novas/ }).click()
  await thread(page).getByText('Recado 29').waitFor()
  await page.getByRole('button', { name: 'Ir para a primeira por ler' }).click()
  await page.getByText('Mensagens por ler').waitFor()
})

test('the part of the assistant is folded and can be opened', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=mine')
  await thread(page).getByRole('article').first().waitFor()
  await until('the fold', async () => {
    await thread(page).evaluate((element) => element.scrollTo(0, 0))
    return await page.getByRole('button', { name: /Conversa com o assistente/ }).count() > 0
  })
  expect(await page.getByText('Sobre a água: faturas, leituras ou avarias?').count()).toBe(0)
  await page.getByRole('button', { name: /Conversa com o assistente/ }).click()
  await page.getByText('Sobre a água: faturas, leituras ou avarias?').waitFor()
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

test('every word changes with the language at once', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/2?view=mine')
  await composer(page).waitFor()
  await page.getByRole('button', { name: /A minha conta/ }).click()
  await page.getByRole('menuitemradio', { name: 'English' }).click()
  await page.getByRole('textbox', { name: 'Text of the message' }).waitFor()
  await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en-GB')
  const shown = await page.locator('.views').innerText()
  expect(shown).not.toMatch(/Minhas|À espera|Fechadas|Departamentos/)
})

test('the citizen is registered on the spot, a contact linked with its proof, and the link undone', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/c/5?view=mine')
  await page.getByRole('complementary').getByRole('button', { name: 'Registar dados' }).last().click()
  await page.getByRole('dialog').getByLabel('NIF', { exact: true }).fill('123456780')
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await page.getByText('Este NIF não é válido').waitFor()
  await page.getByRole('dialog').getByLabel('NIF', { exact: true }).fill('123 456 789')
  await page.getByRole('dialog').getByRole('button', { name: 'Guardar' }).click()
  await until('registered', () => town.standIn.state.attributesOf('5')?.nif === '123456789')
  await page.getByRole('complementary').getByText('••••••789').waitFor()
  await page.getByRole('complementary').getByRole('button', { name: 'Associar contacto' }).click()
  await page.getByRole('searchbox', { name: /Procure pelo nome/ }).fill('lourenço')
  await page.getByRole('radio').first().check()
  await page.getByLabel(/Como confirmou/).selectOption('document')
  await page.getByRole('dialog').getByRole('button', { name: 'Associar' }).click()
  await page.getByText('Mostrou um documento').waitFor()
  await page.getByRole('button', { name: 'Desfazer associação' }).click()
  await until('undone', async () => await page.getByText('Mostrou um documento').count() === 0)
})

test('on a phone there is one pane at a time, and nothing is wider than the page', async () => {
  town = await inboxes.town()
  const page = await town.open('/inbox/?view=mine', 'op-ana', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
  await page.getByRole('option').first().tap()
  await composer(page).waitFor()
  expect(await page.getByRole('listbox', { name: 'Conversas' }).isVisible()).toBe(false)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await page.getByRole('button', { name: 'Voltar', exact: true }).tap()
  await page.getByRole('option').first().waitFor()
  await page.getByRole('button', { name: 'Mostrar o menu de vistas' }).tap()
  await page.getByRole('navigation').getByRole('button', { name: /^À espera/ }).tap()
  await page.getByRole('heading', { level: 1, name: 'À espera' }).waitFor()
})
