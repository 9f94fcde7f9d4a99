/** A gateway that remembers in memory, behind a real HTTP server: what a connection is driven with in these tests. */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import pino from 'pino'
import type { AnyChannelKind, ChannelState, Connection, Host } from '../../src/core/channel.ts'
import type { Attachment, InboundEvent, MessageReceived } from '../../src/core/model.ts'

export interface Gateway {
  host: Host<unknown>
  connection: Connection<unknown>
  /** Calls of `receive`, those that failed included. */
  received: unknown[]
  /** What is kept: each event of what was stored, a message once. */
  events: InboundEvent[]
  corrupt: { raw: string; problem: string }[]
  states: ChannelState[]
  /** Every line that was logged. */
  log: string[]
  messages(): MessageReceived[]
  keepFile(bytes: Buffer, mimeType: string): string
  /** Resolves when the condition holds. Looks again at each thing that happens. */
  until(holds: () => boolean, ms?: number): Promise<void>
  close(): Promise<void>
}

export interface GatewayOptions {
  /** Parsed by the kind's own shape. */
  config: (publicUrl: string) => unknown
  id?: string
  /** Before something is stored: throw, and it is not. */
  beforeStore?: () => void | Promise<void>
  /** Survives a restart. */
  disk?: Disk
  now?: () => Date
  port?: number
}
export interface Disk {
  cursor?: unknown
  seen: Set<string>
  events: InboundEvent[]
}
export const newDisk = (): Disk => ({ seen: new Set(), events: [] })

export async function startGateway(kind: AnyChannelKind, options: GatewayOptions): Promise<Gateway> {
  const now = options.now ?? (() => new Date())
  const disk = options.disk ?? newDisk()
  const id = options.id ?? kind.name
  const files = new Map<string, { bytes: Buffer; mimeType: string }>()
  const watchers = new Set<() => void>()
  const happened = () => {
    for (const look of [...watchers]) look()
  }
  let connection: Connection<unknown> | undefined
  const server = createServer((request, response) => {
    void request
      .toArray()
      .then(async (chunks) => {
        const [pathname = '', query = ''] = request.url!.split('?', 2)
        const prefix = `/channels/${id}`
        if (!connection?.webhook || !pathname.startsWith(prefix)) return response.writeHead(404).end()
        await connection.webhook(
          {
            method: request.method!,
            path: pathname.slice(prefix.length),
            url: gateway.host.publicUrl.replace(prefix, '') + request.url!,
            query: new URLSearchParams(query),
            headers: request.headers,
            body: Buffer.concat(chunks),
            raw: request,
          },
          response,
        )
      })
      .catch(() => response.destroy())
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')

  const gateway: Gateway = {
    received: [],
    events: disk.events,
    corrupt: [],
    states: [],
    log: [],
    connection: undefined as unknown as Connection<unknown>,
    host: {
      channelId: id,
      publicUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/${id}`,
      folder: '/nonexistent',
      async receive(payload) {
        gateway.received.push(payload)
        await options.beforeStore?.()
        for (const event of kind.normalise(payload, now())) {
          const seen = event.type === 'message.received' ? event.externalId : undefined
          if (seen !== undefined && disk.seen.has(seen)) continue
          if (seen !== undefined) disk.seen.add(seen)
          disk.events.push(event)
        }
        happened()
      },
      async receiveCorrupt(raw, problem) {
        gateway.corrupt.push({ raw, problem })
        happened()
      },
      async keep() {
        throw new Error('these channels fetch later')
      },
      async open(source) {
        const file = files.get(source)
        if (!file) throw new Error('no such file')
        return file
      },
      urlOf: ({ source }: Attachment) => `https://balcao.example/f/${source.slice(5, 15)}`,
      cursor: {
        load: async () => disk.cursor,
        save: async (value) => {
          disk.cursor = JSON.parse(JSON.stringify(value))
          happened()
        },
      },
      report(state) {
        gateway.states.push(state)
        happened()
      },
      log: pino({ level: 'trace' }, { write: (line: string) => void gateway.log.push(line) }),
      now,
      random: () => 0.5,
      reader: {
        // Nothing is shown to anybody here.
        history: async () => ({ entries: [], changes: [], cursor: '', conversation: null }),
        follow: () => () => undefined,
        shown: () => Promise.resolve(),
      },
    },
    messages: () => gateway.events.flatMap((event) => (event.type === 'message.received' ? [event] : [])),
    keepFile(bytes, mimeType) {
      const source = `file:${createHash('sha256').update(bytes).digest('hex')}`
      files.set(source, { bytes, mimeType })
      return source
    },
    until(holds, ms = 15_000) {
      if (holds()) return Promise.resolve()
      return new Promise((resolve, reject) => {
        const done = () => {
          clearInterval(again)
          clearTimeout(late)
          watchers.delete(look)
        }
        const look = () => {
          if (!holds()) return
          done()
          resolve()
        }
        // What happens at the vendor is not announced here.
        const again = setInterval(look, 20)
        const late = setTimeout(() => {
          done()
          reject(new Error(`not so within ${ms} ms: ${holds.toString()}`))
        }, ms)
        watchers.add(look)
      })
    },
    async close() {
      await connection?.close()
      server.close()
      server.closeAllConnections()
    },
  }
  connection = await kind.connect(kind.config.parse(options.config(gateway.host.publicUrl)), gateway.host)
  gateway.connection = connection
  return gateway
}

export async function readAll(body: Readable): Promise<Buffer> {
  return Buffer.concat(await body.toArray())
}
