/** A real browser with the built inbox before the stand-in, and what tests ask of it again and again. */

import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { findHeadlessChromium } from '../vendors/browser.ts'
import { builtInbox } from './built-inbox.ts'
import { type StandIn, type StandInOptions, startStandIn } from './stand-in/server.ts'

/** Generous: the machine may be busy with other tests. */
export const patience = 15_000

export interface Inboxes {
  browser: Browser
  /** A town of its own for each test: nothing that one test does is seen by another. */
  town(options?: StandInOptions): Promise<Town>
  close(): Promise<void>
}
export interface Town {
  standIn: StandIn
  /** A browser of its own, signed in as this operator; null: not signed in. */
  browserOf(operatorId: string | null, options?: BrowserContextOptions): Promise<BrowserContext>
  open(path: string, operatorId?: string | null, options?: BrowserContextOptions): Promise<Page>
  /** What the pages complained about: errors, refused by the page policy, dialogs. */
  complaints: string[]
  close(): Promise<void>
}

/** For all tests of a file: the towns of each are closed behind it, and their pages must have had nothing to complain of. */
export function inboxesOfFile(): Pick<Inboxes, 'town'> {
  let inboxes: Inboxes
  const towns: Town[] = []
  beforeAll(async () => { inboxes = await openInboxes() })
  afterEach(async () => {
    for (const town of towns.splice(0)) {
      await town.close()
      expect(town.complaints).toEqual([])
    }
  })
  afterAll(() => inboxes.close())
  return {
    async town(options) {
      const town = await inboxes.town(options)
      towns.push(town)
      return town
    },
  }
}

export async function openInboxes(chosen = findHeadlessChromium()): Promise<Inboxes> {
  const { executablePath, args } = await chosen
  const [built, browser] = await Promise.all([builtInbox(), chromium.launch({ executablePath, args })])
  const towns = new Set<Town>()

  async function town(options: StandInOptions = {}): Promise<Town> {
    const standIn = await startStandIn({ conversations: 120, undoSeconds: 1, ...options, folder: built.folder })
    const contexts: BrowserContext[] = []
    const complaints: string[] = []
    const made: Town = {
      standIn, complaints,
      async browserOf(operatorId, contextOptions = {}) {
        const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'pt-PT', timezoneId: 'Europe/Lisbon', permissions: ['clipboard-read', 'clipboard-write'], ...contextOptions })
        context.setDefaultTimeout(patience)
        if (operatorId) await context.addCookies([{ name: 'balcao', value: standIn.cookieOf(operatorId), url: standIn.url }])
        context.on('page', (page) => {
          page.on('pageerror', (error) => complaints.push(error.message))
          page.on('console', (message) => { if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text()) })
          page.on('dialog', (dialog) => { complaints.push(`dialog: ${dialog.message()}`); void dialog.dismiss() })
        })
        contexts.push(context)
        return context
      },
      async open(path, operatorId = 'op-ana', contextOptions = {}) {
        const page = await (await made.browserOf(operatorId, contextOptions)).newPage()
        await page.goto(`${standIn.url}${path}`)
        return page
      },
      async close() {
        towns.delete(made)
        await Promise.all(contexts.map((context) => context.close()))
        await standIn.close()
      },
    }
    towns.add(made)
    return made
  }

  return {
    browser, town,
    async close() {
      await Promise.all([...towns].map((one) => one.close()))
      await browser.close()
      await built.remove()
    },
  }
}

/** Asks again until it is so; fails with what was waited for. */
export async function until<T>(what: string, ask: () => T | undefined | false | null | Promise<T | undefined | false | null>): Promise<T> {
  const deadline = Date.now() + patience
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > deadline) throw new Error(`waited 15 s for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export const thread = (page: Page) => page.getByRole('log')
export const composer = (page: Page) => page.getByRole('textbox', { name: 'Texto da mensagem' })
export const row = (page: Page, name: string | RegExp) => page.getByRole('option', { name })
