/** /call/:token — the citizen's page and what it asks for. Whoever has the link and is the first browser with it; no account. */

import express, { type NextFunction, type Request, type Response, Router } from 'express'
import type { Logger } from 'pino'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { arrive, hashOf, isOpen, join, leave, walkAway } from '../core/call.ts'
import { rate } from '../core/call-rating.ts'
import type { SignedLinks } from '../core/files.ts'
import type { Gateway } from '../core/gateway.ts'
import { holdLink, seeLink, seePerson } from '../core/store/calls.ts'
import type { Town } from '../core/town.ts'
import { sayOnPage } from './chat.ts'
import type { Desk } from './desk.ts'
import { holderSecret, type Visit, visitOf } from './links.ts'
import { servePage } from './page.ts'
import type { Problem } from './protocol.ts'
import { passFor } from './room.ts'
import { stateOf } from './state.ts'
import { openStreams } from './stream.ts'

export interface CallRoutesOptions {
  config: () => Config
  gateway: Gateway
  town: () => Town
  desk: Desk
  links: SignedLinks
  log: Logger
  now: () => Date
}

export interface CallRoutes { router: Router; endStreams(): void }

class Turned extends Error {
  readonly status: number
  readonly code: Problem['error']
  constructor(status: number, code: Problem['error']) {
    super(code)
    this.status = status
    this.code = code
  }
}

const sayShape = z.strictObject({ id: z.uuid(), text: z.string().trim().min(1).max(4_000) })
const enterShape = z.strictObject({ brings: z.enum(['all', 'sound', 'picture', 'nothing']).optional() })
const hereShape = z.strictObject({ what: z.enum(['joined', 'left']) })
const rateShape = z.strictObject({ score: z.number().int().min(1).max(5).optional(), comment: z.string().trim().min(1).max(2_000).optional() })

export function callRoutes({ config, gateway, town, desk, links, log, now }: CallRoutesOptions): CallRoutes {
  const router = Router()
  const { db } = gateway.pool
  const streams = openStreams(gateway.signals)
  const knowing = { db, config, now, urlOfAttachment: (id: string, name: string | null) => links.sign(id, name ?? '', 3_600) }
  const onBotError = (error: unknown) => log.error({ error: error instanceof Error ? error.stack : String(error) }, 'the bot broke; handed to people')
  // One link's page and one address: enough for people, too little for a flood.
  const perLink = new RateLimiterMemory({ points: 60, duration: 60 })
  const perAddress = new RateLimiterMemory({ points: 300, duration: 60 })

  servePage(router, config, async (request) => (await stateOf(await visitOf(db, request), knowing)).state !== 'gone')

  const answers = (given: express.RequestHandler): express.RequestHandler => async (request, response, next) => {
    response.set('cache-control', 'no-store')
    await perAddress.consume(request.ip ?? '').catch(() => { throw new Turned(429, 'too-many') })
    return given(request, response, next)
  }

  router.get('/:token/state', answers(async (request, response) => void response.json(await stateOf(await visitOf(db, request), knowing))))

  router.get('/:token/events', answers(async (request, response) => {
    const visit = await holding(request)
    streams.open(response, visit.call.conversationId, async () => stateOf(await visitOf(db, request), knowing), async () => {
      await seeLink(db, visit.link.hash, now())
      await seePerson(db, visit.call.id, personOf(visit), now())
    })
  }))

  const post = (path: string, does: (request: Request, response: Response) => Promise<void>) => router.post(`/:token/${path}`, express.json({ limit: '32kB' }), answers(async (request, response) => {
    // No form of another page can send this header.
    if (request.headers['x-balcao'] !== '1') throw new Turned(403, 'invalid')
    await perLink.consume(hashOf(String(request.params.token))).catch(() => { throw new Turned(429, 'too-many') })
    await does(request, response)
    if (!response.headersSent) response.status(204).end()
  }))

  post('enter', async (request, response) => {
    const visit = await visitOf(db, request)
    if (!visit || !isOpen(visit.call) || now() >= visit.call.expiresAt) throw new Turned(410, 'gone')
    if (!visit.isFree && !visit.isHolder) throw new Turned(409, 'elsewhere')
    const { brings } = wanted(enterShape, request.body ?? {})
    const secret = holderSecret(request, response, config().server.publicUrl, visit.call.expiresAt)
    const isHeld = await desk.change(visit.call.id, async (all) => {
      if (!isOpen(all.call) || !await holdLink(all.trx, visit.link.hash, hashOf(secret), now())) return false
      if (visit.link.role === 'citizen') {
        if (brings) all.call.citizenBrings = brings
        await arrive(all)
      }
      return true
    })
    if (!isHeld) throw new Turned(409, 'elsewhere')
  })

  post('join', async (request, response) => {
    const visit = await holding(request)
    const { video } = config()
    if (!video || !isOpen(visit.call)) throw new Turned(410, 'gone')
    if (visit.call.state !== 'accepted' && visit.call.state !== 'active') throw new Turned(409, 'not-yet')
    const name = visit.link.name ?? (visit.link.role === 'guest' ? 'Convidado' : 'Munícipe')
    response.json(await passFor(video, visit.call.room, { id: `${visit.link.role}-${visit.link.hash.slice(0, 16)}`, name, role: visit.link.role }, now()))
  })

  post('here', async (request) => {
    const visit = await holding(request)
    const { what } = wanted(hereShape, request.body)
    const done = await desk.change(visit.call.id, (all) => (what === 'joined' ? join(all, { ...personOf(visit), name: visit.link.name }) : leave(all, personOf(visit))))
    if (what === 'joined' && !done) throw new Turned(409, 'not-yet')
  })

  post('leave', async (request) => {
    const visit = await holding(request)
    if (visit.link.role === 'citizen') await desk.change(visit.call.id, walkAway)
  })

  post('say', async (request) => {
    const visit = await holding(request)
    if (visit.link.role !== 'citizen') throw new Turned(403, 'invalid')
    const words = wanted(sayShape, request.body)
    if (!await desk.change(visit.call.id, (all) => sayOnPage(all, words, town(), onBotError))) throw new Turned(410, 'gone')
  })

  post('rate', async (request) => {
    const visit = await holding(request)
    const given = wanted(rateShape, request.body)
    if (visit.link.role !== 'citizen' || !await desk.change(visit.call.id, (all) => rate(all, given))) throw new Turned(410, 'gone')
  })

  async function holding(request: Request): Promise<Visit> {
    const visit = await visitOf(db, request)
    if (!visit) throw new Turned(410, 'gone')
    if (!visit.isHolder) throw new Turned(403, 'elsewhere')
    return visit
  }

  // Errors end here: a line of the log must not hold a link.
  router.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next()
    if (error instanceof Turned) return void response.status(error.status).json({ error: error.code } satisfies Problem)
    if ((error as { status?: number }).status === 400) return void response.status(400).json({ error: 'invalid' } satisfies Problem)
    log.error({ route: `${request.method} /call/…`, error: error instanceof Error ? error.stack : String(error) }, 'request failed')
    response.status(503).json({ error: 'unavailable' } satisfies Problem)
  })
  return { router, endStreams: streams.endAll }
}

function personOf({ link }: Visit): { role: 'citizen' | 'guest'; key: string } {
  return { role: link.role, key: link.role === 'citizen' ? 'citizen' : link.hash }
}

function wanted<T>(shape: z.ZodType<T>, given: unknown): T {
  const parsed = shape.safeParse(given)
  if (!parsed.success) throw new Turned(400, 'invalid')
  return parsed.data
}
