import { type Browser, type BrowserContext, chromium, type Page, type Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CallView } from '../../src/operator-api.types.ts'
import { inEachLook, shot, violations } from '../harness/accessible.ts'
import { findHeadlessChromium } from '../vendors/browser.ts'
import { type Jitsi, jitsi } from '../vendors/jitsi.ts'
import { builtPage } from './built-page.ts'
import { callTown, type CallTown, jitsiSecret, reservationToken } from './town.ts'

let deployment: Jitsi
let town: CallTown
let browser: Browser
const problems: string[] = []

beforeAll(async () => {
  await builtPage()
  deployment = await jitsi({ appId: 'balcao', secret: jitsiSecret })
  town = await callTown({ mode: 'self-hosted', baseUrl: deployment.url, appId: 'balcao', secret: { env: 'JITSI_SECRET' }, reservationToken: { env: 'RESERVATION_TOKEN' }, ringFor: '60s' })
  deployment.options.reservations = { url: `${town.url}/jitsi`, token: reservationToken }
  const { executablePath, args } = await findHeadlessChromium()
  browser = await chromium.launch({ executablePath, args: [...args, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'] })
}, 120_000)
afterAll(async () => {
  await browser.close()
  await town.close()
  await deployment.close()
})

async function open(link: string, options: Parameters<Browser['newContext']>[0] = {}, before?: (page: Page) => Promise<void>): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ locale: 'pt-PT', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('console', (message) => { if (message.type() === 'error' && /Content Security Policy|TypeError|ReferenceError/.test(message.text())) problems.push(message.text()) })
  page.on('pageerror', (error) => problems.push(error.message))
  await before?.(page)
  await page.goto(link)
  return { page, context }
}

/** What is pressed during the call lies neither under the written conversation nor below the edge. */
async function expectControlsInView(page: Page): Promise<void> {
  await inEachLook(page, async (look) => {
    const [bar, chat] = [(await page.locator('.bar').boundingBox())!, (await page.locator('.chat').boundingBox())!]
    expect(bar.y + bar.height, look).toBeLessThanOrEqual(page.viewportSize()!.height)
    expect(bar.y + bar.height <= chat.y || bar.x + bar.width <= chat.x, look).toBe(true)
  })
}

const rowOf = (callId: string) => town.gateway.pool.db.selectFrom('call').selectAll().where('id', '=', callId).executeTakeFirstOrThrow()

const brought = async (callId: string) => (await town.ana.get<CallView[]>('/api/calls')).find(({ id }) => id === callId)?.citizenBrings

/** The operator's side without their page: what their frame would do. */
async function operatorJoins(callId: string): Promise<{ leave(): Promise<void> }> {
  await town.ana.call('POST', `/api/calls/${callId}/accept`, {})
  const { roomName, jwt } = (await town.ana.call<{ roomName: string; jwt: string }>('POST', `/api/calls/${callId}/join`, {})).body
  const joined = await (await fetch(`${deployment.url}/stand-in/join`, { method: 'POST', body: JSON.stringify({ room: roomName, jwt, tracks: [] }) })).json() as { id: string }
  await town.ana.call('POST', `/api/calls/${callId}/here`, { what: 'joined' })
  return {
    async leave() {
      await fetch(`${deployment.url}/stand-in/leave`, { method: 'POST', body: JSON.stringify({ room: roomName, id: joined.id }) })
      await town.ana.call('POST', `/api/calls/${callId}/here`, { what: 'left' })
    },
  }
}

test('a citizen checks camera and microphone, waits, is answered, talks, writes, and says how it was', async () => {
  const maria = await town.ask('maria')
  const { page, context } = await open(maria.link)
  await page.getByRole('heading', { name: 'A sua videochamada' }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('pt-PT')
  await page.getByText('A sua ligação à Internet é').waitFor()
  await shot(page, 'call-welcome')
  expect(await violations(page)).toEqual([])

  await page.getByRole('button', { name: 'Verificar câmara e microfone' }).click()
  await page.waitForFunction(() => { const video = document.querySelector('video'); return video !== null && video.videoWidth > 0 })
  expect(await page.locator('.devices').getAttribute('data-by')).toBe('jitsi')
  expect(await page.getByLabel('Câmara', { exact: true }).locator('option').count()).toBeGreaterThan(0)
  await page.waitForFunction(() => (document.querySelector('meter')?.value ?? 0) > 0)
  await shot(page, 'call-checked')
  expect(await violations(page)).toEqual([])

  await page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
  await page.getByRole('heading', { name: 'Está na sala de espera' }).waitFor()
  await page.getByText('É o próximo a ser atendido.').waitFor()
  expect(await brought(maria.callId)).toBe('all')
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  await page.getByLabel('Escreva uma mensagem').fill('Sou surda, prefiro escrever')
  await page.keyboard.press('Enter')
  await page.locator('.messages .mine time').waitFor()
  await shot(page, 'call-waiting')
  expect(await violations(page)).toEqual([])
  expect(deployment.inside()).toEqual([])

  const operator = await operatorJoins(maria.callId)
  await page.getByRole('heading', { name: 'Em videochamada' }).waitFor()
  const frame = page.frameLocator('iframe')
  await frame.getByText('Administração ★').waitFor()
  expect(deployment.inside()).toContainEqual({ room: (await rowOf(maria.callId)).room, name: 'maria', moderator: false, tracks: ['audio', 'video'] })
  await town.ana.call('POST', `/api/conversations/${maria.conversationId}/act`, { clientId: 'page-words-1', actions: [{ do: 'reply', text: 'O formulário: https://www.valeformoso.example/f.pdf' }] })
  await page.getByRole('link', { name: 'https://www.valeformoso.example/f.pdf' }).waitFor()
  await shot(page, 'call-active')
  await expectControlsInView(page)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Mudar para só som' }).click()
  await frame.locator('body[data-audio-only="true"]').waitFor()

  await operator.leave()
  await town.ana.call('POST', `/api/calls/${maria.callId}/end`, {})
  await page.getByRole('heading', { name: 'A videochamada terminou' }).waitFor()
  await shot(page, 'call-over')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: '5 Muito bom' }).click()
  await page.getByLabel('Quer deixar um comentário? (opcional)').fill('Excelente')
  await shot(page, 'call-comment')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Enviar comentário' }).click()
  await town.until('the answer', () => town.gateway.pool.db.selectFrom('survey').selectAll().where('conversation_id', '=', maria.conversationId).where('score', '=', 5).where('comment', '=', 'Excelente').executeTakeFirst())
  await town.until('the room is empty', () => deployment.inside().length === 0)
  await context.close()
})

test('the address of the page goes nowhere: not to Jitsi, not into a referrer, not into the token', async () => {
  const rui = await town.ask('rui')
  const { page, context } = await open(rui.link)
  const seen: string[] = []
  page.on('request', (request) => { if (!request.url().startsWith(town.url)) seen.push(`${request.url()} ${JSON.stringify(request.headers())}`) })
  await page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
  await operatorJoins(rui.callId)
  await page.getByRole('heading', { name: 'Em videochamada' }).waitFor()
  const token = rui.link.split('/').at(-1)!
  expect(seen.length).toBeGreaterThan(0)
  expect(seen.filter((each) => each.includes(token))).toEqual([])
  expect(seen.filter((each) => !each.startsWith(deployment.url))).toEqual([])
  expect(deployment.tokens.every((jwt) => !Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString().includes(token))).toBe(true)
  await town.ana.call('POST', `/api/calls/${rui.callId}/end`, {})
  await context.close()
})

test('whoever hangs up may come back while the call is open, and so may who reloads', async () => {
  const eva = await town.ask('eva')
  const { page, context } = await open(eva.link)
  await page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
  await operatorJoins(eva.callId)
  await page.getByRole('heading', { name: 'Em videochamada' }).waitFor()
  await page.getByRole('button', { name: 'Desligar', exact: true }).click()
  await page.getByRole('heading', { name: 'Saiu da videochamada' }).waitFor()
  await shot(page, 'call-left')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Voltar a entrar' }).click()
  await page.frameLocator('iframe').getByText('eva', { exact: true }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Em videochamada' }).waitFor()
  await page.frameLocator('iframe').getByText('eva', { exact: true }).waitFor()
  expect((await rowOf(eva.callId)).state).toBe('active')
  await town.ana.call('POST', `/api/calls/${eva.callId}/end`, {})
  await page.getByRole('heading', { name: 'A videochamada terminou' }).waitFor()
  expect((await town.activities(eva.conversationId)).filter((each) => each.startsWith('citizen call-'))).toEqual(expect.arrayContaining(['citizen call-joined', 'citizen call-left']))
  await context.close()
})

test('the media fail: the page says so in plain words and offers sound alone', async () => {
  const ivo = await town.ask('ivo')
  const { page, context } = await open(ivo.link)
  await page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
  await operatorJoins(ivo.callId)
  await page.frameLocator('iframe').getByText('ivo', { exact: true }).waitFor()
  // The stand-in's line to the frame is open once the other is seen.
  await page.frameLocator('iframe').getByText('Administração ★').waitFor()
  await town.until('the warning', async () => {
    deployment.fail()
    return page.getByText('A imagem e o som estão a falhar.').isVisible()
  })
  expect(await violations(page)).toEqual([])
  await town.ana.call('POST', `/api/calls/${ivo.callId}/end`, {})
  await context.close()
})

test('a line that is poor for twenty seconds: sound alone by itself, the picture back in one tap, and not taken away again', async () => {
  const leo = await town.ask('leo')
  const { page, context } = await open(leo.link, {}, (fresh) => fresh.clock.install())
  await page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
  await operatorJoins(leo.callId)
  const frame = page.frameLocator('iframe')
  await frame.getByText('Administração ★').waitFor()
  const held: Route[] = []
  await page.route('**/state', (route) => void held.push(route))
  /** One measure of the line, which is answered after so many milliseconds of the page's own clock. */
  const measured = async (ms: number) => {
    await page.clock.fastForward(5_000)
    const route = await town.until('a measure', () => held.pop())
    await page.clock.fastForward(ms)
    await Promise.all([page.waitForResponse('**/state'), route.continue()])
  }
  const byItself = page.getByRole('status').filter({ hasText: 'passámos para só som' })
  for (let n = 0; n < 3; n += 1) await measured(1_200)
  await measured(100)
  for (let n = 0; n < 3; n += 1) await measured(1_200)
  expect(await byItself.isVisible()).toBe(false)
  await measured(1_200)
  await byItself.waitFor()
  await frame.locator('body[data-audio-only="true"]').waitFor()
  await shot(page, 'call-sound-by-itself')
  await expectControlsInView(page)
  expect(await violations(page)).toEqual([])
  await measured(100)
  await page.getByText('A sua ligação melhorou.').waitFor()
  await page.getByRole('button', { name: 'Voltar a ter imagem' }).click()
  await frame.locator('body[data-audio-only="false"]').waitFor()
  for (let n = 0; n < 4; n += 1) await measured(1_200)
  await page.getByText('Mude para só som, ou continue por escrito').waitFor()
  await frame.locator('body[data-audio-only="false"]').waitFor()
  await town.ana.call('POST', `/api/calls/${leo.callId}/end`, {})
  await context.close()
})

test('Jitsi is down: the check falls back to the browser, and the call goes on in writing', async () => {
  deployment.isDown = true
  try {
    const lia = await town.ask('lia')
    const { page, context } = await open(lia.link)
    await page.getByRole('button', { name: 'Verificar câmara e microfone' }).click()
    await page.waitForFunction(() => { const video = document.querySelector('video'); return video !== null && video.videoWidth > 0 })
    expect(await page.locator('.devices').getAttribute('data-by')).toBe('browser')
    await page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
    await town.until('ringing', async () => (await rowOf(lia.callId)).state === 'ringing')
    await town.ana.call('POST', `/api/calls/${lia.callId}/accept`, {})
    await page.getByText('Não foi possível abrir a imagem.').waitFor()
    await page.getByLabel('Escreva uma mensagem').fill('Então escrevo')
    await page.getByRole('button', { name: 'Enviar' }).click()
    await page.locator('.messages .mine time').waitFor()
    expect(await violations(page)).toEqual([])
    await shot(page, 'call-no-jitsi')
    deployment.isDown = false
    await page.getByRole('button', { name: 'Voltar a entrar' }).click()
    await page.frameLocator('iframe').getByText('lia', { exact: true }).waitFor()
    await town.ana.call('POST', `/api/calls/${lia.callId}/end`, {})
    await context.close()
  } finally {
    deployment.isDown = false
  }
})

test('the line is cut while waiting: the page says so, keeps what was written, and loses no place', async () => {
  const gil = await town.ask('gil')
  const { page, context } = await open(gil.link)
  await page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
  await page.getByText('É o próximo a ser atendido.').waitFor()
  await page.context().setOffline(true)
  await page.getByLabel('Escreva uma mensagem').fill('ainda aqui?')
  await page.getByRole('button', { name: 'Enviar' }).click()
  await page.getByText('Não enviada.').first().waitFor()
  expect(await violations(page)).toEqual([])
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Enviar de novo' }).click()
  await page.locator('.messages .mine time').waitFor()
  expect(await page.locator('.messages .mine').count()).toBe(1)
  await page.getByText('É o próximo a ser atendido.').waitFor()
  await page.getByRole('button', { name: 'Sair da sala de espera' }).click()
  await page.getByRole('heading', { name: 'A sua videochamada' }).waitFor()
  await town.until('not rung for', async () => (await rowOf(gil.callId)).state === 'asked')
  await town.ana.call('POST', `/api/calls/${gil.callId}/end`, {})
  await context.close()
})

test('without leave for the camera the page says how to give it, and one may still go in and write', async () => {
  const zita = await town.ask('zita')
  const { page, context } = await open(zita.link)
  await page.addInitScript(() => undefined)
  await page.evaluate(() => {
    const denied = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'))
    Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: denied })
    Object.defineProperty(navigator, 'webkitGetUserMedia', { value: (_: unknown, __: unknown, failed: (error: unknown) => void) => failed(new DOMException('Permission denied', 'NotAllowedError')) })
  })
  await page.getByRole('button', { name: 'Verificar câmara e microfone' }).click()
  await page.getByText('O navegador não deixou usar a câmara e o microfone.').waitFor()
  expect(await violations(page)).toEqual([])
  await shot(page, 'call-denied')
  await page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
  await page.getByRole('heading', { name: 'Está na sala de espera' }).waitFor()
  expect(await brought(zita.callId)).toBe('nothing')
  await town.ana.call('POST', `/api/calls/${zita.callId}/decline`, { text: 'Hoje já não conseguimos por vídeo.' })
  await page.getByRole('heading', { name: 'Não podemos atender por vídeo agora' }).waitFor()
  expect(await violations(page)).toEqual([])
  await context.close()
})

