/** WhatsApp behind its page: the phone, its contacts and its messages. The page in the browser asks it over HTTP. */

import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export interface Person {
  phone: string
  lid: string
  name: string
}
/** A message as the phone has it. `stanza` is WhatsApp's own id of it. */
export interface PhoneMessage {
  stanza: string
  chat: string
  fromMe: boolean
  type: string
  t: number
  body?: string
  [field: string]: unknown
}
export interface SentMessage {
  stanza: string
  chat: string
  type: string
  body?: string
  caption?: string
  filename?: string
  bytes?: Buffer
  [field: string]: unknown
}

/** `cut`: the line breaks before or after WhatsApp has taken what the page sends. */
export type SendFault = 'slow' | 'cut-before' | 'cut-after'

export interface WhatsappPage {
  /** For the channel's config. */
  page: { version: string; folder: string }
  browserArguments: string[]
  me: { phone: string; lid: string }
  /** What the linked device sent, once each: the oracle. */
  ledger: SentMessage[]
  /** Every send that the page tried, by its id: one that comes twice was luck. */
  sends: string[]
  /** What happens to the next sends of the page, one each. */
  faults: (SendFault | undefined)[]
  seen: string[]
  typing: string[]
  reactions: { id: string; emoji: string }[]
  paired: string | undefined
  /** Pages that listen now. */
  listeners(): number
  /** The phone scans the code that the page shows. */
  scan(): void
  rotateQr(): void
  /** `unheard`: kept by the phone and not told to the page, as when an event gets lost. */
  says(from: Person | string, message: Partial<PhoneMessage>, options?: { unheard?: boolean }): PhoneMessage
  typesOnPhone(to: Person, body: string): PhoneMessage
  keepMedia(bytes: Buffer): string
  news(what: { do: string; [field: string]: unknown }): void
  fullId(message: { stanza: string; chat: string; fromMe?: boolean }): string
  logout(): void
  /** While held, files that the page uploads wait; `release` lets them through. */
  holdUploads(): void
  release(): void
  close(): Promise<void>
}

/** A page of the world may not ask this machine for anything unless it is allowed to. */
export const pageArguments = ['--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests']

export const maria: Person = { phone: '351912345678@c.us', lid: '81234567890123@lid', name: 'Maria Amélia' }
export const rui: Person = { phone: '351933222111@c.us', lid: '80000000000022@lid', name: 'Rui' }

/** `folder`: where its page is written; one of its own without. */
export async function startWhatsappPage({ folder: given, people = [maria, rui] }: { folder?: string; people?: Person[] } = {}): Promise<WhatsappPage> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'whatsapp-page-')))
  await mkdir(folder, { recursive: true })
  const streams = new Set<ServerResponse>()
  const messages: PhoneMessage[] = []
  const media = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const script = (await readFile(new URL('./page.js', import.meta.url), 'utf8')).replace(
    'class Emitter',
    `const SERVER = '${url}'\nclass Emitter`,
  )
  await writeFile(
    join(folder, 'stand-in.html'),
    `<!doctype html><meta charset="utf-8"><title>WhatsApp</title><script>${script}</script>`,
  )

  let count = 0
  let release = (): void => undefined
  let held: Promise<void> = Promise.resolve()
  const seconds = (): number => Math.floor(Date.now() / 1000)
  const phone: WhatsappPage = {
    page: { version: 'stand-in', folder },
    browserArguments: pageArguments,
    me: { phone: '351276340500@c.us', lid: '89999999999999@lid' },
    ledger: [],
    sends: [],
    faults: [],
    seen: [],
    typing: [],
    reactions: [],
    paired: undefined,
    holdUploads() {
      held = new Promise((resolve) => {
        release = resolve
      })
    },
    release: () => release(),
    listeners: () => streams.size,
    scan() {
      phone.paired = `device-${++count}`
      phone.news({ do: 'paired', device: phone.paired })
    },
    rotateQr: () => phone.news({ do: 'ref', ref: `ref-${++count}` }),
    says(from, message, { unheard = false } = {}) {
      const chat = message.chat ?? (typeof from === 'string' ? from : from.phone)
      const name = typeof from === 'string' ? undefined : from.name
      const said: PhoneMessage = {
        stanza: `3A${String(++count).padStart(18, 'F')}`,
        fromMe: false,
        type: 'chat',
        t: seconds(),
        ack: 1,
        notifyName: name,
        ...message,
        chat,
      }
      messages.push(said)
      if (!unheard) phone.news({ do: 'add', message: said })
      return said
    },
    typesOnPhone: (to, body) =>
      phone.says(to, { fromMe: true, body, stanza: `3A${String(++count).padStart(18, 'E')}` }),
    keepMedia(bytes) {
      const hash = `hash-${++count}`
      media.set(hash, bytes)
      return `/media?hash=${hash}`
    },
    news(what) {
      for (const stream of streams) stream.write(`data: ${JSON.stringify(what)}\n\n`)
    },
    fullId: ({ stanza, chat, fromMe = true }) => `${fromMe}_${chat}_${stanza}`,
    logout() {
      phone.paired = undefined
      phone.news({ do: 'logout' })
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new URL(request.url ?? '/', url)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const bytes = Buffer.concat(chunks)
    const body = (): Record<string, string> => JSON.parse(bytes.toString('utf8')) as Record<string, string>
    const headers = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*',
      'access-control-allow-private-network': 'true',
    }
    const answer = (value: unknown): void => {
      response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    switch (`${request.method} ${at.pathname}`) {
      case 'GET /news':
        response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' }).write(': hello\n\n')
        streams.add(response)
        response.on('close', () => streams.delete(response))
        return
      case 'POST /boot':
        return answer(
          phone.paired && body().device === phone.paired
            ? { paired: true, me: phone.me, people, messages }
            : { paired: false },
        )
      case 'POST /exists':
        return answer({ exists: people.some((one) => one.phone === body().chat || one.lid === body().chat) })
      case 'POST /seen':
        phone.seen.push(body().chat ?? '')
        return answer({})
      case 'POST /typing':
        phone.typing.push(body().chat ?? '')
        return answer({})
      case 'POST /reacted':
        phone.reactions.push({ id: body().id ?? '', emoji: body().emoji ?? '' })
        return answer({})
      case 'POST /media':
        await held
        media.set(at.searchParams.get('hash') ?? '', bytes)
        return answer({})
      case 'GET /media': {
        const kept = media.get(at.searchParams.get('hash') ?? '')
        response.writeHead(kept ? 200 : 404, headers).end(kept)
        return
      }
      case 'POST /send': {
        const sent = body() as unknown as SentMessage & { filehash?: string }
        phone.sends.push(sent.stanza)
        const fault = phone.faults.shift()
        if (fault === 'slow') await pause(300)
        if (fault === 'cut-before') return void response.destroy()
        // WhatsApp takes an id once.
        if (!phone.ledger.some(({ stanza }) => stanza === sent.stanza)) {
          const file = sent.filehash ? media.get(sent.filehash) : undefined
          phone.ledger.push({ ...sent, ...(file && { bytes: file }) })
          messages.push({ ...sent, fromMe: true, t: seconds(), ack: 1 })
        }
        if (fault === 'cut-after') return void response.destroy()
        return answer({ ack: 1 })
      }
      default:
        response.writeHead(request.method === 'OPTIONS' ? 204 : 404, headers).end()
    }
  }

  return phone
}
