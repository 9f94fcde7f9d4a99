/** A gateway with a web chat, the built widget, a town's page on another origin with strict rules, and a browser. */

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { webchatWith } from '../../../src/channels/webchat/index.ts'
import type { News, OutgoingMessage } from '../../../src/channels/webchat/protocol.ts'
import type { Choice, Responder } from '../../../src/core/model.ts'
import { type Harness, type HarnessOptions, startGateway } from '../../harness/gateway.ts'
import { findHeadlessChromium } from '../../vendors/browser.ts'

export const choices: Choice[] = [{ id: 'agua', label: 'Água e saneamento' }, { id: 'obras', label: 'Obras e licenças' }, { id: 'pessoa', label: 'Falar com uma pessoa' }]

/** Says what the tests ask it to say. */
export const parrot: Responder = (state, input) => {
  if (input.type !== 'message') return { actions: [], state }
  const { text, chosen } = input.content
  if (text === 'menu') return { actions: [{ do: 'say', content: { text: 'O que precisa?', choices } }], state }
  if (text === 'pessoa' || chosen === 'pessoa') return { actions: [{ do: 'say', content: { text: 'Vou chamar um colega.' } }, { do: 'hand-off', reason: 'asked' }], state }
  if (text === 'dez') return { actions: Array.from({ length: 10 }, (_, n) => ({ do: 'say' as const, content: { text: `resposta ${n + 1} de dez` } })), state }
  if (text === 'adeus') return { actions: [{ do: 'say', content: { text: 'Até breve.' } }, { do: 'close' }], state }
  if (text.startsWith('diz ')) return { actions: [{ do: 'say', content: { text: text.slice(4) } }], state }
  if (text.startsWith('cala')) return { actions: [], state }
  return { actions: [{ do: 'say', content: { text: `eco: ${text}` } }], state }
}

export interface BuiltWidget { folder: string; sizes: { file: string; bytes: Buffer }[]; remove(): Promise<void> }

export async function buildWidget(): Promise<BuiltWidget> {
  const folder = await mkdtemp(path.join(tmpdir(), 'balcao-widget-'))
  await build({ configFile: path.resolve('src/channels/webchat/widget/vite.config.ts'), build: { outDir: folder, emptyOutDir: true }, logLevel: 'error' })
  const { readdir } = await import('node:fs/promises')
  const sizes = await Promise.all((await readdir(folder)).map(async (file) => ({ file, bytes: await readFile(path.join(folder, file)) })))
  return { folder, sizes, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Generous, because all visitors of a test come from one address. */
const limits = { perVisitor: 3_000, perAddress: 30_000, newVisitorsPerAddress: 3_000 }

export function startChat(widget: BuiltWidget | undefined, block: Record<string, unknown> = {}, options: Partial<HarnessOptions> = {}): Promise<Harness> {
  return startGateway({
    channels: {
      web: {
        kind: 'webchat', title: 'Vale Formoso', colour: '#1f5d50', limits, privacy: { url: 'https://valeformoso.example/privacidade', version: '2026-1' },
        contacts: { phone: '+351 200 000 000', email: 'geral@valeformoso.example' }, ...block,
      },
    },
    kinds: { webchat: webchatWith(() => widget?.folder) }, respond: parrot, ...options,
  })
}

// ── A client of the protocol, as docs/webchat-protocol.md has it ────────────────────────────────────────────────────

export const newToken = () => randomBytes(32).toString('base64url')
export const message = (text: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({ id: randomUUID(), text, ...more })
export const addressOf = (token: string) => createHash('sha256').update('balcao webchat visitor\0').update(token).digest('hex')

export class Visitor {
  readonly base: string
  readonly token: string

  constructor(url: string, token = newToken()) {
    this.base = `${url}/channels/web`
    this.token = token
  }

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` }
  }

  post(where: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const raw = body instanceof Uint8Array || typeof body === 'string'
    return fetch(this.base + where, { method: 'POST', headers: { ...this.headers, 'content-type': 'application/json', ...headers }, body: raw ? body as BodyInit : JSON.stringify(body) })
  }

  async read(after?: string): Promise<News> {
    const answer = await fetch(`${this.base}/messages${after === undefined ? '' : `?after=${after}`}`, { headers: this.headers })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    return await answer.json() as News
  }

  async texts(): Promise<string[]> {
    return (await this.read()).entries.map(({ text }) => text)
  }

  /** Server-sent events as they come; `end` lets go. */
  async follow(after?: string): Promise<{ events: { event: string; data: unknown }[]; ended: Promise<void>; end(): void }> {
    const cut = new AbortController()
    const answer = await fetch(`${this.base}/events${after === undefined ? '' : `?after=${after}`}`, { headers: this.headers, signal: cut.signal })
    if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`)
    const events: { event: string; data: unknown }[] = []
    const ended = (async () => {
      let text = ''
      for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk
        const blocks = text.split('\n\n')
        text = blocks.pop()!
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block)?.[1]
          if (data) events.push({ event: /^event: (.*)$/m.exec(block)?.[1] ?? '', data: JSON.parse(data) })
        }
      }
    })().catch(() => undefined)
    return { events, ended, end: () => cut.abort() }
  }
}

