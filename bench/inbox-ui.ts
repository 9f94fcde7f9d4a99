/**
 * How the inbox does with 10,000 conversations, one of 5,000 messages and 50 updates a second, and how soon changes appear:
 * `npm run build && npx tsx bench/inbox-ui.ts`.
 * The data are seeded; figures are printed as JSON. Numbers are of this machine and its load: compare within one run.
 */

import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium, type Page } from 'playwright-core'
import { builtInbox } from '../test/operator-ui/built-inbox.ts'
import { startStandIn } from '../test/operator-ui/stand-in/server.ts'
import { findChromium } from '../test/vendors/browser.ts'
import { type Appearing, appearing, appearingThroughGateway } from './appears.ts'

const conversations = Number(process.env.CONVERSATIONS ?? 10_000)
const longMessages = Number(process.env.MESSAGES ?? 5000)
const updatesPerSecond = Number(process.env.UPDATES ?? 50)
const rounds = Number(process.env.ROUNDS ?? 5)
const switches = 60
const changes = Number(process.env.CHANGES ?? 40)

const at = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
const figures = (values: number[]) => {
  const sorted = [...values].sort((a, b) => a - b)
  return { p50: Math.round(at(sorted, 0.5)), p95: Math.round(at(sorted, 0.95)), max: Math.round(sorted.at(-1) ?? 0), n: sorted.length }
}

const appearsIn = ({ thread, list }: Appearing) => ({ thread: figures(thread), list: figures(list) })

const built = await builtInbox()
const { executablePath, args } = await findChromium()
const browser = await chromium.launch({ executablePath, args })

async function initialBytes(): Promise<{ js: number; css: number }> {
  const html = await readFile(path.join(built.folder, 'index.html'), 'utf8')
  const names = await readdir(path.join(built.folder, 'assets'))
  let js = 0
  let css = 0
  for (const name of names.filter((one) => html.includes(one))) {
    const size = gzipSync(await readFile(path.join(built.folder, 'assets', name))).length
    if (name.endsWith('.js')) js += size
    else if (name.endsWith('.css')) css += size
  }
  return { js, css }
}

