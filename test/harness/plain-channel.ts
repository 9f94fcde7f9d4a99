/** A channel for tests of the gateway itself: JSON over HTTP to a loopback vendor that keeps a ledger and can be told to misbehave. */

import { createServer, type Server } from 'node:http'
import { z } from 'zod'
import { defineChannel, SendError, type AnyChannelKind, type Capabilities, inBoth } from '../../src/core/channel.ts'
import type { Content, InboundEvent } from '../../src/core/model.ts'

export interface PlainMessage { id: string; from: string; text: string; name?: string; aliases?: string[]; group?: string; thread?: string; attachments?: Content['attachments'] }
export interface PlainPayload { messages?: PlainMessage[]; /** Written on the town's own phone. */ echoes?: { id: string; to: string; text: string }[]; statuses?: { id: string; state: 'delivered' | 'read' | 'failed' }[]; edits?: { id: string; from: string; text: string }[]; /** Ids of what the citizen took back. */ deletions?: string[]; throws?: boolean }
interface PlainRequest { to: string; content: Content }

export const plainCapabilities: Capabilities = {
  text: { max: 4_000, unit: 'characters', markup: 'none' }, choices: { max: 10, maxLabel: 40 },
  attachments: { kinds: { image: { maxBytes: 1e6 }, file: { maxBytes: 1e6 } }, perMessage: 1, caption: 1_000 }, location: false, initiate: 'always',
  inbound: { edits: true, deletes: true, reactions: true, typing: true }, outbound: { edits: false, deletes: false, reactions: false, typing: false },
  receipts: ['sent', 'delivered', 'read'], idempotent: 'none', source: 'test',
}

export function plainKind(overrides: Partial<Capabilities> = {}): AnyChannelKind {
  return defineChannel<{ vendorUrl?: string | undefined; exclusive?: boolean | undefined }, PlainPayload, PlainRequest>({
    name: 'plain',
    config: z.strictObject({ vendorUrl: z.string().optional(), exclusive: z.boolean().optional() }),
    capabilities: () => ({ ...plainCapabilities, ...overrides }),
    exclusive: ({ exclusive }) => exclusive ?? false,
    normalise(payload): InboundEvent[] {
      if (payload.throws) throw new Error('this payload breaks the translation')
      return [
        ...(payload.messages ?? []).map(({ id, from, text, name, aliases, group, thread, attachments }): InboundEvent => ({
          type: 'message.received', externalId: id, content: { text, ...(attachments && { attachments }) },
          from: { address: from, route: { to: from }, ...(name && { name }), ...(aliases && { aliases }), ...(thread && { thread }) }, ...(group && { group }),
        })),
        ...(payload.echoes ?? []).map(({ id, to, text }): InboundEvent => ({ type: 'message.echoed', externalId: id, to: { address: to, route: { to } }, content: { text } })),
        ...(payload.statuses ?? []).map(({ id, state }): InboundEvent => ({ type: 'message.status', externalId: id, state })),
        ...(payload.edits ?? []).map(({ id, from, text }): InboundEvent => ({ type: 'message.edited', externalId: id, from: { address: from, route: { to: from } }, content: { text } })),
        ...(payload.deletions ?? []).map((id): InboundEvent => ({ type: 'message.deleted', externalId: id })),
      ]
    },
    render: (content, route) => ({ to: String(route.to), content }),
    routeTo: (address) => (address.includes(' ') ? undefined : { address, route: { to: address } }),
    connect: async (config, host) => ({
      async webhook({ body }, response) {
        await host.receive(JSON.parse(body.toString()) as PlainPayload)
        response.writeHead(200).end()
      },
      async send(request, { key, signal }) {
        if (!config.vendorUrl) throw new SendError('unreachable', inBoth('no vendor'))
        const answer = await fetch(`${config.vendorUrl}/send`, { method: 'POST', body: JSON.stringify({ ...request, key }), signal })
          .catch((error: Error & { cause?: { code?: string } }) => {
            throw new SendError(error.cause?.code === 'ECONNREFUSED' ? 'unreachable' : 'ambiguous', inBoth(error.cause?.code ?? error.name))
          })
        if (answer.status === 429) throw new SendError('throttled', inBoth('429'), 5)
        if (answer.status >= 500) throw new SendError('unreachable', inBoth((String(answer.status))), 5)
        if (!answer.ok) throw new SendError('rejected', inBoth(String(answer.status)))
        return { externalId: ((await answer.json()) as { id: string }).id }
      },
      markRead: async (route, externalId) => {
        const answer = await fetch(`${config.vendorUrl}/read`, { method: 'POST', body: JSON.stringify({ ...route, id: externalId }) })
        if (!answer.ok) throw new SendError('rejected', inBoth(String(answer.status)))
      },
      react: async (_route, externalId, emoji) => {
        const answer = await fetch(`${config.vendorUrl}/react`, { method: 'POST', body: JSON.stringify({ id: externalId, emoji }) })
        if (!answer.ok) throw new SendError('rejected', { pt: 'passou o prazo', en: 'too late for it' })
      },
      typing: async (route) => void await fetch(`${config.vendorUrl}/typing`, { method: 'POST', body: JSON.stringify(route) }),
      fetch: async (source) => {
        const answer = await fetch(`${config.vendorUrl}/media/${encodeURIComponent(source)}`)
        if (!answer.ok || !answer.body) throw new Error(`media ${answer.status}`)
        const { Readable } = await import('node:stream')
        return { body: Readable.fromWeb(answer.body as never) }
      },
      close: async () => undefined,
    }),
  })
}

