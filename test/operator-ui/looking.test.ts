import { expect, test } from 'vitest'
import { composer, inboxesOfFile, row, thread, type Town, until } from './harness.ts'

const inboxes = inboxesOfFile()
let town: Town

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
  // Each page of it once: the page may read again what it has.
  const asked = () => new Set(town.standIn.requests.flatMap(({ path, search }) => (path === '/api/conversations' ? search : []))).size
  await page.getByText('Nada até agora. Procurámos nas mensagens desde 26/06').waitFor()
  expect(asked()).toBe(5)
  await page.getByRole('button', { name: 'Procurar mais atrás' }).click()
  await page.getByText('desde 27/01').waitFor()
  expect(asked()).toBe(10)
  await page.getByRole('button', { name: 'Procurar mais atrás' }).click()
  await page.getByText('Nada encontrado.').waitFor()
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

test('a citizen of whom only a machine’s address is known is called by a number, in the reader’s language', async () => {
  town = await inboxes.town()
  town.standIn.state.unname('2')
  const page = await town.open('/inbox/c/2?view=mine')
  await page.getByRole('heading', { level: 1, name: 'Munícipe c2' }).waitFor()
  await page.getByRole('button', { name: /A minha conta/ }).click()
  await page.getByRole('menuitemradio', { name: 'English' }).click()
  await page.getByRole('heading', { level: 1, name: 'Citizen c2' }).waitFor()
  await page.getByRole('option', { name: /Citizen c2/ }).waitFor()
  expect(await page.getByText('Munícipe c2').count()).toBe(0)
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