/** Frames and long tasks while something happens on the page. */
async function framesDuring(page: Page, run: () => Promise<void>) {
  await page.evaluate(() => {
    const store = window as unknown as { frames: number[]; watching: boolean }
    store.frames = []
    store.watching = true
    let last = performance.now()
    const frame = (now: number) => {
      store.frames.push(now - last)
      last = now
      if (store.watching) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
  await run()
  const frames = await page.evaluate(() => {
    const store = window as unknown as { frames: number[]; watching: boolean }
    store.watching = false
    return store.frames.slice(1)
  })
  const total = frames.reduce((sum, one) => sum + one, 0)
  return { fps: Math.round((1000 * frames.length) / total), worstMs: Math.round(Math.max(...frames)), over100: frames.filter((one) => one > 100).length }
}

/** Clicks a row and waits, in the page, until that conversation's messages are drawn. */
const switchTo = (page: Page, index: number) => page.evaluate(async (wanted) => {
  const row = document.querySelector<HTMLElement>(`[role=option][data-index="${wanted}"]`)
  if (!row) return -1
  const name = row.querySelector('.row-name')?.textContent
  const begun = performance.now()
  row.click()
  await new Promise<void>((resolve) => {
    const look = () => {
      const isThere = document.querySelector('.conversation-who h1')?.textContent === name && document.querySelector('[role=log] article')
      if (isThere) requestAnimationFrame(() => resolve())
      else requestAnimationFrame(look)
    }
    look()
  })
  return performance.now() - begun
}, index)

async function measure(withUpdates: boolean) {
  const standIn = await startStandIn({ seed: 7, conversations, longMessages, folder: built.folder })
  const firstRows: number[] = []
  const switched: number[] = []
  let nodes = 0
  let storm: NodeJS.Timeout | undefined
  let sent = 0
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'pt-PT' })
  // The runner names inner functions by a call of its own, which the page does not have.
  await context.addInitScript('globalThis.__name = (given) => given')
  await context.addCookies([{ name: 'balcao', value: standIn.cookieOf('op-ana'), url: standIn.url }])
  if (withUpdates) {
    storm = setInterval(() => {
      for (let n = 0; n < updatesPerSecond / 10; n += 1) {
        sent += 1
        // Every fifth one is in the long conversation, which is open; the others go round.
        standIn.state.hear(sent % 5 === 0 ? '1' : String(2 + ((sent * 37) % Math.min(conversations - 1, 600))), `Mensagem ${sent} do munícipe.`)
      }
    }, 100)
  }
  for (let round = 0; round < rounds; round += 1) {
    const page = await context.newPage()
    await page.goto(`${standIn.url}/inbox/?view=all`, { waitUntil: 'commit' })
    await page.locator('[role=option]').first().waitFor()
    firstRows.push(await page.evaluate(() => performance.now()))
    if (round < rounds - 1) await page.close()
  }
  const page = context.pages()[0]!
  await page.goto(`${standIn.url}/inbox/c/1?view=all`)
  await page.locator('[role=log] article').first().waitFor()
  const listScroll = await framesDuring(page, async () => {
    for (let step = 0; step < 40; step += 1) await page.evaluate(() => { document.querySelector('.list-scroll')?.scrollBy(0, 260) })
    await page.waitForFunction(() => (document.querySelector('.list-scroll')?.scrollTop ?? 0) > 3000)
  })
  const threadScroll = await framesDuring(page, async () => {
    for (let step = 0; step < 120; step += 1) {
      await page.evaluate(() => new Promise<void>((resolve) => { document.querySelector('.thread-scroll')?.scrollBy(0, -700); requestAnimationFrame(() => resolve()) }))
    }
  })
  nodes = await page.evaluate(() => document.querySelectorAll('*').length)
  await page.evaluate(() => { document.querySelector('.list-scroll')?.scrollTo(0, 0) })
  await page.locator('[role=option][data-index="0"]').waitFor()
  const switching = await framesDuring(page, async () => {
    for (let n = 0; n < switches; n += 1) {
      const ms = await switchTo(page, 1 + (n % 6))
      if (ms >= 0) switched.push(ms)
    }
  })
  nodes = Math.max(nodes, await page.evaluate(() => document.querySelectorAll('*').length))
  const typing = await typingDelay(page)
  await page.goto(`${standIn.url}/inbox/c/1?view=all`)
  await page.locator('[role=log] article').first().waitFor()
  // It opens at the first unread message, and what comes is drawn for who reads the end.
  await page.waitForFunction(() => { const all = document.querySelector('.thread-scroll')!; all.scrollTo(0, all.scrollHeight); return all.scrollTop + all.clientHeight >= all.scrollHeight - 1 })
  const appears = await appearing(page, changes, withUpdates ? 0 : 400, (text) => standIn.state.hear('1', text), (text) => standIn.state.hear('2', text))
  clearInterval(storm)
  const heapMB = await page.evaluate(() => Math.round(((performance as unknown as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0) / 1e6))
  await context.close()
  await standIn.close()
  return { firstRowsMs: figures(firstRows), nodes, switchMs: figures(switched), listScroll, threadScroll, switching, typingMs: figures(typing), appearsMs: appearsIn(appears), heapMB, updates: sent }
}

/** From a key to the frame that shows it. */
async function typingDelay(page: Page): Promise<number[]> {
  await page.locator('.composer textarea').click()
  const delays: number[] = []
  for (const letter of 'Bom dia, vou ver o seu pedido.') {
    await page.evaluate(() => {
      const store = window as unknown as { typed: Promise<number> }
      store.typed = new Promise((resolve) => {
        document.addEventListener('keydown', (event) => requestAnimationFrame(() => resolve(performance.now() - event.timeStamp)), { once: true })
      })
    })
    await page.keyboard.type(letter)
    delays.push(await page.evaluate(() => (window as unknown as { typed: Promise<number> }).typed))
  }
  return delays
}

const bytes = await initialBytes()
const still = await measure(false)
const busy = await measure(true)
const whole = await appearingThroughGateway(browser, changes)
console.log(JSON.stringify({ conversations, longMessages, updatesPerSecond, initialGzipBytes: bytes, still, busy, appearsThroughGatewayMs: whole ? appearsIn(whole) : 'npm run build first' }, null, 2))
await browser.close()
await built.remove()
