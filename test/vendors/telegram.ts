/**
 * A stand-in for Telegram's Bot API on 127.0.0.1: updates, messages, files and their faults.
 * To play: npm run play telegram
 */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type Citizen, citizenOf, type Profile } from './telegram-citizen.ts'
import { type File, readPayload, refusal, sendMethods, uploads } from './telegram-methods.ts'
import { answerTo, me, type StoredFile } from './telegram-answers.ts'
import { type Json, openUpdates, type Updates } from './telegram-updates.ts'

export type Fault =
  | { kind: 'refuse'; status: number; description?: string; retryAfter?: number }
  /** Taken and shown to the citizen, but we are told otherwise, or nothing. */
  | { kind: 'refuse-after'; status: number }
  | { kind: 'cut-before' }
  | { kind: 'cut-after' }
  | { kind: 'slow'; ms: number }
  | { kind: 'silent-after' }

export interface Sent {
  method: string
  chatId: number
  messageId: number
  text: string
  payload: Json
  file?: File
  at: Date
}

export interface TelegramOptions {
  port?: number
  token?: string
  now?: () => Date
  retryFactor?: number
  webhookTimeoutMs?: number
  copies?: () => number
  /** As the real one: no webhook to plain http on loopback. */
  onlyHttps?: boolean
}

export interface Telegram {
  apiRoot: string
  token: string
  /** What citizens were shown, once each: the oracle. */
  ledger: Sent[]
  /** What is offered beside the text field, by language; '' is for all others. */
  commands: Map<string, Json[]>
  calls: { method: string; payload: Json; at: Date }[]
  /** Used up in order, one a request that sends something. */
  faults: (Fault | undefined)[]
  updates: Updates
  /** The same one for the same id. They have pressed «Start»: a bot cannot begin. */
  citizen(id: number, profile?: Profile): Citizen
  keepFile(bytes: Buffer, name: string): string
  /** Any update, without its number. */
  push(update: Json, chatId: number): number
  shown(is: (sent: Sent) => boolean, ms?: number): Promise<Sent>
  close(): Promise<void>
}

