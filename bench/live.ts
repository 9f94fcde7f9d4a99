/** Live: web chats write, operators' screens show it. The floor: a bare stream with the same fan-out, which stores nothing and writes each message to each screen. */

import { randomBytes } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Responder } from '../src/core/model.ts'
import { signIn } from '../test/harness/browserless.ts'
import { startGateway } from '../test/harness/gateway.ts'
import { type Figure, percentile, type Plan, spread } from './figures.ts'
import { loadCrowd } from './load.ts'

const toPeople: Responder = (state) => ({ actions: [{ do: 'hand-off', reason: 'rule' }], state })
interface Seen { p50: number; p99: number; kBEach: number; microsEach: number; done: number; rate: number }

export async function benchLive({ quick, seconds }: Plan): Promise<Figure[]> {
  const size = { chats: quick ? 500 : 2_000, screens: quick ? 50 : 100, perSecond: quick ? 200 : 500, seconds: quick ? 6 : Math.max(10, seconds) }
  const tokens = Array.from({ length: size.chats }, () => randomBytes(32).toString('base64url'))
  const base = await onBareStream(size, tokens)
  const ours = await onGateway(size, tokens)
  const name = `${size.chats} web chats, ${size.screens} screens, ${size.perSecond} messages/s`
  const one = (what: string, unit: string, key: keyof Seen, goal: string, most: number): Figure => ({
    name: `${what}: ${name}`, unit, value: ours[key], spread: spread([ours[key]]), floor: base[key], ratio: ours[key] / base[key],
    ratioSpread: [ours[key] / base[key], ours[key] / base[key]], goal, met: ours[key] / base[key] <= most,
  })
  return [
    { ...one('delay to the screen, p50', 'ms', 'p50', 'ratio ≤ 1.5', 1.5), p50: ours.p50, p99: ours.p99 },
    { ...one('delay to the screen, p99', 'ms', 'p99', '≤ 15 ms', 0), met: ours.p99 <= 15 },
    one('process memory an idle connection', 'kB', 'kBEach', 'ratio ≤ 2', 2),
    one('CPU of the gateway’s process a delivery, storing included', 'µs', 'microsEach', 'ratio ≤ 0.5', 0.5),
    one('messages taken', 'messages/s', 'rate', 'as many as were sent', Infinity),
  ]
}

interface Size { chats: number; screens: number; perSecond: number; seconds: number }

async function measure(url: string, size: Size, tokens: string[], paths: { stream: string; post: string; screen: string; cookie: string }): Promise<Seen> {
  globalThis.gc?.()
  const empty = process.memoryUsage().rss
  let [full, cpu] = [0, process.cpuUsage()]
  const { late, done, seconds } = await loadCrowd({
    url, chats: { path: paths.stream, post: paths.post, tokens }, screens: { path: paths.screen, cookie: paths.cookie, count: size.screens }, perSecond: size.perSecond, seconds: size.seconds,
  }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    globalThis.gc?.()
    full = process.memoryUsage().rss
    cpu = process.cpuUsage()
  })
  const { user, system } = process.cpuUsage(cpu)
  return {
    p50: percentile(late, 0.5), p99: percentile(late, 0.99), kBEach: (full - empty) / 1_000 / (tokens.length + size.screens),
    microsEach: (user + system) / (done * size.screens), done, rate: done / seconds,
  }
}

async function onGateway(size: Size, tokens: string[]): Promise<Seen> {
  const many = 10_000_000
  const gateway = await startGateway({
    channels: { chat: { kind: 'webchat', title: 'Município', limits: { perVisitor: many, perAddress: many, newVisitorsPerAddress: many, streamsPerAddress: many } } }, respond: toPeople,
  })
  try {
    const { cookie } = await signIn(gateway, 'ana@valeformoso.example', { role: 'admin' })
    // Known visitors with a conversation each, as on a working day.
    await loadCrowd({
      url: gateway.url, chats: { path: '/channels/chat/events', post: '/channels/chat/messages', tokens }, screens: { path: '/api/live', cookie, count: 0 }, perSecond: 400, seconds: tokens.length / 400,
    }, async () => undefined)
    return await measure(gateway.url, size, tokens, { stream: '/channels/chat/events', post: '/channels/chat/messages', screen: '/api/live', cookie })
  } finally {
    await gateway.close()
  }
}

async function onBareStream(size: Size, tokens: string[]): Promise<Seen> {
  const screens = new Set<ServerResponse>()
  const chats = new Map<string, ServerResponse>()
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n')
      if (request.url === '/screen') {
        screens.add(response)
        response.once('close', () => screens.delete(response))
      } else chats.set(String(request.headers.authorization), response)
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const data = `data: ${Buffer.concat(chunks).toString()}\n\n`
      for (const screen of screens) screen.write(data)
      chats.get(String(request.headers.authorization))?.write(data)
      response.writeHead(200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await measure(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, size, tokens, { stream: '/chat', post: '/post', screen: '/screen', cookie: 'none' })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
