/**
 * Microsoft Teams on 127.0.0.1: sign-in, signing keys, the connector's REST, and a chat of two for each citizen.
 * `npm run play teams` plays.
 */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Citizen, citizenOf, type Delivered } from './teams-citizen.ts'
import { openSigner, type Signer } from './teams-keys.ts'

export type Json = Record<string, unknown>

export interface Shown {
  activityId: string
  conversationId: string
  text: string
  actions: Json[]
  /** Fields to fill in, of its cards. */
  inputs: Json[]
  attachments: Json[]
  activity: Json
}

/** Of one request to the connector, in order; undefined: none. */
export type Fault =
  | { kind: 'refuse'; status: number; code?: string; retryAfter?: number }
  | { kind: 'cut-before' }
  | { kind: 'cut-after' }
  | { kind: 'slow'; ms: number }
  | { kind: 'silent-after' }

export interface Teams {
  origin: string
  serviceUrl: string
  openIdMetadataUrl: string
  tokenUrl: string
  appId: string
  appPassword: string
  tenantId: string
  signer: Signer
  /** What citizens were shown, in order. */
  ledger: Shown[]
  /** Requests of the bot to the connector, those that failed included. */
  requests: { path: string; authorization: string | undefined }[]
  typings: string[]
  faults: (Fault | undefined)[]
  /** Of the sign-in, in order. */
  tokenFaults: number[]
  tokensGiven: number
  metadataReads: number
  metadataFails: boolean
  /** Where the bot is. */
  webhook: string
  citizen(number: number): Citizen
  /** Signs and calls; repeats as Teams does where there is no answer or a 5xx. */
  deliver(activity: Json): Promise<Delivered>
  /** What people let into their OneDrive, in order. */
  drive: { name: string; bytes: Buffer }[]
  /** Of the uploads, in order: a status, the line cut, or no answer at all. */
  uploadFaults: (number | 'cut' | 'hang')[]
  uploads: number
  revokeTokens(): void
  keepFile(bytes: Buffer, mimeType: string, options?: { withToken?: boolean }): string
  /** Resolves with what was shown so, also if it was before. */
  shown(holds: (one: Shown) => boolean, ms?: number): Promise<Shown>
  close(): Promise<void>
}
export interface TeamsOptions {
  port?: number
  webhook?: string
  /** Of Teams's patience with an answer, and of its pause before it repeats: 15 s each at Microsoft. */
  answerMs?: number
  pauseMs?: number
  tries?: number
  now?: () => Date
}

let instances = 0

