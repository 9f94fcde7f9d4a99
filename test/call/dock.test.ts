/** The operator's side of a video call in the inbox, as axe reads it: it rings, it is refused with a text, it goes on, it goes badly. */

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inEachLook, shot, violations } from '../harness/accessible.ts'
import { findHeadlessChromium } from '../vendors/browser.ts'
import { type Jitsi, jitsi } from '../vendors/jitsi.ts'
import { callTown, type CallTown, jitsiSecret, reservationToken } from './town.ts'

let deployment: Jitsi
let town: CallTown
let browser: Browser
let inbox: Page

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [path.resolve('scripts/build.mjs')])
  deployment = await jitsi({ appId: 'balcao', secret: jitsiSecret })
  town = await callTown({ mode: 'self-hosted', baseUrl: deployment.url, appId: 'balcao', secret: { env: 'JITSI_SECRET' }, reservationToken: { env: 'RESERVATION_TOKEN' }, ringFor: '300s' })
  deployment.options.reservations = { url: `${town.url}/jitsi`, token: reservationToken }
  const { executablePath, args } = await findHeadlessChromium()
  browser = await chromium.launch({ executablePath, args: [...args, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'] })
  const context = await browser.newContext({ locale: 'pt-PT', timezoneId: 'Europe/Lisbon', viewport: { width: 1366, height: 768 } })
  context.setDefaultTimeout(15_000)
  await context.addCookies(town.ana.cookie.split('; ').map((one) => ({ name: one.slice(0, one.indexOf('=')), value: one.slice(one.indexOf('=') + 1), url: town.url })))
  inbox = await context.newPage()
  await inbox.goto(`${town.url}/inbox/`)
  await inbox.getByRole('navigation').first().waitFor()
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await town?.close()
  await deployment?.close()
})

const incoming = () => inbox.getByRole('region', { name: 'Videochamada a chamar' })
const room = () => inbox.getByRole('region', { name: 'Em videochamada' })

test('axe finds nothing to say about a call from its ringing to its end, on a phone and in the dark as well', async () => {
  const maria = await town.ask('maria')
  await maria.post('enter', { brings: 'sound' })
  await incoming().getByText('Águas').waitFor()
  await shot(inbox, 'dock-ringing')
  expect(await violations(inbox), 'ringing').toEqual([])

  await inbox.goto(`${town.url}/inbox/c/${maria.conversationId}`)
  const panel = inbox.getByRole('region', { name: 'Videochamadas desta conversa' })
  await panel.getByRole('button', { name: 'Recusar' }).click()
  await panel.getByLabel('O que dizemos ao munícipe').waitFor()
  await shot(inbox, 'dock-refusing')
  expect(await violations(inbox), 'refusing').toEqual([])
  await panel.getByRole('button', { name: 'Cancelar' }).click()

  deployment.isDown = true
  await incoming().getByRole('button', { name: 'Aceitar' }).click()
  await room().getByText('Não foi possível abrir a imagem do Jitsi.').waitFor()
  await shot(inbox, 'dock-no-jitsi')
  expect(await violations(inbox), 'without Jitsi').toEqual([])
  deployment.isDown = false
  await room().getByRole('button', { name: 'Tentar de novo' }).click()
  await room().getByRole('button', { name: 'Só som' }).waitFor()
  // The citizen's side without their page: what their frame would do.
  const { roomName, jwt } = await maria.pass()
  await fetch(`${deployment.url}/stand-in/join`, { method: 'POST', body: JSON.stringify({ room: roomName, jwt, tracks: [] }) })
  await maria.post('here', { what: 'joined' })
  await room().getByText('O munícipe está na chamada.').waitFor()
  await inEachLook(inbox, async (look) => expect((await room().getByRole('heading').boundingBox())!.height, look).toBeLessThan(60))
  await shot(inbox, 'dock-in-call')
  await room().getByText('Resultado e nota').click()
  await room().getByText('Mais opções').click()
  await shot(inbox, 'dock-more')
  expect(await violations(inbox), 'in the call').toEqual([])

  await town.until('the warning', async () => {
    deployment.fail()
    return room().getByText('A imagem ou o som estão a falhar.').isVisible()
  })
  await shot(inbox, 'dock-poor')
  expect(await violations(inbox), 'a poor line').toEqual([])
  await room().getByRole('button', { name: 'Aumentar' }).click()
  await shot(inbox, 'dock-large')
  expect(await violations(inbox), 'large').toEqual([])
  await room().getByRole('button', { name: 'Sair' }).click()
  await room().getByText('Saiu da chamada.').waitFor()
  expect(await violations(inbox), 'left').toEqual([])
  await room().getByRole('button', { name: 'Terminar para todos' }).click()
  await room().waitFor({ state: 'hidden' })
}, 120_000)
