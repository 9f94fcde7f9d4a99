/** What arrives: payload → events → one transaction → only then the vendor's 200. */

import type { Logger } from 'pino'
import { openAdmission } from './admission.ts'
import { addMessage, apply, record, type World } from './apply.ts'
import { openFurther } from './further.ts'
import { type GroupCommit, groupCommit } from './group-commit.ts'
import { inRealTime, type Later } from './later.ts'
import type { InboundEvent, MessageReceived } from './model.ts'
import { isConsent, isNews, keysOf, nameOf, newsOf, type Pending, rawOf } from './pending.ts'
import { askForProof } from './proof.ts'
import type { Change, Signals } from './signals.ts'
import { untilNoDeadlock } from './store/again.ts'
import type { Held } from './store/held.ts'
import { isPoison } from './store/errors.ts'
import { lockReceipts, receiptsIn, takeNews } from './store/news.ts'
import type { Pool } from './store/pool.ts'
import type { Trx } from './store/schema.ts'
import { addToAlbum, lockClosed, notify } from './store/rare.ts'
import { type Arrival, type Place, take, type Taken } from './store/take.ts'
import { writeUnasked } from './store/write.ts'
import { followOf, type OpenChannel, type Town } from './town.ts'
import { type Echoed, takeEcho, takeMessage } from './turn.ts'

export interface Receiver {
  /** Resolves once stored. Rejects when it could not be: let the vendor retry. */
  receive(channel: OpenChannel, payload: unknown): Promise<void>
  receiveCorrupt(channel: OpenChannel, raw: string, problem: string): Promise<void>
  idle(): Promise<void>
  waiting(): number
}

export interface ReceiverOptions {
  pool: Pool
  town: () => Town
  world: () => World
  signals: Signals
  log: Logger
  /** Something may be due to be sent. */
  wakeOutbox: () => void
  counted: (what: 'received' | 'repeated' | 'corrupt' | 'ignored' | 'bot-failed', channelId: string, times?: number) => void
  /** Something came in by this channel. */
  touched: (channelId: string) => void
  step: Step
  /** For those few who asked for a call, in this same transaction. */
  startCalls: (trx: Trx, held: Held, world: World) => Promise<void>
  /** Real time when left out. */
  later?: Later
}

/** Told between any two steps of the five hops; a test dies there. */
export type Step = (name: 'arrived' | 'normalised' | 'held' | 'written' | 'committed' | 'claimed' | 'sent' | 'settled') => void

interface Spoken { pending: Pending; event: MessageReceived | Echoed; arrival: Arrival }

const maxBatch = 64
const maxWaiting = 3_000
/** Microsoft and others slow down whoever answers late, so late is answered with no. */
const patienceMs = 2_200
const goodMs = 150
/** Telegram opens up to a hundred lines at once: nobody is sent away for so few. */
const leastRoom = 128
/** A payload is kept to be looked at, not as an archive. */
const maxRaw = 262_144