export async function startTelegram(options: TelegramOptions = {}): Promise<Telegram> {
  const now = options.now ?? (() => new Date())
  const token = options.token ?? '7000000001:TEST-token_of-the_stand-in'
  const updates = openUpdates({
    now,
    retryFactor: options.retryFactor ?? 1,
    timeoutMs: options.webhookTimeoutMs ?? 60_000,
    copies: options.copies ?? (() => 1),
  })
  const files = new Map<string, StoredFile>()
  const commands = new Map<string, Json[]>()
  const citizens = new Map<number, Citizen>()
  const watchers = new Set<(sent: Sent) => void>()
  const ledger: Sent[] = []
  const calls: Telegram['calls'] = []
  const faults: (Fault | undefined)[] = []
  let nextMessage = 1
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray())
    const answer = (status: number, result: Json) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result))
    }
    const refuse = (status: number, description: string, parameters?: Json) =>
      answer(status, { ok: false, error_code: status, description, ...(parameters && { parameters }) })
    const path = decodeURI(new URL(request.url!, 'http://x').pathname)

    const download = /^\/file\/bot([^/]+)\/(.+)$/.exec(path)
    if (download) {
      const file = [...files.values()].find((one) => one.path === download[2])
      if (download[1] !== token || !file) return refuse(404, 'Not Found')
      response
        .writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes.length })
        .end(file.bytes)
      return
    }
    const [, given, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? []
    if (given === undefined) return refuse(404, 'Not Found')
    if (given !== token) return refuse(401, 'Unauthorized')
    const { payload, file } = await readPayload(request.headers['content-type'] ?? '', body)
    calls.push({ method, payload, at: now() })

    if (sendMethods.has(method)) return send(method, payload, file, response, answer, refuse)
    const reply = await answerTo(method, payload, { updates, files, commands, onlyHttps: options.onlyHttps ?? false })
    if ('refused' in reply) refuse(reply.refused.status, reply.refused.description)
    else answer(200, { ok: true, result: reply.result })
  }

  type Refuse = (status: number, description: string, parameters?: Json) => void

  async function send(
    method: string,
    payload: Json,
    file: File | undefined,
    response: ServerResponse,
    answer: (status: number, result: Json) => void,
    refuse: Refuse,
  ): Promise<void> {
    const fault = faults.shift()
    if (fault?.kind === 'cut-before') return void response.destroy()
    if (fault?.kind === 'refuse') {
      return refuse(
        fault.status,
        fault.description ??
          (fault.status === 429 ? `Too Many Requests: retry after ${fault.retryAfter ?? 1}` : 'Bad Gateway'),
        fault.status === 429 ? { retry_after: fault.retryAfter ?? 1 } : undefined,
      )
    }
    if (fault?.kind === 'slow') await pause(fault.ms)
    const chatId = Number(payload.chat_id)
    const citizen = citizens.get(chatId)
    if (!citizen) return refuse(400, 'Bad Request: chat not found')
    if (citizen.hasBlocked) return refuse(403, 'Forbidden: bot was blocked by the user')
    const why = refusal(method, payload, file)
    if (why) return refuse(why === 'Request Entity Too Large' ? 413 : 400, why)

    const sent: Sent = {
      method,
      chatId,
      messageId: nextMessage++,
      text: String(payload.text ?? payload.caption ?? ''),
      payload,
      ...(file && { file }),
      at: now(),
    }
    ledger.push(sent)
    citizen.inbox.push(sent)
    for (const watch of [...watchers]) watch(sent)
    if (fault?.kind === 'cut-after') return void response.destroy()
    if (fault?.kind === 'silent-after') return
    if (fault?.kind === 'refuse-after') return refuse(fault.status, 'Bad Gateway')
    answer(200, {
      ok: true,
      result: {
        message_id: sent.messageId,
        date: Math.floor(now().getTime() / 1000),
        chat: citizen.chat,
        from: me,
        ...(method === 'sendMessage' ? { text: payload.text } : { caption: payload.caption }),
        ...(file &&
          uploads[method] !== undefined && { [uploads[method]]: { file_id: keepFile(file.bytes, file.name) } }),
      },
    })
  }

  function keepFile(bytes: Buffer, name: string): string {
    const id = `file-${files.size + 1}`
    files.set(id, {
      bytes,
      name,
      mimeType: 'application/octet-stream',
      path: `documents/file_${files.size + 1}.${name.split('.').pop() ?? 'bin'}`,
    })
    return id
  }

  function shown(is: (sent: Sent) => boolean, ms = 15_000): Promise<Sent> {
    const already = ledger.find(is)
    if (already) return Promise.resolve(already)
    return new Promise((resolve, reject) => {
      const watch = (sent: Sent) => {
        if (!is(sent)) return
        clearTimeout(timer)
        watchers.delete(watch)
        resolve(sent)
      }
      const timer = setTimeout(() => {
        watchers.delete(watch)
        reject(
          new Error(`nothing such was shown within ${ms} ms; shown: ${JSON.stringify(ledger.map(({ text }) => text))}`),
        )
      }, ms)
      watchers.add(watch)
    })
  }

  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const telegram: Telegram = {
    apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    ledger,
    commands,
    calls,
    faults,
    updates,
    keepFile,
    shown,
    push: (update, chatId) => updates.push(update, chatId),
    citizen(id, profile) {
      const known =
        citizens.get(id) ??
        citizenOf(id, profile ?? {}, { now, push: updates.push, keepFile, nextMessage: () => nextMessage++ })
      citizens.set(id, known)
      return known
    },
    async close() {
      updates.close()
      server.close()
      server.closeAllConnections()
    },
  }
  return telegram
}
