/** Everything that is not a channel's: health, files, sign-in, the inbox and its API. Express. */

import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import express from 'express'
import helmet from 'helmet'
import type { Logger } from 'pino'
import { z } from 'zod'
import { addressPage } from './address/page.ts'
import { addressHeader, minPasswordLength, openAuth } from './auth.ts'
import type { Desk } from './call/desk.ts'
import { reservations } from './call/reservations.ts'
import { callRoutes } from './call/routes.ts'
import type { Config } from './config.ts'
import type { Calendar } from './core/calendar.ts'
import type { Files, SignedLinks } from './core/files.ts'
import type { Gateway } from './core/gateway.ts'
import type { Town } from './core/town.ts'
import { serveFiles } from './files-route.ts'
import { openLive } from './live.ts'
import type { Metrics } from './metrics.ts'
import { standings } from './numbers/right-now.ts'
import { answerErrors, notFound, operatorOf, Refused, sameOrigin, signedIn, wanted } from './operator-api/access.ts'
import { admin } from './operator-api/admin.ts'
import { bot } from './operator-api/bot.ts'
import type { Api } from './operator-api/api.ts'
import { calendarPreview } from './operator-api/calendar.ts'
import { calls } from './operator-api/calls.ts'
import { catalogue } from './operator-api/catalogue.ts'
import { channelViews } from './operator-api/channel-views.ts'
import { citizens } from './operator-api/citizens.ts'
import { conversations } from './operator-api/conversations.ts'
import { forms } from './operator-api/forms.ts'
import { numbers } from './operator-api/numbers.ts'
import type { Presenting } from './operator-api/present.ts'
import { previewOn } from './operator-api/preview.ts'
import { reactions } from './operator-api/reactions.ts'
import { session } from './operator-api/session.ts'
import { pages } from './pages.ts'
import { openPresence } from './presence.ts'
import type { Channels } from './open-channels.ts'
import type { TownBot } from './responder.ts'

export interface AppOptions {
  config: () => Config
  gateway: Gateway
  desk: Desk
  channels: Channels
  town: () => Town
  files: Files
  links: SignedLinks
  metrics: Metrics
  databaseUrl: string
  authKey: Buffer
  log: Logger
  now: () => Date
  isReady: () => Promise<boolean>
  configProblems: () => string[]
  bot: () => TownBot
  rereadBot: () => Promise<void>
  calendar: () => Calendar
}

export interface App {
  listener: RequestListener
  invite(email: string): Promise<string>
  /** Tells browsers to come again; their streams end. */
  endStreams(): void
  close(): Promise<void>
}

export async function openApp(options: AppOptions): Promise<App> {
  const { config, gateway, desk, channels, town, files, links, metrics, log, now, isReady } = options
  const publicUrl = () => config().server.publicUrl
  const auth = await openAuth({ db: gateway.pool.db, key: options.authKey, publicUrl, log })
  const presence = openPresence(gateway.signals, now)
  const presenting: Presenting = {
    kindOf: (id) => config().channels.find((channel) => channel.id === id)?.kind.replace(/^demo:/, '') ?? id,
    link: (id, name) => links.sign(id, name ?? '', 3_600),
  }
  const views = () => channelViews(gateway.pool.db, config(), channels, now())
  const live = openLive({ signals: gateway.signals, pool: gateway.pool, following: gateway.following, tally: gateway.tally, presence, presenting, channelViews: views, version, log })
  const api: Api = {
    config, gateway, channels, town, files, auth, presence, presenting, now, live,
    configProblems: options.configProblems,
    bot: options.bot,
    rereadBot: options.rereadBot,
    calendar: options.calendar,
    channelViews: views,
    preview: (request) => previewOn(channels.all.get(request.channelId), request, links),
    undoSecondsOf: async ({ id }) => {
      const row = await gateway.pool.db.selectFrom('operator').select('preferences').where('id', '=', id).executeTakeFirst()
      // On only for those who want it: a citizen waits for every second of it.
      return row?.preferences.undo === true ? config().limits.undo / 1000 : 0
    },
  }

  const json = express.json({ limit: '1mb' })
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', config().server.trustProxy)
  app.use(helmet({ contentSecurityPolicy: false, crossOriginResourcePolicy: false, strictTransportSecurity: publicUrl().startsWith('https:') }))

  app.get('/livez', (_request, response) => void response.type('text').send('ok\n'))
  app.get('/readyz', async (_request, response) => {
    const ready = await isReady()
    response.status(ready ? 200 : 503).type('text').send(ready ? 'ok\n' : 'the database cannot be used\n')
  })
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  for (const { name, help, labels, read } of standings) {
    metrics.gauge(name, help, labels, () => read(gateway.pool.db, now()).catch((error: Error) => {
      log.warn({ metric: name, reason: error.message }, 'a metric could not be read')
      return []
    }))
  }
  app.use('/api', (request, response, next) => {
    const done = metrics.http.startTimer()
    response.once('finish', () => {
      // The route as it is written in the code: no id of anybody becomes a label.
      const route = request.route ? String(request.route.path) : 'none'
      // The stream of news lasts as long as a page is open.
      if (route !== '/api/live') done({ method: request.method, route: route.startsWith('/') && !route.startsWith('/api') ? `/api${route}` : route, status: String(response.statusCode) })
    })
    next()
  })
  app.get('/files/:id/:name', serveFiles(gateway.pool.db, files, links))

  app.all('/api/auth/*path', (request, response) => {
    // What a header says of its sender counts only behind the proxies that the config names.
    request.headers[addressHeader] = request.ip ?? ''
    auth.listener(request, response)
  })
  app.use('/api', sameOrigin(publicUrl))
  // A file that is JSON is still a file.
  app.use('/api', (request, response, next) => (request.path === '/attachments' ? next() : json(request, response, next)))
  app.post('/api/set-password', async (request, response) => {
    const { token, password, name } = wanted(passwordShape, request.body)
    if (!await auth.setPassword(token, password, name)) throw new Refused(400, 'token', 'Esta ligação já foi usada ou expirou. Peça outra.')
    response.status(204).end()
  })
  app.use('/api', signedIn(auth))
  app.get('/api/live', (_request, response) => live.connect(operatorOf(response), response))
  for (const routes of [session(api, version), conversations(api), reactions(api), forms(api), citizens(api), catalogue(api), calls(api, desk), admin(api), bot(api), calendarPreview(api), numbers(api)]) app.use('/api', routes)
  app.use('/api', (_request, _response, next) => next(notFound()))

  const callPages = callRoutes({ config, gateway, town, desk, links, log, now })
  app.use('/call', callPages.router)
  app.use('/address', addressPage({ config, gateway, now }))
  app.use('/jitsi', reservations({ config, gateway, desk, log }))
  app.use(pages(channels, config))
  app.use(answerErrors((error, request) => {
    log.error({ route: `${request.method} ${request.path}`, error: error instanceof Error ? error.stack : String(error) }, 'request failed')
  }))

  return {
    listener: app as unknown as RequestListener,
    async invite(email) {
      const { url } = await auth.invite({ email, role: 'admin', name: 'Administração', departments: config().departments.map(({ id }) => id) })
      return url
    },
    endStreams() {
      live.endAll()
      callPages.endStreams()
    },
    close: async () => undefined,
  }
}

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const passwordShape = z.strictObject({
  token: z.string().min(8).max(200), name: z.string().min(1).max(120).optional(),
  password: z.string().min(minPasswordLength, `a palavra-passe precisa de ${minPasswordLength} caracteres ou mais`).max(200),
})