test('a used, a wrong and a second browser’s link say what to do; on a phone and in the dark as well', async () => {
  const noa = await town.ask('noa')
  const first = await open(noa.link)
  await first.page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
  await first.page.getByRole('heading', { name: 'Está na sala de espera' }).waitFor()
  const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark', isMobile: true, hasTouch: true } as const
  const second = await open(noa.link, phone)
  await second.page.getByRole('heading', { name: 'Esta ligação já está a ser usada' }).waitFor()
  expect(await violations(second.page)).toEqual([])
  await shot(second.page, 'call-elsewhere-phone')
  const wrong = await open(`${town.url}/call/${'x'.repeat(43)}`, phone)
  await wrong.page.getByRole('heading', { name: 'Esta ligação já não é válida' }).waitFor()
  expect(await violations(wrong.page)).toEqual([])
  const onPhone = await town.ask('ze')
  const third = await open(onPhone.link, phone)
  await third.page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
  await third.page.getByText('É o 2.º a ser atendido.').waitFor()
  expect(await violations(third.page)).toEqual([])
  await shot(third.page, 'call-waiting-phone')
  await operatorJoins(onPhone.callId)
  await third.page.getByRole('heading', { name: 'Em videochamada' }).waitFor()
  await third.page.frameLocator('iframe').getByText('ze', { exact: true }).waitFor()
  await expectControlsInView(third.page)
  await shot(third.page, 'call-active-phone')
  expect(await violations(third.page)).toEqual([])
  expect((await town.ana.get<CallView[]>('/api/calls')).map(({ id }) => id).sort()).toEqual([noa.callId, onPhone.callId].sort())
  for (const { callId } of [noa, onPhone]) await town.ana.call('POST', `/api/calls/${callId}/end`, {})
  for (const { context } of [first, second, wrong, third]) await context.close()
})

