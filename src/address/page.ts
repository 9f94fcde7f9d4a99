/** /address/:claim — where whoever reads an address says whether it was them who left it. Asks by a button: mail scanners open links, they press nothing. */

import express, { type Response, Router } from 'express'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Config } from '../config.ts'
import type { Gateway } from '../core/gateway.ts'
import type { Language } from '../core/model.ts'
import { proveAddress, refuseAddress, seeClaim } from '../core/proof.ts'
import { escapeHtml } from '../core/escape-html.ts'
import { wordsOf } from './words.ts'

export function addressPage({ config, gateway, now }: { config: () => Config; gateway: Gateway; now: () => Date }): Router {
  const router = Router()
  const proving = { pool: gateway.pool, signals: gateway.signals, now }
  const perAddress = new RateLimiterMemory({ points: 60, duration: 60 })

  router.use((request, response, next) => {
    response.set({
      'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    })
    perAddress.consume(request.ip ?? '').then(() => next(), () => void response.status(429).type('text').send('429\n'))
  })

  router.get('/:claim', async (request, response) => {
    const claimed = await seeClaim(gateway.pool.db, request.params.claim, now())
    if (!claimed) return show(response, 410, 'pt', (words) => `<p>${escapeHtml(words.gone)}</p>`)
    const when = new Intl.DateTimeFormat(tagOf(claimed.language), { dateStyle: 'long', timeStyle: 'short', timeZone: config().municipality.timezone }).format(claimed.leftAt)
    return show(response, 200, claimed.language, (words) => `<p>${escapeHtml(words.question(claimed.address, when))}</p><p>${escapeHtml(words.then)}</p>
<form method="post"><button name="answer" value="yes">${escapeHtml(words.yes)}</button> <button name="answer" value="no" class="plain">${escapeHtml(words.no)}</button></form>`)
  })

  router.post('/:claim', express.urlencoded({ extended: false, limit: '1kB', parameterLimit: 4 }), async (request, response) => {
    const { claim } = request.params as { claim: string }
    const claimed = await seeClaim(gateway.pool.db, claim, now())
    const said = (request.body as { answer?: unknown } | undefined)?.answer
    if (said !== 'yes' && said !== 'no') return response.redirect(303, `/address/${encodeURIComponent(claim)}`)
    const isDone = await (said === 'yes' ? proveAddress : refuseAddress)(proving, claim)
    return show(response, isDone ? 200 : 410, claimed?.language ?? 'pt', (words) => `<p role="status">${escapeHtml(!isDone ? words.gone : said === 'yes' ? words.proven : words.refused)}</p>`)
  })

  function show(response: Response, status: number, language: Language, body: (words: typeof wordsOf.pt) => string): void {
    const words = wordsOf[language]
    const town = escapeHtml(config().municipality.name)
    response.status(status).type('html').send(`<!doctype html>
<html lang="${tagOf(language)}"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${escapeHtml(words.title)} · ${town}</title>
<style>${style}</style>
<main><p class="town">${town}</p><h1>${escapeHtml(words.title)}</h1>
${body(words)}</main></html>
`)
  }
  return router
}

const tagOf = (language: Language): string => (language === 'pt' ? 'pt-PT' : language)

const style = `body{font:1.125rem/1.6 system-ui,sans-serif;margin:0;padding:1.5rem 1rem;color-scheme:light dark;background:light-dark(#f4f6f8,#14181d);color:light-dark(#1a222b,#e8edf2)}
main{max-width:34rem;margin:0 auto;padding:1.5rem;border-radius:12px;background:light-dark(#fff,#1d232a);border:1px solid light-dark(#d5dce3,#39434e);overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}.town{margin:0 0 .25rem;font-weight:600;color:light-dark(#034ad8,#8ab4ff)}
form{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}button{font:inherit;font-weight:600;min-height:48px;padding:.5rem 1.25rem;border-radius:8px;border:2px solid light-dark(#034ad8,#8ab4ff);background:light-dark(#034ad8,#8ab4ff);color:light-dark(#fff,#0b1420);cursor:pointer}
button.plain{background:none;color:light-dark(#034ad8,#8ab4ff)}button:focus-visible{outline:3px solid light-dark(#1a222b,#fff);outline-offset:3px}`
