/** A town with all three counters open: the gateway with its real rulebook, the built pages, and an operator who signed in by them. */

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { openTownPage, type TownPage } from '../channels/webchat/setting.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { findHeadlessChromium } from '../vendors/browser.ts'
import { type LoopbackWorld, startMail } from '../vendors/mail.ts'
import { startTelegram, type Telegram } from '../vendors/telegram.ts'

/** Generous: the machine may be busy with other tests. */
const patience = 15_000
const password = 'o rio passa devagar pela praça'

export interface Town {
  gateway: Harness
  telegram: Telegram
  mail: LoopbackWorld
  /** The operator's page, signed in, on the list of who waits. */
  inbox: Page
  /** The town's own page, on another origin, with the chat in its corner; in a browser profile of its own. */
  townPage(): Promise<Page>
  /** What the browsers complained of. */
  complaints: string[]
  close(): Promise<void>
}

export async function openTown(): Promise<Town> {
  await promisify(execFile)(process.execPath, [path.resolve('scripts/build.mjs')])
  const { executablePath, args } = await findHeadlessChromium()
  const closing: (() => Promise<unknown>)[] = []
  const complaints: string[] = []
  const close = async () => {
    for (const end of closing.toReversed()) await end()
  }
  try {
    const telegram = await startTelegram()
    closing.push(telegram.close)
    const mail = await startMail()
    closing.push(mail.close)
    const page: TownPage = await openTownPage(() => gateway.url)
    closing.push(page.close)
    const login = { secure: 'none', user: mail.user, password: { env: 'MAIL_PASSWORD' } }
    const gateway: Harness = await startGateway({
      channels: {
        web: { kind: 'webchat', title: 'Vale Formoso', origins: [page.origin] },
        telegram: { kind: 'telegram', token: { env: 'TELEGRAM_TOKEN' }, apiRoot: telegram.apiRoot, mode: 'polling', pollSeconds: 5 },
        correio: { kind: 'email', address: mail.address, name: 'Câmara Municipal', begin: 'all', imap: { ...mail.imap, ...login }, smtp: { ...mail.smtp, ...login } },
      },
      env: { TELEGRAM_TOKEN: telegram.token, MAIL_PASSWORD: mail.password },
    })
    closing.push(gateway.close)
    const browser = await chromium.launch({ executablePath, args })
    closing.push(() => browser.close())
    return {
      gateway, telegram, mail, complaints, close,
      inbox: await signedIn(gateway, await newPage(browser, 'inbox', complaints)),
      async townPage() {
        const opened = await newPage(browser, 'town', complaints)
        await opened.goto(page.origin)
        return opened
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function newPage(browser: Browser, name: string, complaints: string[]): Promise<Page> {
  // So high that a whole conversation is in view: what is not is not on the page.
  const context = await browser.newContext({ locale: 'pt-PT', timezoneId: 'Europe/Lisbon', viewport: { width: 1366, height: 2000 } })
  context.setDefaultTimeout(patience)
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`))
  page.on('console', (message) => {
    // Not to be signed in yet is told by the browser itself.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(`${name}: ${message.text()}`)
  })
  return page
}

/** As an operator comes in for the first time: the link from the terminal, a password, the door. */
export async function signedIn(gateway: Harness, page: Page): Promise<Page> {
  await page.goto(await gateway.invite('ana@valeformoso.example'))
  await page.getByLabel('O seu nome').fill('Ana Lopes')
  await page.getByLabel('Palavra-passe', { exact: true }).fill(password)
  await page.getByLabel('Repita a palavra-passe').fill(password)
  await page.getByRole('button', { name: 'Guardar' }).click()
  await page.getByRole('link', { name: 'Entrar' }).click()
  await page.getByLabel('Endereço de e-mail').fill('ana@valeformoso.example')
  await page.getByLabel('Palavra-passe', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Entrar' }).click()
  await page.getByRole('button', { name: /^À espera/ }).click()
  await page.getByText('Ninguém à espera.').waitFor()
  return page
}

export const row = (inbox: Page, name: RegExp) => inbox.getByRole('option', { name })
/** One message in the open conversation. */
export const said = (inbox: Page, text: string | RegExp) => inbox.getByRole('log').getByRole('article').filter({ hasText: text })

/** What was said with the bot is folded once a person has come. */
export async function showBotPart(inbox: Page): Promise<void> {
  await inbox.getByRole('log').getByRole('button', { name: /^Conversa com o assistente/ }).click()
}

export async function reply(inbox: Page, text: string): Promise<void> {
  await inbox.getByRole('textbox', { name: 'Texto da mensagem' }).fill(text)
  await inbox.getByRole('button', { name: 'Enviar', exact: true }).click()
}

export async function note(inbox: Page, text: string): Promise<void> {
  await inbox.getByRole('button', { name: 'Nota interna' }).click()
  await inbox.getByRole('textbox', { name: 'Nota interna' }).fill(text)
  await inbox.keyboard.press('Control+Enter')
  await said(inbox, text).waitFor()
  await inbox.getByRole('button', { name: 'Resposta', exact: true }).click()
}

export async function toWaiting(inbox: Page): Promise<void> {
  await inbox.getByRole('button', { name: /^À espera/ }).click()
}

export async function closeConversation(inbox: Page, { survey }: { survey: boolean }): Promise<void> {
  await inbox.getByRole('button', { name: 'Fechar', exact: true }).first().click()
  const dialog = inbox.getByRole('dialog', { name: 'Fechar a conversa' })
  await dialog.getByLabel('Como ficou resolvido?').fill('Resolvido')
  await dialog.getByRole('switch', { name: /satisfeito/ }).setChecked(survey)
  await dialog.getByRole('button', { name: 'Fechar', exact: true }).last().click()
  await dialog.waitFor({ state: 'hidden' })
}