export function openReceiver({ pool, town, world, signals, log, wakeOutbox, counted, touched, step, startCalls, later = inRealTime }: ReceiverOptions): Receiver {
  const ignoredOnce = new Set<string>()
  const group: GroupCommit<Pending> = groupCommit<Pending>({
    store, refuse, isPoison, keysOf, maxBatch, maxWaiting, worthIt: 24, maxInFlight: 3,
  })
  const further = openFurther(pool, signals)

  const { admit } = openAdmission<Pending>({
    store: group.add, nameOf, now: () => performance.now(), later, patienceMs, goodMs, least: leastRoom, most: maxWaiting,
  })

  async function receive(channel: OpenChannel, payload: unknown): Promise<void> {
    step('arrived')
    const raw = channel.capabilities.pull ? '' : JSON.stringify(payload).slice(0, maxRaw)
    let events: InboundEvent[]
    try {
      events = channel.kind.normalise(payload, world().now)
    } catch (error) {
      return receiveCorrupt(channel, raw, `normalise: ${error instanceof Error ? error.message : String(error)}`)
    }
    step('normalised')
    const lasting = events.filter((event) => !passing(channel, event))
    if (lasting.length === 0 && events.length > 0) return
    await admit({ channel, raw, events: lasting })
  }

  /** What leaves no trace in the database. */
  function passing(channel: OpenChannel, event: InboundEvent): boolean {
    if (event.type === 'typing') {
      const signal = { type: 'typing', channelId: channel.id, address: event.from.address } as const
      void signals.broadcast(signal)
      return true
    }
    if (event.type !== 'ignored') return false
    counted('ignored', channel.id)
    const once = `${channel.id} ${event.reason}`
    if (!ignoredOnce.has(once)) log.info({ channel: channel.id, reason: event.reason }, 'ignored on purpose; said once')
    ignoredOnce.add(once)
    return true
  }

  async function receiveCorrupt(channel: OpenChannel, raw: string, problem: string): Promise<void> {
    await admit({ channel, raw: raw.slice(0, maxRaw), events: [], problem })
    counted('corrupt', channel.id)
  }

  async function refuse(pending: Pending, error: unknown): Promise<void> {
    const { channel, raw, problem } = pending
    if (pending.events.length > 1) await storeEach(pending)
    const why = error instanceof Error ? error.message : String(error)
    log.error({ channel: channel.id, problem: why }, 'a payload could not be stored as a message; kept as corrupt')
    counted('corrupt', channel.id)
    await pool.db.transaction().execute((trx) => writeUnasked(trx, [], [{ channelId: channel.id, payload: raw, problem: problem ?? why }], []))
  }

  /** Vendors put messages of several people into one payload: what is good in it is taken. */
  async function storeEach(pending: Pending): Promise<void> {
    for (const event of pending.events) {
      try {
        await store([{ ...pending, raw: '', events: [event] }])
      } catch (error) {
        if (!isPoison(error)) throw error
      }
    }
  }

  /** All of it, or some of it and then it throws: whoever comes again with what was stored is known. */
  async function store(batch: Pending[]): Promise<void> {
    const around = world()
    const currentTown = town()
    const { stored, changes, left } = await further.store(batch, around, currentTown)
    if (stored.length > 0) committed(stored, { received: stored.length, repeated: 0 }, changes)
    if (left.length > 0) await storeTheLongWay(left, around, currentTown)
  }

  function committed(batch: Pending[], { received, repeated }: Pick<Stored, 'received' | 'repeated'>, changes: Change[]): void {
    step('committed')
    for (const id of new Set(batch.map(({ channel }) => channel.id))) touched(id)
    counted('received', 'all', received)
    counted('repeated', 'all', repeated)
    if (changes.length > 0) signals.tell({ type: 'changed', changes })
  }

  /** News of what was said before in a transaction of its own: each locks conversations in the order of their ids, and one after the other that order would be lost. */
  async function storeTheLongWay(batch: Pending[], around: World, currentTown: Town): Promise<void> {
    const told = batch.filter(({ events, problem }) => problem === undefined && events.length > 0 && events.every(isNews))
    const speaking = batch.filter((pending) => !told.includes(pending))
    if (speaking.length > 0) await storeSpeaking(speaking, around, currentTown)
    if (batch.some(({ events }) => events.some(isNews))) await storeNews(batch, told, around)
  }

  async function storeSpeaking(batch: Pending[], around: World, currentTown: Town): Promise<void> {
    const { stored, changes } = await untilNoDeadlock(pool.db, async (trx) => {
      const stored: Stored = { held: new Set(), names: new Set(), placed: [], received: 0, repeated: 0 }
      const spoken = batch.flatMap((pending) => pending.events.flatMap((event) => asSpoken(pending, event, around.now)))
      // Who opts in again is answered in the same breath.
      const consents = newsOf(batch, isConsent)
      if (consents.length > 0) await takeNews(trx, consents, around.now)
      const taken = spoken.length > 0 ? await take(trx, spoken.map(({ arrival }) => arrival), currentTown.referencePrefix) : []
      const albums: { messageId: string; event: MessageReceived; channelId: string }[] = []
      for (const [n, one] of spoken.entries()) await place(trx, one, taken[n]!, around, stored, albums)
      const held = [...stored.held]
      for (const conversation of held) {
        if (conversation.calls.length > 0) await startCalls(trx, conversation, around)
        if (conversation.addresses.length > 0) await askForProof(trx, conversation, currentTown, around)
      }
      step('held')
      const changes: Change[] = held.map(({ id, thread }) => ({ conversationId: id, ...followOf(thread, currentTown) }))
      await writeUnasked(trx, held, rawOf(batch), changes.length > 0 ? signals.notices({ type: 'changed', changes }) : [])
      for (const { messageId, event, channelId } of albums) changes.push(await addToAlbum(trx, messageId, channelId, event))
      step('written')
      return { stored, changes }
    })
    committed(batch, stored, changes)
    for (const { channelId, event, place } of stored.placed) further.learn(channelId, event, place)
    if (someQueued(stored.held)) wakeOutbox()
  }

  /** `alone`: those of the batch that bring nothing else. */
  async function storeNews(batch: Pending[], alone: Pending[], around: World): Promise<void> {
    const news = newsOf(batch, isNews)
    const changes = await untilNoDeadlock(pool.db, async (trx) => {
      await lockReceipts(trx, receiptsIn(news))
      if (alone.length > 0) await writeUnasked(trx, [], rawOf(alone), [])
      const changes = await takeNews(trx, news, around.now)
      if (changes.length > 0) await notify(trx, signals.notices({ type: 'changed', changes }))
      step('written')
      return changes
    })
    committed(alone, { received: 0, repeated: 0 }, changes)
  }

  interface Stored {
    held: Set<Held>
    names: Set<string>
    placed: { channelId: string; event: MessageReceived; place: Place }[]
    received: number
    repeated: number
  }

  async function place(
    trx: Trx, { event, arrival, pending }: Spoken, taken: Taken, around: World, stored: Stored,
    albums: { messageId: string; event: MessageReceived; channelId: string }[],
  ): Promise<void> {
    const name = `${arrival.channelId} ${arrival.externalId}`
    // Twice in one batch: the database has not seen the first one yet.
    if (taken.seen || (event.type === 'message.received' && stored.names.has(name))) {
      stored.repeated += 1
      return
    }
    stored.names.add(name)
    stored.received += 1
    if (event.type === 'message.received' && taken.albumOf) {
      albums.push({ messageId: taken.albumOf, event, channelId: pending.channel.id })
      return
    }
    if (taken.survey && event.type === 'message.received' && await answersSurvey(trx, event, taken, around, stored)) return
    // The survey was not meant: the message is the beginning of something new.
    const place = taken.place ?? (taken.survey ? (await take(trx, [arrival], town().referencePrefix))[0]?.place : undefined)
    if (!place) return
    const { held, thread } = place
    stored.held.add(held)
    if (event.type === 'message.echoed') takeEcho(held, event, thread, around)
    else if (!intoAlbum(held, event)) {
      stored.placed.push({ channelId: pending.channel.id, event, place })
      takeMessage(held, event, thread, town(), around, (error) => {
        counted('bot-failed', pending.channel.id)
        log.error({ conversation: held.id, error: error instanceof Error ? error.stack : String(error) }, 'the bot broke; handed to people')
      })
    }
  }

  /** Stays in the closed conversation: an answer to the survey is not a new one. */
  async function answersSurvey(trx: Trx, event: MessageReceived, taken: Taken, around: World, stored: Stored): Promise<boolean> {
    const asked = taken.survey
    const texts = town().survey
    if (!asked || !texts) return false
    const held = await lockClosed(trx, asked.conversationId, taken.identityId)
    if (!held?.thread) return false
    const secondsSinceScore = asked.answeredAt ? (around.now.getTime() - new Date(asked.answeredAt).getTime()) / 1000 : 0
    // A machine's word that its owner is away is neither an answer nor something new: it stands there, and that is all.
    const answer = event.automatic ? null : texts.understand(event.content, { state: asked.state, secondsSinceScore }, held.language, held.departmentId)
    if (answer === undefined) return false
    addMessage(held, {
      threadId: held.thread.id, channelId: held.thread.channelId, direction: 'in', author: { by: 'citizen' }, content: event.content,
      at: around.now, externalId: event.externalId, clientId: null, group: null, inReplyTo: null, vendorAt: event.at ?? null,
      recovered: event.recovered ?? false, automatic: event.automatic ?? false, attachments: event.content.attachments ?? [], delivery: null,
    })
    stored.held.add(held)
    if (answer === null) return true
    const subject = asked.subject === 'call' ? 'call' : 'conversation'
    if (answer.type === 'score') apply(held, { do: 'rate', score: answer.score, subject }, { by: 'citizen' }, around)
    if (answer.type === 'comment') {
      await trx.updateTable('survey').set({ state: 'answered', comment: answer.comment, answered_at: around.now }).where('id', '=', asked.id).execute()
      record(held, { by: 'citizen' }, 'rate', { comment: true, subject }, around.now)
    }
    if (answer.type === 'refused') await trx.updateTable('survey').set({ state: 'refused' }).where('id', '=', asked.id).execute()
    if (answer.reply) apply(held, { do: 'say', content: answer.reply }, { by: 'bot' }, around)
    return true
  }

  return { receive, receiveCorrupt, idle: group.idle, waiting: group.waiting }
}


function asSpoken(pending: Pending, event: InboundEvent, now: Date): Spoken[] {
  if (event.type !== 'message.received' && event.type !== 'message.echoed') return []
  const from = event.type === 'message.received' ? event.from : event.to
  const group = event.type === 'message.received' ? event.group : undefined
  return [{
    pending, event,
    arrival: { channelId: pending.channel.id, from, externalId: event.externalId, opens: true, at: now, ...(group !== undefined && { group }) },
  }]
}

/** A further picture whose first part is in this very batch. */
function intoAlbum(held: Held, event: MessageReceived): boolean {
  if (event.group === undefined) return false
  const first = held.messages.find((message) => message.group === event.group)
  if (!first) return false
  first.attachments.push(...(event.content.attachments ?? []))
  const text = [first.content.text, event.content.text].filter(Boolean).join('\n')
  first.content = { ...first.content, text, attachments: first.attachments }
  return true
}

function someQueued(held: Set<Held>): boolean {
  for (const { messages } of held) if (messages.some(({ delivery }) => delivery?.state === 'queued')) return true
  return false
}