// ── A town's page, and a browser to open it ─────────────────────────────────────────────────────────────────────────

export interface TownPage { origin: string; close(): Promise<void> }

/** On an origin of its own (localhost, where the gateway is 127.0.0.1), with the strictest rules that a chat can live under. */
export async function openTownPage(scriptFrom: () => string, options: { style?: string; charset?: string; attributes?: string; selfHosted?: Buffer } = {}): Promise<TownPage> {
  const server = createServer((request, response) => {
    if (request.url === '/widget.js' && options.selfHosted) return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(options.selfHosted)
    if (request.url === '/page.css') return void response.writeHead(200, { 'content-type': 'text/css' }).end(options.style)
    const gateway = scriptFrom()
    const script = options.selfHosted ? '/widget.js' : `${gateway}/channels/web/widget.js`
    const policy = [
      "default-src 'none'", `script-src ${gateway}${options.selfHosted ? " 'self'" : ''}`, `connect-src ${gateway}`, "style-src 'self'", `img-src ${gateway} http://127.0.0.1:*`,
      "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
    ].join('; ')
    const page = `<!doctype html><html lang="pt-PT"><head><title>Câmara</title>${options.style ? '<link rel="stylesheet" href="page.css">' : ''}<script async src="${script}" ${options.attributes ?? ''}></script></head>`
      + '<body><main><h1>Câmara Municipal</h1><p>Bem-vindo à página do município.</p><p><a href="#fim">Contactos</a></p></main></body></html>'
    response.writeHead(200, { 'content-type': `text/html; charset=${options.charset ?? 'utf-8'}`, 'content-security-policy': policy })
      .end(Buffer.from(page, options.charset === 'iso-8859-1' ? 'latin1' : 'utf8'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    origin: `http://localhost:${port}`,
    close: () => new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
  }
}

export async function openBrowser(): Promise<Browser> {
  const { executablePath, args } = await findHeadlessChromium()
  return chromium.launch({ executablePath, args })
}

export interface OpenPage { page: Page; context: BrowserContext; /** What the browser complained of. */ complaints: string[] }

export async function openPage(browser: Browser | BrowserContext, url: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<OpenPage> {
  const context = 'newContext' in browser ? await browser.newContext({ locale: 'pt-PT', viewport: { width: 1280, height: 800 }, ...options }) : browser
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('pageerror', ({ message: text }) => complaints.push(text))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (line) => {
    // A line that is cut, and a file that is refused, are told by the browser itself.
    if (line.type() === 'error' && !/net::ERR|Failed to load resource/.test(line.text())) complaints.push(line.text())
  })
  await page.goto(url)
  return { page, context, complaints }
}

export async function openChatOn(page: Page): Promise<void> {
  await page.locator('.launch').click()
  await page.locator('.write').waitFor()
}

export async function say(page: Page, text: string): Promise<void> {
  await page.locator('.write').fill(text)
  await page.locator('.send').click()
}

/** What stands in the bubbles, in order, without the greeting. */
export const bubbles = async (page: Page): Promise<string[]> => (await page.locator('.bubble p').evaluateAll((all) => all.map((each) => {
  const copy = each.cloneNode(true) as Element
  for (const hint of copy.querySelectorAll('.sr')) hint.remove()
  return copy.textContent ?? ''
}))).slice(1)
