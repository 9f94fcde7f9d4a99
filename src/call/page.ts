/** The built page and its files, with leave for nothing but our own origin and the configured Jitsi. */

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import express, { type Request, type Router } from 'express'
import type { Config } from '../config.ts'

/** Beside the compiled gateway, and in dist where it runs from its sources. Only what is built has assets. */
const folder = () => [new URL('../call-page/', import.meta.url), new URL('../../dist/call-page/', import.meta.url)]
  .map((url) => fileURLToPath(url)).find((each) => existsSync(`${each}assets`))

export function servePage(router: Router, config: () => Config, isLink: (request: Request) => Promise<boolean>): void {
  router.use('/assets', (request, response, next) => {
    const from = folder()
    if (!from) return next()
    express.static(`${from}assets`, { index: false, immutable: true, maxAge: '1y' })(request, response, next)
  })
  router.get('/:token', async (request, response) => {
    const from = folder()
    if (!from) return void response.status(503).type('text').send('The page of video calls has not been built.\n')
    response.set(headersFor(config()))
    response.status(await isLink(request) ? 200 : 404).sendFile('index.html', { root: from })
  })
}

function headersFor({ video }: Config): Record<string, string> {
  const jitsi = video ? new URL(video.baseUrl).origin : ''
  const socket = jitsi.replace(/^http/, 'ws')
  const camera = jitsi ? `(self "${jitsi}")` : '(self)'
  return {
    'content-security-policy': [
      "default-src 'none'", `script-src 'self' ${jitsi}`, "style-src 'self'", "img-src 'self' data:", "media-src 'self' blob: mediastream:",
      `connect-src 'self' ${jitsi} ${socket}`, `frame-src ${jitsi || "'none'"}`, "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'",
    ].join('; '),
    'permissions-policy': `camera=${camera}, microphone=${camera}, display-capture=${camera}, autoplay=${camera}, fullscreen=${camera}, geolocation=()`,
    // The address is the key: it goes nowhere, not even to Jitsi.
    'referrer-policy': 'no-referrer', 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow',
  }
}
