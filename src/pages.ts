/** Pages that the gateway serves itself: the inbox, and the doors to the web chat and the sample town page. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { Router } from 'express'
import type { Config } from './config.ts'
import type { Channels } from './open-channels.ts'

/** Built by vite; beside the compiled gateway, and also where it runs from its sources. */
const folder = [new URL('./inbox/', import.meta.url), new URL('../dist/inbox/', import.meta.url)].map((url) => fileURLToPath(url)).find((each) => existsSync(each))
  ?? fileURLToPath(new URL('../dist/inbox/', import.meta.url))

export function pages(channels: Channels, config: () => Config): Router {
  const router = Router()
  const webchat = () => config().channels.find(({ id, kind, enabled }) => kind === 'webchat' && enabled && channels.all.has(id))

  router.get('/', (_request, response) => {
    const channel = webchat()
    response.redirect(channel ? `/channels/${channel.id}/exemplo` : '/inbox/')
  })
  router.get('/chat', (_request, response) => {
    const channel = webchat()
    if (!channel) return void response.status(404).end()
    response.redirect(`/channels/${channel.id}/chat`)
  })

  router.use('/inbox', (_request, response, next) => {
    const { video } = config()
    const jitsi = video ? ` ${new URL(video.baseUrl).origin}` : ''
    response.set({
      'content-security-policy': `default-src 'none'; script-src 'self'${jitsi}; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'${jitsi}; frame-src 'self' blob:${jitsi}; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; manifest-src 'self'`,
      'permissions-policy': `camera=(self${video ? ` "${new URL(video.baseUrl).origin}"` : ''}), microphone=(self${video ? ` "${new URL(video.baseUrl).origin}"` : ''}), geolocation=()`,
      'referrer-policy': 'no-referrer',
    })
    next()
  }, express.static(folder, { index: false, setHeaders: (response, file) => {
    response.setHeader('cache-control', file.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache')
  } }), (_request, response) => {
    response.set('cache-control', 'no-cache').sendFile('index.html', { root: folder })
  })
  return router
}
