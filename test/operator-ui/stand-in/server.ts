/** Stands in for the gateway on loopback: the operators' API over real HTTP and SSE, with a town that is the same at every run. */

import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LiveEvent, OperatorView, Session } from '../../../src/operator-api.types.ts'
import { openState, type State } from './state.ts'
import { picture, sound } from './media.ts'
import { ofBot } from './bot.ts'
import { answer, type Reply } from './routes.ts'
import { channelsAt, operators } from './town.ts'

export interface StandInOptions { seed?: number; conversations?: number; longMessages?: number; undoSeconds?: number; port?: number; now?: number; /** The built inbox. */ folder?: string }

export interface StandIn {
  url: string
  state: State
  /** Session cookie of an operator, for tests that do not sign in by hand. */
  cookieOf(operatorId: string): string
  /** Says something to every open stream. */
  tell(event: LiveEvent): void
  /** Streams break and nothing is answered any more, as when a cable is pulled. */
  cut(): void
  mend(): void
  /** The next request to this path is carried out, and its answer is lost on the way. */
  loseNextAnswer(path: RegExp): void
  /** The next request to this path is refused so. */
  refuseNext(path: RegExp, status: number, message: string): void
  /** Every answer to this path waits. */
  slow(path: RegExp, ms: number): void
  /** What the pages are told of the town. */
  session: Partial<Session>
  requests: { method: string; path: string; search: string }[]
  streams(): number
  close(): Promise<void>
}

const builtFolder = fileURLToPath(new URL('../../../dist/inbox/', import.meta.url))
/** The gateway's own page policy, and trusted types on top: the inbox must live under both. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; manifest-src 'self'; require-trusted-types-for 'script'; trusted-types balcao-mail"
const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' }
export const password = 'uma frase de que me lembro'

export async function startStandIn({ seed = 1, conversations = 400, longMessages = 0, undoSeconds = 5, port = 0, now = Date.now(), folder = builtFolder }: StandInOptions = {}): Promise<StandIn> {
  const streams = new Set<{ response: ServerResponse; operatorId: string }>()
  const requests: StandIn['requests'] = []
  const lost: RegExp[] = []
  const refused: { path: RegExp; status: number; message: string }[] = []
  const slowed: { path: RegExp; ms: number }[] = []
  let isCut = false
  let n = 0

  const tell = (event: LiveEvent, only?: string) => {
    n += 1
    for (const { response, operatorId } of streams) if (!only || only === operatorId) response.write(`id: ${n}\ndata: ${JSON.stringify(event)}\n\n`)
  }
  const state = openState({ seed, conversations, longMessages, now, undoSeconds }, tell)
  const people = operators.map((one) => ({ ...one }))
  const session: Partial<Session> = { undoSeconds, channels: channelsAt(now) }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => {
      console.error(error)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (isCut) return void request.socket.destroy()
    requests.push({ method: request.method ?? 'GET', path: url.pathname, search: url.search })
    if (url.pathname.startsWith('/inbox')) return page(folder, url.pathname, response)
    if (url.pathname.startsWith('/files/')) return void media(url.pathname, response)
    const body = await read(request)
    const delay = slowed.find(({ path: which }) => which.test(url.pathname))
    if (delay) await new Promise((resolve) => setTimeout(resolve, delay.ms))
    const me = signedIn(request)
    if (url.pathname === '/api/live') {
      if (!me) return send(response, { status: 401 })
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform' })
      const stream = { response, operatorId: me.id }
      streams.add(stream)
      response.once('close', () => streams.delete(stream))
      response.write(`data: ${JSON.stringify({ type: 'hello', version: '0.1.0' } satisfies LiveEvent)}\n\n`)
      return
    }
    const refusal = take(refused, ({ path: which }) => which.test(url.pathname))
    if (refusal) return send(response, { status: refusal.status, body: { error: 'refused', message: refusal.message } })
    if (request.method !== 'GET' && !url.pathname.startsWith('/api/auth/') && request.headers['x-balcao'] !== '1') return send(response, { status: 403, body: { error: 'origin', message: 'x-balcao' } })
    const reply = (me && await ofBot(`${request.method} ${url.pathname}`, body)) ?? answer({ method: request.method ?? 'GET', url, body, me, people, state, session, tell })
    if (take(lost, (which) => which.test(url.pathname))) return void request.socket.destroy()
    send(response, reply)
  }

  function signedIn(request: IncomingMessage): OperatorView | undefined {
    const id = /(?:^|; )balcao=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]
    return people.find((one) => one.id === id && !one.disabled)
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state, tell, session, requests,
    cookieOf: (operatorId) => operatorId,
    cut() {
      isCut = true
      for (const { response } of streams) response.socket?.destroy()
    },
    mend() { isCut = false },
    loseNextAnswer: (which) => void lost.push(which),
    refuseNext: (which, status, message) => void refused.push({ path: which, status, message }),
    slow: (which, ms) => void slowed.push({ path: which, ms }),
    streams: () => streams.size,
    async close() {
      state.close()
      for (const { response } of streams) response.socket?.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function take<T>(list: T[], fits: (one: T) => boolean): T | undefined {
  const at = list.findIndex(fits)
  return at < 0 ? undefined : list.splice(at, 1)[0]
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function send(response: ServerResponse, { status = 200, body, headers }: Reply): void {
  response.writeHead(body === undefined && status === 200 ? 204 : status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

async function page(folder: string, pathname: string, response: ServerResponse): Promise<void> {
  const name = pathname.replace(/^\/inbox\/?/, '')
  const wanted = path.extname(name) ? path.join(folder, path.normalize(`/${name}`)) : path.join(folder, 'index.html')
  const bytes = await readFile(wanted).catch(() => undefined)
  if (!bytes) return void response.writeHead(404).end()
  response.writeHead(200, { 'content-type': types[path.extname(wanted)] ?? 'application/octet-stream', 'content-security-policy': policy, 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' })
  response.end(bytes)
}

function media(pathname: string, response: ServerResponse): void {
  const isPicture = pathname.endsWith('.png')
  const isSound = pathname.endsWith('.wav')
  response.writeHead(200, { 'content-type': isPicture ? 'image/png' : isSound ? 'audio/wav' : 'application/octet-stream', 'x-content-type-options': 'nosniff' })
  response.end(isPicture ? picture() : isSound ? sound() : 'bytes')
}
