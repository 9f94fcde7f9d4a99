/** The core of one process: messages in, replies out, chores between. Alike in every process; PostgreSQL is all they share. */

import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { type Acting, type ActOptions, type ActOutcome, act } from './act.ts'
import type { World } from './apply.ts'
import { assignWaiting, type Policy } from './assign.ts'
import { keepAtIt } from './background.ts'
import { closeSilent, expireSurveys, indexLimit, indexMessages, sweep, wakeSleepers } from './chores.ts'
import { fetchDue } from './fetch-attachments.ts'
import type { Files } from './files.ts'
import { forgetOld, type Keeping } from './forget.ts'
import type { Attachment, ChannelId } from './model.ts'
import { openOutbox, type Outbox } from './outbox.ts'
import { openReacting, type Reacting } from './reacting.ts'
import { openReadSign } from './read-sign.ts'
import { openReader } from './reader.ts'
import { type HttpConnection, requestDue } from './requests.ts'
import { openReceiver, type Receiver, type Step } from './receive.ts'
import { openSignals, type Signals } from './signals.ts'
import type { Held } from './store/held.ts'
import { callForgotten } from './store/deliveries.ts'
import { openPool, type Pool } from './store/pool.ts'
import type { Trx } from './store/schema.ts'
import { readSetting } from './store/settings.ts'
import { touchChannels } from './store/channels.ts'
import { openTally, type Tally } from './tally.ts'
import type { OpenChannel, Town } from './town.ts'
import { openWaitingLine } from './waiting-line.ts'
import { openWritingSign } from './writing-sign.ts'

export interface Counters {
  received(what: 'received' | 'repeated' | 'corrupt' | 'ignored' | 'bot-failed', channelId: string, times: number): void
  sent(what: 'sent' | 'failed' | 'unknown' | 'retried', channelId: string, seconds: number): void
}

export interface GatewayOptions {
  databaseUrl: string
  files: Files
  /** Replaced as a whole when config changes; asked at the begin of each transaction. */
  town: () => Town
  startCalls: (trx: Trx, held: Held, world: World) => Promise<void>
  urlOfAttachment: (attachmentId: string) => string
  log: Logger
  now: () => Date
  random: () => number
  counters: Counters
  rawDays: number
  /** How long is kept what was said; asked anew each time. */
  keeping: () => Keeping
  /** Milliseconds of silence after which what is answered is closed. */
  closeAfter: () => number
  connections: () => Record<string, HttpConnection>
  /** How each department hands out its queue; by hand when left out. */
  assigning: () => Map<string, Policy>
  step?: Step
}

export interface Gateway {
  receiver: Receiver
  outbox: Outbox
  signals: Signals
  tally: Tally
  /** For pages and reports; hot paths have pools of their own. */
  pool: Pool
  /** For what pages that look on read again with each message. */
  following: Pool
  act(options: ActOptions): Promise<ActOutcome>
  react: Reacting['react']
  /** An operator has read on: the citizen sees it where their channel has a mark for it. */
  showRead(conversationId: string, operatorId: string): void
  /** An operator writes a reply: the citizen sees it where their channel has a sign for it. */
  showWriting(conversationId: string): Promise<void>
  readerFor(id: ChannelId): ReturnType<typeof openReader>
  world(): World
  /** Messages wait to be stored, or many are on their way out: what may wait rests. */
  isBusy(): boolean
  /** Everything that time brings, now. For tests; the process does it by itself. */
  chores(): Promise<void>
  stop(): Promise<void>
}

