/** Where calls are asked for, changed and kept moving. One a process; the database says which of them does what. */

import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { apply, record, type World } from '../core/apply.ts'
import { type CallTiming, hashOf, type HeldCall, timePasses } from '../core/call.ts'
import { callWords } from '../core/call-words.ts'
import type { Gateway } from '../core/gateway.ts'
import type { Held } from '../core/store/held.ts'
import { citizenSeenAt, insertCall, insertLink, openStates, readCalls, readPeople, readRings, saveCall } from '../core/store/calls.ts'
import { lock, notify } from '../core/store/rare.ts'
import type { Trx } from '../core/store/schema.ts'
import { write } from '../core/store/write.ts'
import { followOf, type Town } from '../core/town.ts'
import type { LiveEvent } from '../operator-api.types.ts'
import { newRoom } from './room.ts'
import { presentCall } from './view.ts'

export interface DeskOptions {
  config: () => Config
  gateway: () => Gateway
  town: () => Town
  log: Logger
}

/** What the stream of the inbox is told: the event, and who may see it. */
export interface CallNews { event: Extract<LiveEvent, { type: 'call' }>; sight: { departmentId: string | null; operatorId: string | null } }

export interface Desk {
  /** For every call asked for in this transaction: a room, a link, and the link said into the conversation. */
  startCalls(trx: Trx, held: Held, world: World): Promise<void>
  /** One change of one call under its lock. undefined: there is no such call. */
  change<T>(callId: string, what: (all: HeldCall) => Promise<T>): Promise<T | undefined>
  /** A fresh link for the citizen, said into the conversation; the older one ends. */
  sayLink(all: HeldCall, operatorId: string): Promise<void>
  /** A link for a third person, who sees nothing of the conversation. */
  guestLink(all: HeldCall, name: string): Promise<string>
  /** What time brings to open calls, now. */
  sweep(): Promise<void>
  start(): void
  stop(): Promise<void>
}

const sweepMs = 1_000
/** A link that nobody opens in this time is worth nothing: it is asked for again in one word. */
const linkLifeMs = 2 * 3_600_000

