/** The front door: vendors' webhooks on bare node:http, because express costs half of the speed; express for everything else. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { RequestListener } from 'node:http'
import type { Logger } from 'pino'
import type { WebhookRequest } from './core/channel.ts'
import { Overloaded } from './core/group-commit.ts'
import type { OpenChannel } from './core/town.ts'

export interface ServerOptions {
  channels: () => Map<string, OpenChannel>
  /** Everything that is not a channel's. */
  rest: RequestListener
  /** As vendors call us: signatures are made over it, never over the Host header. */
  publicUrl: () => string
  log: Logger
  onSignatureFailure: (channelId: string) => void
}

export interface FrontDoor {
  server: Server
  listen(port: number, host: string): Promise<number>
  /** Takes no new connection, lets what runs end, then cuts what is left. */
  close(graceMs: number): Promise<void>
}

/** Meta's largest webhook is 3 MB. A kind that takes uploads says so itself. */
const defaultMaxBody = 3_145_728

export function openServer({ channels, rest, publicUrl, log, onSignatureFailure }: ServerOptions): FrontDoor {
  const sockets = new Set<Socket>()

  const server = createServer((request, response) => {
    const target = request.url ?? '/'
    if (target.startsWith('/channels/')) void webhook(request, response, target)
    else rest(request, response)
  })
  // A citizen on 3G needs time; somebody who sends a byte a minute gets none.
  server.headersTimeout = 15_000
  server.requestTimeout = 120_000
  server.keepAliveTimeout = 65_000
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  async function webhook(request: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
    const question = target.indexOf('?')
    const path = question < 0 ? target : target.slice(0, question)
    const [, , id = '', ...tail] = path.split('/')
    const channel = channels().get(id)
    const connection = channel?.connection
    if (!channel) return answer(response, 404)
    // Configured, but not open here or not yet: the vendor comes again.
    if (!connection?.webhook) return answer(response, 503, { 'retry-after': '5' })
    try {
      const body = await readBody(request, connection.maxBodyBytes ?? defaultMaxBody)
      if (!body) return answer(response, 413, { connection: 'close' })
      const wanted: WebhookRequest = {
        method: request.method ?? 'GET', path: tail.length > 0 ? `/${tail.join('/')}` : '', url: publicUrl() + target,
        query: new URLSearchParams(question < 0 ? '' : target.slice(question + 1)), headers: request.headers, body, raw: request,
      }
      await connection.webhook(wanted, response)
      if (response.statusCode === 401 || response.statusCode === 403) onSignatureFailure(id)
    } catch (error) {
      if (!(error instanceof Overloaded)) log.error({ channel: id, error: error instanceof Error ? error.message : String(error) }, 'webhook failed')
      if (!response.headersSent) answer(response, 503, { 'retry-after': '5' })
      else response.destroy()
    }
  }

  return {
    server,
    listen: (port, host) => new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        server.off('error', reject)
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : port)
      })
    }),
    close: (graceMs) => new Promise((resolve) => {
      const cut = setTimeout(() => { for (const socket of sockets) socket.destroy() }, graceMs)
      server.close(() => {
        clearTimeout(cut)
        resolve()
      })
      server.closeIdleConnections()
    }),
  }
}

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-length': '0', ...headers }).end()
}

/** undefined: longer than allowed. */
function readBody(request: IncomingMessage, max: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > max) return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > max) {
        resolve(undefined)
        request.removeAllListeners('data')
        request.resume()
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.on('error', reject)
  })
}
