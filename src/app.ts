/** Everything that is not a channel's: health, files, sign-in, the inbox and its API. Express. */

import type { RequestListener } from 'node:http'
import express from 'express'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Files, SignedLinks } from './core/files.ts'
import type { Gateway } from './core/gateway.ts'
import type { Town } from './core/town.ts'
import { serveFiles } from './files-route.ts'
import type { Metrics } from './metrics.ts'
import type { Channels } from './open-channels.ts'

export interface AppOptions {
  config: () => Config
  gateway: Gateway
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
}

export interface App {
  listener: RequestListener
  invite(email: string): Promise<string>
  /** Tells browsers to come again; their streams end. */
  endStreams(): void
  close(): Promise<void>
}

export async function openApp(options: AppOptions): Promise<App> {
  const { gateway, files, links, metrics, isReady } = options
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', options.config().server.trustProxy)

  app.get('/livez', (_request, response) => void response.type('text').send('ok\n'))
  app.get('/readyz', async (_request, response) => {
    const ready = await isReady()
    response.status(ready ? 200 : 503).type('text').send(ready ? 'ok\n' : 'the database cannot be used\n')
  })
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  app.get('/files/:id/:name', serveFiles(gateway.pool.db, files, links))

  return {
    listener: app as unknown as RequestListener,
    invite: async () => '',
    endStreams: () => undefined,
    close: async () => undefined,
  }
}