export async function startTeams(options: TeamsOptions = {}): Promise<Teams> {
  instances += 1
  const now = options.now ?? (() => new Date())
  const signer = await openSigner()
  const files = new Map<string, { bytes: Buffer; mimeType: string; withToken: boolean }>()
  const uploads = new Map<string, string>()
  const citizens = new Map<number, Citizen>()
  const blocked = new Set<string>()
  const waiting = new Set<() => void>()
  let tokens = new Set<string>()
  let ids = 1_780_000_000_000

  const server = createServer((request, response) => {
    void request
      .toArray()
      .then((chunks) => route(request, response, Buffer.concat(chunks)))
      .catch(() => response.destroy())
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const serviceUrl = `${origin}/emea/`
  const isOurs = (request: IncomingMessage) => tokens.has(request.headers.authorization?.replace(/^Bearer /, '') ?? '')

  async function route(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const { pathname } = new URL(request.url!, origin)
    if (pathname === '/openid') {
      teams.metadataReads += 1
      return teams.metadataFails ? json(response, 503, {}) : json(response, 200, { jwks_uri: `${origin}/keys` })
    }
    if (pathname === '/keys') return json(response, 200, signer.jwks)
    if (pathname === '/token') return tokenFor(new URLSearchParams(body.toString()), response)
    const upload = uploads.get(pathname)
    if (upload) return keep(request, response, upload, body)
    const file = files.get(pathname)
    if (file) {
      if (file.withToken !== (request.headers.authorization !== undefined) || (file.withToken && !isOurs(request)))
        return json(response, 401, {})
      return void response.writeHead(200, { 'content-type': file.mimeType, 'content-length': file.bytes.length }).end(file.bytes)
    }
    const [, conversation] = /^\/emea\/v3\/conversations\/([^/]+)\/activities(?:\/[^/]+)?$/.exec(pathname) ?? []
    if (!conversation || request.method !== 'POST') return json(response, 404, { error: { code: 'NotFound' } })
    teams.requests.push({ path: pathname, authorization: request.headers.authorization })
    return take(request, response, decodeURIComponent(conversation), JSON.parse(body.toString()) as Json)
  }

  /** An upload session takes the whole at once, says so with 201, and is then over. */
  function keep(request: IncomingMessage, response: ServerResponse, name: string, bytes: Buffer): void {
    teams.uploads += 1
    for (const look of [...waiting]) look()
    const fault = teams.uploadFaults.shift()
    if (fault === 'cut') return void request.socket.destroy()
    if (fault === 'hang') return
    if (fault) return json(response, fault, { error: { code: 'accessDenied' } })
    const isWhole = request.method === 'PUT' && bytes.length > 0 && request.headers['content-range'] === `bytes 0-${bytes.length - 1}/${bytes.length}`
    if (!isWhole || request.headers.authorization !== undefined) return json(response, 400, { error: { code: 'invalidRequest' } })
    uploads.delete(new URL(request.url!, origin).pathname)
    teams.drive.push({ name, bytes })
    json(response, 201, { id: 'drive-item', name, size: bytes.length })
  }

  function tokenFor(form: URLSearchParams, response: ServerResponse): void {
    const fault = teams.tokenFaults.shift()
    if (fault) return json(response, fault, { error: 'temporarily_unavailable' })
    if (form.get('client_id') !== teams.appId || form.get('client_secret') !== teams.appPassword)
      return json(response, 401, { error: 'invalid_client', error_description: 'AADSTS7000215' })
    teams.tokensGiven += 1
    const token = `token-${instances}-${teams.tokensGiven}`
    tokens.add(token)
    json(response, 200, { token_type: 'Bearer', expires_in: 3599, access_token: token })
  }

  async function take(request: IncomingMessage, response: ServerResponse, conversationId: string, activity: Json): Promise<void> {
    const fault = teams.faults.shift()
    if (fault?.kind === 'cut-before') return void request.socket.destroy()
    if (fault?.kind === 'refuse') {
      const headers: Record<string, string> = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }
      return json(response, fault.status, { error: { code: fault.code ?? 'Refused', message: 'não' } }, headers)
    }
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms))
    if (!isOurs(request)) return json(response, 401, { error: { code: 'Unauthorized' } })
    if (blocked.has(conversationId)) return json(response, 403, { error: { code: 'BotNotInConversationRoster' } })
    if (!conversationId.startsWith('a:chat-')) return json(response, 404, { error: { code: 'ConversationNotFound' } })
    // As Microsoft counts: all of it, in UTF-16.
    if (JSON.stringify(activity).length * 2 > 40 * 1024) return json(response, 413, { error: { code: 'MessageSizeTooBig' } })
    const activityId = nextId()
    if (activity.type === 'typing') teams.typings.push(conversationId)
    else show(conversationId, activityId, activity)
    if (fault?.kind === 'cut-after') return void request.socket.destroy()
    if (fault?.kind === 'silent-after') return
    json(response, 201, { id: activityId })
  }

  function show(conversationId: string, activityId: string, activity: Json): void {
    const attachments = (activity.attachments ?? []) as Json[]
    const inCards = (name: 'actions' | 'body') => attachments.flatMap(({ content }) => ((content as Json | undefined)?.[name] ?? []) as Json[])
    const inputs = inCards('body').filter(({ type }) => String(type).startsWith('Input.'))
    teams.ledger.push({ activityId, conversationId, text: String(activity.text ?? ''), actions: inCards('actions'), inputs, attachments, activity })
    const [, number] = /^a:chat-(\d+)$/.exec(conversationId)!
    teams.citizen(Number(number)).inbox.push(teams.ledger.at(-1)!)
    for (const look of [...waiting]) look()
  }

  const nextId = () => String((ids += 1))

  /** A place in somebody's OneDrive, for one file. */
  function uploadTo(name: string): Json {
    const path = `/upload/${nextId()}`
    uploads.set(path, name)
    const contentUrl = `${origin}/personal/ana/Documents/Applications/${encodeURIComponent(name)}`
    return { contentUrl, name, uploadUrl: origin + path, uniqueId: `item-${ids}`, fileType: name.split('.').at(-1) ?? '' }
  }

  async function deliver(activity: Json): Promise<Delivered> {
    const done: Delivered = { activityId: String(activity.id), statuses: [], body: '' }
    for (let i = 0; i < (options.tries ?? 4); i++) {
      if (i > 0) await new Promise((resolve) => setTimeout(resolve, options.pauseMs ?? 15_000))
      const authorization = `Bearer ${await signer.sign({ audience: teams.appId, serviceUrl, now: now() })}`
      const status = await fetch(teams.webhook, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', authorization },
        body: JSON.stringify(activity),
        signal: AbortSignal.timeout(options.answerMs ?? 15_000),
      }).then(
        async (answer) => {
          done.body = await answer.text()
          return answer.status
        },
        () => 0,
      )
      done.statuses.push(status)
      if (status !== 0 && (status < 500 || status === 501)) break
    }
    return done
  }

  const teams: Teams = {
    origin,
    serviceUrl,
    openIdMetadataUrl: `${origin}/openid`,
    tokenUrl: `${origin}/token`,
    appId: `00000000-0000-4000-8000-${process.pid.toString(16).padStart(8, '0')}${instances.toString(16).padStart(4, '0')}`,
    appPassword: 'only-the-bot-knows-this~0123456789',
    tenantId: '11111111-1111-4111-8111-111111111111',
    signer,
    ledger: [],
    requests: [],
    typings: [],
    faults: [],
    tokenFaults: [],
    tokensGiven: 0,
    metadataReads: 0,
    metadataFails: false,
    drive: [],
    uploadFaults: [],
    uploads: 0,
    webhook: options.webhook ?? '',
    citizen(number) {
      const known = citizens.get(number)
      if (known) return known
      const { appId, tenantId } = teams
      const change = (conversation: string, is: boolean) => void (is ? blocked.add(conversation) : blocked.delete(conversation))
      const citizen = citizenOf({ number, appId, tenantId, serviceUrl, inbox: [], now, nextId, deliver, blocked: change, uploadTo })
      citizens.set(number, citizen)
      return citizen
    },
    deliver,
    revokeTokens: () => {
      tokens = new Set()
    },
    keepFile(bytes, mimeType, { withToken = false } = {}) {
      const path = `/files/${files.size + 1}`
      files.set(path, { bytes, mimeType, withToken })
      return origin + path
    },
    shown(holds, ms = 15_000) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const found = teams.ledger.find(holds)
          if (!found) return
          clearTimeout(late)
          waiting.delete(look)
          resolve(found)
        }
        const late = setTimeout(() => {
          waiting.delete(look)
          reject(new Error(`not shown within ${ms} ms: ${holds.toString()}`))
        }, ms)
        waiting.add(look)
        look()
      })
    },
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
  return teams
}

function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
