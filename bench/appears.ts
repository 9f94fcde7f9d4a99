/** From what is said to the frame that shows it: in the open conversation and in the list of the real page, in Chromium. */

import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openDatabase } from '../src/database.ts'
import type { Responder } from '../src/core/model.ts'
import { message, Visitor } from '../test/channels/webchat/setting.ts'
import { signIn } from '../test/harness/browserless.ts'
import { startGateway } from '../test/harness/gateway.ts'

export interface Appearing { thread: number[]; list: number[] }
type Say = (text: string) => unknown

/** Longer than this nobody waits; it counts as so long. */
const longest = 5_000

/** `restMs` between two: what comes at once is drawn together, and people do not write that fast. */
export async function appearing(page: Page, times: number, restMs: number, sayOpen: Say, sayInList: Say): Promise<Appearing> {
  const seen: Appearing = { thread: [], list: [] }
  for (let n = 0; n < times; n += 1) {
    await page.waitForTimeout(restMs)
    seen.thread.push(await one(page, '.thread-scroll', `No fio ${n}.`, sayOpen))
    seen.list.push(await one(page, '.list-scroll', `Na lista ${n}.`, sayInList))
  }
  return seen
}

async function one(page: Page, where: string, text: string, say: Say): Promise<number> {
  // Both sides look at the same clock: they are on one machine.
  await page.evaluate(({ where: place, text: wanted, longest: most }) => {
    const store = window as unknown as { shown: Promise<number> }
    store.shown = new Promise((resolve) => {
      const end = setTimeout(() => { look.disconnect(); resolve(Number.POSITIVE_INFINITY) }, most)
      const look = new MutationObserver(() => {
        if (!document.querySelector(place)?.textContent?.includes(wanted)) return
        look.disconnect()
        clearTimeout(end)
        requestAnimationFrame(() => resolve(Date.now()))
      })
      look.observe(document.body, { subtree: true, childList: true, characterData: true })
    })
  }, { where, text, longest })
  const begun = Date.now()
  await say(text)
  return Math.min(longest, await page.evaluate(() => (window as unknown as { shown: Promise<number> }).shown) - begun)
}

const toPeople: Responder = (state) => ({ actions: [{ do: 'hand-off', reason: 'rule' }], state })

/** The whole way: a citizen's web chat posts, the gateway stores and tells, the page reads again and draws. undefined: the inbox is not built. */
export async function appearingThroughGateway(browser: Browser, times: number): Promise<Appearing | undefined> {
  if (!existsSync(path.resolve('dist/inbox/index.html'))) return undefined
  const folder = await mkdtemp(path.join(tmpdir(), 'balcao-appears-'))
  const database = await openDatabase({ url: undefined, folder, onTrouble: console.error })
  const gateway = await startGateway({ databaseUrl: database.url, channels: { web: { kind: 'webchat', title: 'Município', limits: { perVisitor: 3_000, perAddress: 30_000, newVisitorsPerAddress: 3_000 } } }, respond: toPeople })
  try {
    const { cookie } = await signIn(gateway, 'ana@valeformoso.example', { role: 'admin' })
    const [open, other] = [new Visitor(gateway.url), new Visitor(gateway.url)]
    await open.post('/messages', message('Bom dia'))
    await other.post('/messages', message('Boa tarde'))
    const { id } = await gateway.gateway.pool.db.selectFrom('conversation').select('id').orderBy('id').limit(1).executeTakeFirstOrThrow()
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'pt-PT' })
    await context.addInitScript('globalThis.__name = (given) => given')
    await context.addCookies(cookie.split('; ').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url: gateway.url })))
    const page = await context.newPage()
    await page.goto(`${gateway.url}/inbox/c/${id}?view=all`)
    await page.locator('[role=log] article').first().waitFor()
    await page.locator('[role=option]').nth(1).waitFor()
    const seen = await appearing(page, times, 400, (text) => open.post('/messages', message(text)), (text) => other.post('/messages', message(text)))
    await context.close()
    return seen
  } finally {
    await gateway.close()
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