export function openDesk({ config, gateway, town, log }: DeskOptions): Desk {
  const timing = (): CallTiming => {
    const { video } = config()
    return { ringFor: video?.ringFor ?? 30_000, noShow: video?.noShow ?? 300_000, isReported: Boolean(video?.reservationToken) }
  }

  async function startCalls(trx: Trx, held: Held, world: World): Promise<void> {
    const wanted = held.calls.splice(0)
    for (const { departmentId, askedBy, operatorId } of wanted) {
      const author = operatorId === null ? { by: 'bot' } as const : { by: 'operator', id: operatorId } as const
      const { video } = config()
      if (!video) {
        if (askedBy === 'bot') {
          apply(held, { do: 'say', content: { text: callWords[held.language].unavailable } }, author, world)
          if (held.state === 'bot') apply(held, { do: 'hand-off', reason: 'call' }, author, world)
        }
        continue
      }
      if (operatorId !== null && (held.state === 'bot' || held.state === 'waiting')) apply(held, { do: 'assign', operatorId }, author, world)
      if (operatorId === null && held.state === 'bot') {
        apply(held, { do: 'hand-off', reason: 'call', ...(departmentId !== null && { departmentId }) }, author, world)
      }
      const open = (await readCalls(trx, { conversation: held.id }, true)).find(({ state }) => openStates.includes(state))
      const department = departmentId ?? held.departmentId ?? config().defaultDepartment
      const expiresAt = open?.expiresAt ?? new Date(world.now.getTime() + linkLifeMs)
      const id = open?.id ?? await insertCall(trx, {
        conversationId: held.id, room: newRoom(video), departmentId: department, operatorId, askedBy: operatorId === null ? 'citizen' : 'operator',
        askedSeq: held.lastSeq, askedAt: world.now, expiresAt,
        state: operatorId === null ? 'asked' : 'accepted', acceptedAt: operatorId === null ? null : world.now,
      })
      if (!open) record(held, operatorId === null ? { by: 'citizen' } : author, 'call-asked', { call: id, department }, world.now)
      await sayNewLink(trx, held, id, expiresAt, author, world)
      await tellOperators(trx, held, id, world)
    }
  }

  async function sayNewLink(trx: Trx, held: Held, callId: string, expiresAt: Date, author: Parameters<typeof apply>[2], world: World): Promise<void> {
    const token = randomBytes(32).toString('base64url')
    await insertLink(trx, { hash: hashOf(token), callId, role: 'citizen', name: held.citizen.name }, world.now)
    const until = new Intl.DateTimeFormat('pt-PT', { hour: '2-digit', minute: '2-digit', timeZone: config().municipality.timezone }).format(expiresAt)
    apply(held, { do: 'say', content: { text: callWords[held.language].link(urlOf(token), until) } }, author, world)
  }

  const urlOf = (token: string) => `${config().server.publicUrl}/call/${token}`

  async function tellOperators(trx: Trx, held: Held, callId: string, world: World): Promise<void> {
    const [call] = await readCalls(trx, { id: callId })
    if (!call) return
    const [rings, people] = [await readRings(trx, [callId]), await readPeople(trx, [callId])]
    const news: CallNews = {
      event: { type: 'call', conversationId: held.id, call: presentCall(call, rings, people, world.now) },
      sight: { departmentId: held.departmentId, operatorId: held.operatorId },
    }
    await notify(trx, gateway().signals.noticesToAll({ type: 'told', topic: 'call', data: news }))
  }

  async function change<T>(callId: string, what: (all: HeldCall) => Promise<T>): Promise<T | undefined> {
    const { pool, signals, outbox } = gateway()
    const [found] = await readCalls(pool.db, { id: callId })
    if (!found) return undefined
    const world = gateway().world()
    let changes: Parameters<typeof signals.notices>[0] | undefined
    const result = await pool.db.transaction().execute(async (trx) => {
      // The conversation first, always: whoever holds it may ask for calls.
      const held = await lock(trx, found.conversationId)
      const [call] = await readCalls(trx, { id: callId }, true)
      if (!held || !call) return undefined
      const [rings, people] = [await readRings(trx, [callId]), await readPeople(trx, [callId])]
      const before = JSON.stringify([call, rings, people])
      const callBefore = JSON.stringify(call)
      const done = await what({ trx, held, call, rings, people, world, timing: timing() })
      if (JSON.stringify(call) !== callBefore) await saveCall(trx, call)
      const isChanged = before !== JSON.stringify([call, await readRings(trx, [callId]), await readPeople(trx, [callId])])
      if (held.messages.length > 0 || held.activities.length > 0) {
        changes = { type: 'changed', changes: [{ conversationId: held.id, ...followOf(held.thread, town()) }] }
        await write(trx, [held], [], signals.notices(changes))
      }
      if (isChanged) await tellOperators(trx, held, callId, world)
      return done
    })
    if (changes) signals.tell(changes)
    outbox.wake()
    return result
  }

  async function sweep(): Promise<void> {
    const { pool } = gateway()
    for (const { id } of await readCalls(pool.db, { open: true })) {
      await change(id, async (all) => timePasses(all, await citizenSeenAt(all.trx, id)))
    }
  }

  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  let stopped = false
  const again = () => {
    timer = setTimeout(() => {
      working = sweep().catch((error: Error) => log.warn({ reason: error.message }, 'calls could not be looked after; trying again'))
        .finally(() => { if (!stopped) again() })
    }, sweepMs)
  }

  return {
    startCalls, change, sweep,
    async sayLink({ trx, held, call, world }, operatorId) {
      await sayNewLink(trx, held, call.id, call.expiresAt, { by: 'operator', id: operatorId }, world)
    },
    async guestLink({ trx, call, world }, name) {
      const token = randomBytes(32).toString('base64url')
      await insertLink(trx, { hash: hashOf(token), callId: call.id, role: 'guest', name }, world.now)
      return urlOf(token)
    },
    start() {
      if (config().video?.mode === 'public') log.warn('video calls go over a public Jitsi server: fit for a trial, not for citizens; see docs/video.md')
      again()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}
