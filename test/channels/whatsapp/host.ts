/** A gateway that remembers in memory, behind a real HTTP server: what a connection is driven with here. */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import pino from 'pino'
import type { AnyChannelKind, ChannelState, Connection, Host } from '../../../src/core/channel.ts'
import type { InboundEvent } from '../../../src/core/model.ts'

export interface MemoryHost {
  host: Host<unknown>
  payloads: unknown[]
  /** What `normalise` made of them, less what was seen before: as the gateway would keep it. */
  events: InboundEvent[]
  corrupt: { raw: string; problem: string }[]
  states: ChannelState[]
  files: Map<string, { bytes: Buffer; mimeType: string }>
  /** While true, nothing can be stored. */
  broken: boolean
  cursor: unknown
  log: string[]
  addFile(bytes: Buffer, mimeType: string): string
}

export function memoryHost(
  kind: AnyChannelKind,
  options: { publicUrl?: string; folder?: string; now?: () => Date } = {},
): MemoryHost {
  const seen = new Set<string>()
  const now = options.now ?? (() => new Date())
  const memory: MemoryHost = {
    payloads: [],
    events: [],
    corrupt: [],
    states: [],
    files: new Map(),
    broken: false,
    cursor: undefined,
    log: [],
    addFile(bytes, mimeType) {
      const source = `file:${createHash('sha256').update(bytes).digest('hex')}`
      memory.files.set(source, { bytes, mimeType })
      return source
    },
    host: {
      channelId: 'whatsapp-geral',
      async receive(payload) {
        if (memory.broken) throw new Error('the database is away')
        // As the gateway does: what is kept is what JSON can say.
        const kept: unknown = JSON.parse(JSON.stringify(payload))
        memory.payloads.push(kept)
        for (const event of kind.normalise(kept, now())) {
          const id = event.type === 'message.received' || event.type === 'message.echoed' ? event.externalId : undefined
          if (id && seen.has(id)) continue
          if (id) seen.add(id)
          memory.events.push(event)
        }
      },
      async receiveCorrupt(raw, problem) {
        if (memory.broken) throw new Error('the database is away')
        memory.corrupt.push({ raw, problem })
      },
      async keep(bytes, { mimeType = 'application/octet-stream' }) {
        const all = Buffer.isBuffer(bytes) ? bytes : await bytesOf(bytes)
        return { source: memory.addFile(all, mimeType) as `file:${string}`, bytes: all.length, mimeType }
      },
      async open(source) {
        const file = memory.files.get(source)
        if (!file) throw new Error(`no such file ${source}`)
        return file
      },
      urlOf: ({ source }) => `https://balcao.example/files/${source}?signed`,
      cursor: {
        load: async () => memory.cursor,
        save: async (value) => {
          memory.cursor = JSON.parse(JSON.stringify(value)) as unknown
        },
      },
      report: (state) => {
        memory.states.push(state)
      },
      publicUrl: options.publicUrl ?? 'http://127.0.0.1:1/channels/whatsapp-geral',
      folder: options.folder ?? '/nonexistent',
      log: pino(
        { level: 'debug' },
        {
          write: (line) => {
            memory.log.push(line)
          },
        },
      ),
      now,
      random: () => 0.5,
      reader: {
        history: () => Promise.reject(new Error('only web chat reads back')),
        follow: () => () => undefined,
        shown: () => Promise.reject(new Error('only web chat reads back')),
      },
    },
  }
  return memory
}

export async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export interface Served {
  url: string
  connection: Connection<unknown> | undefined
  close(): Promise<void>
}

/** Bare node:http, as the gateway serves channels. */
export async function serve(): Promise<Served> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', served.url)
      const webhook = served.connection?.webhook
      if (!webhook) return void response.writeHead(503).end()
      webhook(
        {
          method: request.method ?? 'GET',
          path: url.pathname.replace(/^\/channels\/whatsapp-geral/, ''),
          url: url.href,
          query: url.searchParams,
          headers: request.headers,
          body: Buffer.concat(chunks),
          raw: request,
        },
        response,
      ).catch(() => response.destroy())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const served: Served = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/channels/whatsapp-geral`,
    connection: undefined,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return served
}

/** Asks until it is so: 15 s is for a busy machine. */
export async function until<T>(what: string, look: () => T | undefined | false | null, ms = 15_000): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false && found !== null) return found
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