export interface PlainVendor {
  url: string
  /** What was accepted, in order. */
  ledger: { id: string; to: string; text: string; key: string; content: Content }[]
  /** Decides each request; 'cut' closes the line after accepting. */
  behave: (request: { text: string; key: string }, nth: number) => 'accept' | 'cut' | 429 | 500 | 400
  media: Map<string, Buffer>
  /** To whom it was shown that somebody writes. */
  typings: string[]
  /** Of which messages it was told that they were read, and what it answers. */
  reads: string[]
  readStatus: number
  /** How the town reacted to what was written, and what it answers. */
  reactions: { id: string; emoji: string | null }[]
  reactStatus: number
  close(): Promise<void>
}

export async function plainVendor(): Promise<PlainVendor> {
  let nth = 0
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.url?.startsWith('/media/')) {
        const bytes = vendor.media.get(decodeURIComponent(request.url.slice(7)))
        return void response.writeHead(bytes ? 200 : 404).end(bytes)
      }
      if (request.url === '/typing') {
        vendor.typings.push((JSON.parse(Buffer.concat(chunks).toString()) as { to: string }).to)
        return void response.writeHead(200).end()
      }
      if (request.url === '/react') {
        vendor.reactions.push(JSON.parse(Buffer.concat(chunks).toString()) as { id: string; emoji: string | null })
        return void response.writeHead(vendor.reactStatus).end()
      }
      if (request.url === '/read') {
        vendor.reads.push((JSON.parse(Buffer.concat(chunks).toString()) as { id: string }).id)
        return void response.writeHead(vendor.readStatus).end()
      }
      const { to, key, content } = JSON.parse(Buffer.concat(chunks).toString()) as { to: string; key: string; content: Content }
      nth += 1
      const what = vendor.behave({ text: content.text, key }, nth)
      if (typeof what === 'number') return void response.writeHead(what).end()
      const id = `sent-${vendor.ledger.length + 1}`
      vendor.ledger.push({ id, to, text: content.text, key, content })
      if (what === 'cut') return void request.socket.destroy()
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const vendor: PlainVendor = {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    ledger: [], behave: () => 'accept', media: new Map(), typings: [], reads: [], readStatus: 200, reactions: [], reactStatus: 200,
    close: () => new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
  }
  return vendor
}
