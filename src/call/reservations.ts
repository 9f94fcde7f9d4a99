/**
 * Jitsi's reservation protocol: before it opens a room it asks whether it may, and tells when the room is gone. So only rooms of ours
 * open, and a call begins and ends by the server's word. https://github.com/jitsi/jicofo/blob/master/doc/reservation.md
 */

import { createHash, timingSafeEqual } from 'node:crypto'
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { end, isHere, isOpen } from '../core/call.ts'
import { type Call, readCalls } from '../core/store/calls.ts'
import type { Gateway } from '../core/gateway.ts'
import type { Desk } from './desk.ts'

export interface ReservationOptions { config: () => Config; gateway: Gateway; desk: Desk; log: Logger }

const maxOccupants = 6

export function reservations({ config, gateway, desk, log }: ReservationOptions): Router {
  const router = Router()
  const { db } = gateway.pool

  router.use((request, response, next) => {
    const expected = config().video?.reservationToken?.reveal()
    // Without a token in the config there is nobody who may ask.
    if (expected === undefined) return void response.status(404).json({ message: 'reservations are off' })
    const given = (request.headers.authorization ?? '').replace(/^Bearer\s+/i, '')
    if (!same(given, expected)) return void response.status(401).json({ message: 'wrong token' })
    next()
  })

  router.post('/conference', express.urlencoded({ extended: false, limit: '16kB' }), express.json({ limit: '16kB' }), async (request, response) => {
    const { name, mail_owner: owner, start_time: begin } = (request.body ?? {}) as Record<string, unknown>
    const room = typeof name === 'string' ? name.toLowerCase() : ''
    const [found] = room ? await readCalls(db, { room }) : []
    const opened = found && await desk.change(found.id, async ({ call, world }) => {
      if (call.state !== 'accepted' && call.state !== 'active') return undefined
      // Asked again after a restart of Jitsi: still the same call.
      call.roomOpenedAt ??= world.now
      call.roomClosedAt = null
      return { ...call }
    })
    if (!opened) {
      log.info('Jitsi asked for a room that is not ours or not open')
      return void response.status(403).json({ message: 'Sala desconhecida' })
    }
    response.status(200).json({ ...conferenceOf(opened, config()), ...(typeof owner === 'string' && { mail_owner: owner }), ...(typeof begin === 'string' && { start_time: begin }) })
  })

  router.get('/conference/:id', async (request, response) => {
    const call = await callOf(request)
    if (!call?.roomOpenedAt || !isOpen(call)) return void response.status(404).json({ message: 'Sala desconhecida' })
    response.json(conferenceOf(call, config()))
  })

  router.delete('/conference/:id', async (request, response) => {
    const call = await callOf(request)
    if (!call) return void response.status(404).json({ message: 'Sala desconhecida' })
    await desk.change(call.id, async (all) => {
      if (!isOpen(all.call) || !all.call.roomOpenedAt) return
      all.call.roomClosedAt = all.world.now
      // Pages that still stand in it may be coming back after a restart: they get a moment.
      if (all.call.state === 'active' && !all.people.some((person) => isHere(person, all.world.now))) await end(all, { by: 'system' })
    })
    response.status(200).json({})
  })

  async function callOf(request: Request): Promise<Call | undefined> {
    const id = String(request.params.id)
    return /^\d{1,18}$/.test(id) ? (await readCalls(db, { id }))[0] : undefined
  }

  router.use((_request: Request, response: Response) => void response.status(404).json({ message: 'unknown' }))
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next()
    log.error({ route: '/jitsi', error: error instanceof Error ? error.message : String(error) }, 'request failed')
    // Jitsi tries again after a 5xx.
    response.status(503).json({ message: 'unavailable' })
  })
  return router
}

/** As Jitsi's plugin wants it: the name in lower case, the length in seconds. */
function conferenceOf(call: Call, { video }: Config) {
  const from = call.roomOpenedAt ?? call.askedAt
  return {
    id: call.id, name: call.room, mail_owner: '', start_time: from.toISOString(), duration: Math.ceil((video?.tokenLife ?? 7_200_000) / 1000) * 2,
    max_occupants: maxOccupants, ...(video?.lobby && { lobby: true }),
  }
}

function same(given: string, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(expected))
}
