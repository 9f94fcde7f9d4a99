/** Everything below /channels/<id>: who may ask, and for what. */

import type { ServerResponse } from 'node:http'
import { type Connection, type Host, SendError, type WebhookRequest } from '../../core/channel.ts'
import { answer, refuse, tooMany } from './answer.ts'
import { openAssets } from './assets.ts'
import { maxText, maxUploadBytes, type WebchatConfig } from './config.ts'
import { openOrigins, preflight } from './cross-origin.ts'
import { type Conversing, giveMessages, takeMarks, takeMessage, takeTyping, type Visit } from './messages.ts'
import { openPace } from './pace.ts'
import { openPages } from './pages.ts'
import { coloursOf } from './palette.ts'
import type { WebchatPayload } from './payload.ts'
import type { Setting } from './protocol.ts'
import { openStreams } from './stream.ts'
import { openUploads } from './uploads.ts'
import { addressOf, networkOf } from './visitor.ts'

/** A page that may not stream asks fifteen times a minute; typing and marks come on top. */
const requestsPerMessage = 20

/** Every route of a visitor, by method and path. */
type Routes = Record<string, (visit: Visit) => Promise<void> | void>

export async function connect(config: WebchatConfig, host: Host<WebchatPayload>, widgetFolder: () => string | undefined): Promise<Connection<never>> {
  const setting = settingOf(config, host.publicUrl)
  const assets = openAssets(widgetFolder, setting)
  const origins = openOrigins(config.origins, host.publicUrl)
  const pages = await openPages(config, setting, origins.list)
  const pace = openPace(host.now)
  const streams = openStreams(config, host)
  const uploads = await openUploads(config, host, pace)
  const conversing: Conversing = { config, host, pace, uploads, known: new Set() }

  const routes: Routes = {
    'POST /messages': (visit) => takeMessage(visit, conversing),
    'GET /messages': (visit) => giveMessages(visit, conversing),
    'GET /events': (visit) => streams.open(visit),
    'POST /files': (visit) => uploads.take(visit),
    'POST /typing': (visit) => takeTyping(visit, conversing),
    'POST /marks': (visit) => takeMarks(visit, conversing),
  }
  const paths = new Set(Object.keys(routes).map((route) => route.split(' ')[1]))

  async function webhook(request: WebhookRequest, response: ServerResponse): Promise<void> {
    const { method, path, headers, raw } = request
    const isRead = method === 'GET' || method === 'HEAD'
    if (isRead && path === '/widget.js') return void (await assets.loader(headers, response) || notBuilt(response))
    if (isRead && /^\/(app|words)-/.test(path)) return void (await assets.part(path.slice(1), headers, response) || notBuilt(response))
    if (isRead && pages.give(path, request, response)) return

    if (!paths.has(path) && path !== '/config') return refuse(response, { error: 'not-found', message: 'no such path' })
    if (!origins.admit(headers, response)) return refuse(response, { error: 'origin', message: 'this page may not use this chat; the town adds its origin to the configuration' })
    if (method === 'OPTIONS') return preflight(response)
    if (path === '/config') {
      const current = await assets.setting()
      return current ? answer(response, current) : notBuilt(response)
    }
    const route = routes[`${method} ${path}`]
    if (!route) return refuse(response, { error: 'method', message: `${method} is not for this path` })
    const address = addressOf(headers.authorization)
    if (!address) return refuse(response, { error: 'unauthorised', message: 'expected Authorization: Bearer with 32 random bytes in base64url' })
    const network = networkOf(raw)
    // Reading is cheap, and not free.
    const wait = pace.take(`any ${network}`, config.limits.perAddress * requestsPerMessage)
    if (wait > 0) return tooMany(response, wait)
    await route({ address, network, request, response })
  }

  if (!await assets.setting()) {
    host.report({ status: 'degraded', reason: { pt: 'A janela de conversa não está construída: execute npm run build.', en: 'The chat window is not built: run npm run build.' } })
  }
  return {
    // One limit for all paths: a file, or a message of ten thousand characters with its quotation marks escaped.
    maxBodyBytes: Math.max(maxUploadBytes(config), 200_000) + 1_024,
    webhook,
    send: async () => { throw new SendError('misconfigured', { pt: 'a página do munícipe lê por si', en: 'the citizen’s page reads by itself' }) },
    close: async () => streams.close(),
  }
}

function settingOf(config: WebchatConfig, publicUrl: string): Omit<Setting, 'app'> {
  const { title, colour, greeting, privacy, languages, position, uploads, contacts } = config
  return {
    title, position, languages, maxText, contacts,
    colours: coloursOf(colour),
    greeting: Object.fromEntries(Object.entries(greeting).filter(([, words]) => words !== undefined)),
    privacy: privacy ?? null,
    uploads: uploads ? { maxBytes: maxUploadBytes(config), types: uploads.types } : null,
    publicOrigin: new URL(publicUrl).origin,
  }
}

function notBuilt(response: ServerResponse): void {
  refuse(response, { error: 'unavailable', message: 'the chat window is not built: npm run build' }, { 'retry-after': '5', 'access-control-allow-origin': '*' })
}