test('nobody answers, the citizen does not come, the link runs out: the page says which, and what becomes of it', async () => {
  const hall = await callTown({ mode: 'self-hosted', baseUrl: deployment.url, appId: 'balcao', secret: { env: 'JITSI_SECRET' }, ringFor: '20s', noShow: '60s' })
  const reaches = (what: string, { callId }: { callId: string }) => hall.until(what, async () => (
    (await hall.gateway.pool.db.selectFrom('call').select('state').where('id', '=', callId).executeTakeFirstOrThrow()).state === what))
  try {
    const eva = await hall.ask('eva')
    const waits = await open(eva.link)
    await waits.page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
    for (let passed = 0; passed < 60; passed += 20) {
      await waits.page.getByRole('heading', { name: 'Está na sala de espera' }).waitFor()
      hall.pass(20)
      // Else the page would say only after some seconds that it is still there.
      await waits.page.reload()
    }
    await waits.page.getByRole('heading', { name: 'Não conseguimos atender' }).waitFor()
    await waits.page.getByText('O seu pedido fica na fila').waitFor()
    await reaches('missed', eva)

    /** Was in the waiting room once, so that the page is theirs; and has gone out again. */
    const goesAway = async (citizen: { link: string }) => {
      const opened = await open(citizen.link)
      await opened.page.getByRole('button', { name: 'Entrar na sala de espera' }).click()
      await opened.page.getByRole('button', { name: 'Sair da sala de espera' }).click()
      await opened.page.getByRole('heading', { name: 'A sua videochamada' }).waitFor()
      return opened
    }
    const ivo = await hall.ask('ivo')
    const late = await goesAway(ivo)
    await hall.ana.call('POST', `/api/calls/${ivo.callId}/accept`, {})
    await hall.ana.call('POST', `/api/calls/${ivo.callId}/here`, { what: 'joined' })
    for (let passed = 0; passed < 80; passed += 20) {
      hall.pass(20)
      await hall.ana.call('POST', `/api/calls/${ivo.callId}/here`, { what: 'here' })
    }
    await reaches('missed', ivo)
    await late.page.getByText('Esperámos, mas não o encontrámos.').waitFor()

    const teo = await hall.ask('teo')
    const tooLate = await goesAway(teo)
    hall.pass(7_201)
    await reaches('expired', teo)
    await tooLate.page.getByRole('heading', { name: 'A ligação caducou' }).waitFor()
    await shot(tooLate.page, 'call-expired')
    for (const { page, context } of [waits, late, tooLate]) {
      expect(await violations(page)).toEqual([])
      await context.close()
    }
  } finally {
    await hall.close()
  }
}, 90_000)

test('nothing that the pages did was stopped by their own policy, and none broke', () => {
  expect(problems.filter((each) => !/ERR_|Failed to load resource/.test(each))).toEqual([])
})