const choresMs = 1_000
/** A few slow vendors are not a flood. */
const manySends = 8

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { databaseUrl, files, town, log, now, random, counters, step = () => undefined } = options
  const lost = (error: Error) => log.warn({ reason: error.message }, 'a database connection was lost')
  const inbound = openPool(databaseUrl, 5, lost, 'inbound')
  const outgoing = openPool(databaseUrl, 3, lost, 'outgoing')
  const pool = openPool(databaseUrl, 8, lost, 'pages')
  const following = openPool(databaseUrl, 4, lost, 'following')
  const signals = await openSignals(databaseUrl, log)
  const tally = openTally({ db: pool.db, signals, now })
  const line = openWaitingLine({ db: following.db, signals })
  const writing = openWritingSign({ pool: following, open: openHere, signals })
  const reading = openReadSign({ pool: following, town, signals, log })
  const reacting = openReacting({ pool, town, signals, muted: () => muted, now, newId: randomUUID, log })
  const touched = new Map<ChannelId, { in?: Date; out?: Date }>()
  let muted = (await readSetting(pool.db, 'muted')) === true

  const world = (): World => {
    const current = town()
    return {
      now: now(),
      channel: (id) => current.channels.get(id),
      defaultDepartment: current.defaultDepartment,
      newKey: randomUUID,
      linkOf: (attachment: Attachment) => current.linkOf(attachment),
      dueAt: current.dueAt,
      putOff: current.putOff,
      survey: current.survey,
    }
  }
  const onBotError = (error: unknown) => log.error({ error: error instanceof Error ? error.stack : String(error) }, 'the bot broke; handed to people')

  const outbox = openOutbox({
    pool: outgoing, open: openHere, signals, now, random, log, step, muted: () => muted,
    counted(what, channelId, seconds) {
      if (what === 'sent') touched.set(channelId, { ...touched.get(channelId), out: now() })
      counters.sent(what, channelId, seconds)
    },
  })
  const receiver = openReceiver({
    pool: inbound, town, world, signals, log, step, wakeOutbox: outbox.wake, startCalls: options.startCalls,
    counted(what, channelId, times = 1) {
      counters.received(what, channelId, times)
    },
    touched: (channelId) => touched.set(channelId, { ...touched.get(channelId), in: now() }),
  })
  const acting: Acting = { pool, town, world, signals, wakeOutbox: outbox.wake, onBotError, startCalls: options.startCalls }
  const chores = { pool, town, world, signals, log }

  function openHere(): Map<ChannelId, OpenChannel> {
    return new Map([...town().channels].filter(([, channel]) => channel.connection || channel.capabilities.pull))
  }

  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let lastSweep = 0
  let working: Promise<void> = Promise.resolve()

  async function doChores(): Promise<void> {
    muted = (await readSetting(pool.db, 'muted')) === true
    if (await wakeSleepers(chores) > 0) outbox.wake()
    await expireSurveys(chores)
    await assignWaiting({ ...chores, policies: options.assigning })
    while (await requestDue({ ...chores, connections: options.connections, wakeOutbox: outbox.wake, onBotError, startCalls: options.startCalls }) > 0 && !stopped);
    const seen = new Map(touched)
    touched.clear()
    await touchChannels(pool.db, seen)
    while (await fetchDue({ pool, files, open: openHere, signals, now, log }) > 0 && !stopped);
    if (now().getTime() - lastSweep > 3_600_000) {
      lastSweep = now().getTime()
      await sweep(pool.db, now(), { rawDays: options.rawDays })
      while (await closeSilent(chores, options.closeAfter()) > 0 && !stopped);
      const forgotten = await forgetOld(pool.db, files, now(), options.keeping(), () => stopped)
      if (forgotten.conversations + forgotten.attachments > 0) log.info(forgotten, 'what was kept long enough is forgotten')
      const left = await callForgotten(pool.db)
      if (left > 0) log.error({ left }, 'messages stood in the queue behind nobody; they are due now')
    }
  }

  function again(): void {
    timer = setTimeout(() => {
      working = doChores()
        .catch((error: Error) => log.warn({ reason: error.message }, 'chores were interrupted; trying again'))
        .finally(() => { if (!stopped) again() })
    }, choresMs)
  }
  again()
  const isBusy = () => receiver.waiting() > 0 || outbox.sending() >= manySends
  const indexing = keepAtIt({
    work: async () => await indexMessages(pool.db) >= indexLimit, everyMs: choresMs, isBusy,
    onError: (error) => log.warn({ reason: error.message }, 'indexing for search was interrupted; trying again'),
  })

  return {
    receiver, outbox, signals, tally, pool, following, world, isBusy,
    async act(wanted) {
      const outcome = await act(acting, wanted)
      // It may have become theirs with what they had read.
      if (outcome.type === 'done') reading.seen(wanted.conversationId, wanted.operator.id)
      return outcome
    },
    react: reacting.react,
    showRead: reading.seen,
    showWriting: writing.show,
    readerFor: (id) => openReader(id, { pool: following, signals, line, town, now, urlOfAttachment: options.urlOfAttachment }),
    async chores() {
      await doChores()
      while (await indexMessages(pool.db) >= indexLimit);
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
      await indexing.stop()
      await receiver.idle()
      await outbox.stop()
      tally.close()
      line.close()
      writing.close()
      reading.close()
      reacting.close()
      await signals.close()
      await Promise.all([inbound.close(), outgoing.close(), pool.close(), following.close()])
    },
  }
}
