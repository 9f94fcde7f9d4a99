/** Configured channels → connections. An exclusive one waits for its lock; one that fails is tried again and says so. */

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { Config, ConfiguredChannel } from './config.ts'
import { type AnyChannelKind, type Connection, type Host, type Reader, whyOf } from './core/channel.ts'
import type { Files } from './core/files.ts'
import { hold } from './core/hold.ts'
import type { Attachment, ChannelId } from './core/model.ts'
import type { Receiver } from './core/receive.ts'
import type { Signals } from './core/signals.ts'
import { loadCursor, saveChannelState, saveCursor } from './core/store/channels.ts'
import type { Pool } from './core/store/pool.ts'
import type { OpenChannel } from './core/town.ts'

export interface OpenChannelsOptions {
  kinds: Record<string, () => Promise<AnyChannelKind>>
  config: () => Config
  databaseUrl: string
  pool: Pool
  receiver: () => Receiver
  files: Files
  signals: Signals
  readerFor: (id: ChannelId) => Reader
  urlOf: (attachment: Attachment) => string
  folder: string
  log: Logger
  now: () => Date
  random: () => number
  /** A channel has come or gone: what waits for it may be sent. */
  onChange: () => void
  /** A picture to scan, for whoever sits at the terminal. */
  onQr?: ((channelId: ChannelId, text: string) => void) | undefined
}

export interface Channels {
  /** Every configured and enabled channel, open here or not. */
  all: Map<ChannelId, OpenChannel>
  /** Opens, closes and reopens what differs from before. Resolves when every channel that is not exclusive has been tried. */
  apply(channels: ConfiguredChannel[]): Promise<void>
  close(): Promise<void>
}

const firstRetryMs = 1_000
const maxRetryMs = 60_000

export function openChannels(options: OpenChannelsOptions): Channels {
  const { kinds, log, onChange } = options
  const all = new Map<ChannelId, OpenChannel>()
  const running = new Map<ChannelId, { configured: ConfiguredChannel; stop(): Promise<void> }>()

  async function start(configured: ConfiguredChannel): Promise<void> {
    const kind = await kinds[configured.kind]!()
    const channel: OpenChannel = {
      id: configured.id, kind, config: configured.config, capabilities: kind.capabilities(configured.config), departmentId: configured.department,
    }
    all.set(configured.id, channel)
    const ending = new AbortController()
    let tried = () => {}
    const firstTry = new Promise<void>((resolve) => { tried = resolve })
    const done = run(channel, kind.exclusive(configured.config), ending.signal, tried)
      .catch((error: Error) => { if (!ending.signal.aborted) log.error({ channel: channel.id, error: error.message }, 'channel ended') })
      .finally(tried)
    running.set(configured.id, {
      configured,
      async stop() {
        ending.abort()
        await done
      },
    })
    if (!kind.exclusive(configured.config)) await firstTry
  }

  async function run(channel: OpenChannel, exclusive: boolean, signal: AbortSignal, tried: () => void): Promise<void> {
    while (!signal.aborted) {
      const lock = exclusive ? await hold(options.databaseUrl, channel.id, signal) : undefined
      const connection = await connect(channel, signal, tried)
      if (connection) {
        channel.connection = connection
        tried()
        onChange()
        await Promise.race([aborted(signal), ...(lock ? [lock.lost] : [])])
        delete channel.connection
        await connection.close().catch((error: Error) => log.warn({ channel: channel.id, error: error.message }, 'channel closed with an error'))
      }
      await lock?.release()
    }
  }

  async function connect(channel: OpenChannel, signal: AbortSignal, tried: () => void): Promise<Connection<unknown> | undefined> {
    const folder = path.join(options.folder, 'channels', channel.id)
    await mkdir(folder, { recursive: true })
    const host = hostFor(channel, folder, options)
    for (let wait = firstRetryMs; !signal.aborted; wait = Math.min(wait * 2, maxRetryMs)) {
      host.report({ status: 'connecting' })
      try {
        const connection = await channel.kind.connect(channel.config, host.listening())
        if (!host.spoke()) host.report({ status: 'connected' })
        return connection
      } catch (error) {
        const why = whyOf(error)
        log.warn({ channel: channel.id, reason: why.en }, 'channel could not be opened; trying again')
        if (!host.spoke()) {
          host.report({ status: 'degraded', reason: { pt: `Não foi possível ligar: ${why.pt}. Nova tentativa em breve.`, en: `Could not connect: ${why.en}. Trying again soon.` } })
        }
        tried()
        await Promise.race([new Promise((resolve) => setTimeout(resolve, wait).unref()), aborted(signal)])
      }
    }
    return undefined
  }

  return {
    all,
    async apply(channels) {
      const wanted = new Map(channels.filter(({ enabled }) => enabled).map((channel) => [channel.id, channel]))
      const gone = [...running].filter(([id, { configured }]) => !isDeepStrictEqual(plain(configured), plain(wanted.get(id))))
      await Promise.all(gone.map(async ([id, { stop }]) => {
        running.delete(id)
        await stop()
        all.delete(id)
      }))
      await Promise.all([...wanted.values()].filter(({ id }) => !running.has(id)).map(start))
      onChange()
    },
    /** None is forgotten: what is being stored while we close is answered, and sent by whoever comes after us. */
    async close() {
      await Promise.all([...running.values()].map(({ stop }) => stop()))
      running.clear()
    },
  }
}

/** With secrets opened, so that a rotated token counts as a change. Never leaves this comparison. */
function plain(value: unknown): unknown {
  if (value instanceof Object && 'reveal' in value && typeof value.reveal === 'function') return (value.reveal as () => string)()
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Date || value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, plain(inside)]))
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })))
}

function hostFor(channel: OpenChannel, folder: string, options: OpenChannelsOptions): Host<unknown> & { spoke(): boolean; listening(): Host<unknown> } {
  const { pool, receiver, files, signals, log, now, random, urlOf, config, readerFor } = options
  let spoke = false
  // One after the other: the last word is the one that stays.
  let saving: Promise<unknown> = Promise.resolve()
  const host: Host<unknown> = {
    channelId: channel.id,
    receive: (payload) => receiver().receive(channel, payload),
    receiveCorrupt: (raw, problem) => receiver().receiveCorrupt(channel, raw, problem),
    keep: (bytes, hint) => files.keep(bytes, hint),
    open: (source) => files.open(source),
    urlOf,
    cursor: { load: () => loadCursor(pool.db, channel.id), save: (value) => saveCursor(pool.db, channel.id, value) },
    report(state) {
      // It goes on in the other processes, and in an only one nobody looks any more.
      if (state.status === 'closed' && !channel.kind.exclusive(channel.config)) return
      if (state.qr) options.onQr?.(channel.id, state.qr)
      log.info({ channel: channel.id, status: state.status, ...(state.reason && { reason: state.reason.en }) }, 'channel state')
      saving = saving.then(() => saveChannelState(pool.db, channel.id, state, now()))
        .then(() => signals.broadcast({ type: 'told', topic: 'channels', data: null }))
        .catch((error: Error) => log.warn({ channel: channel.id, reason: error.message }, 'channel state could not be stored'))
    },
    publicUrl: `${config().server.publicUrl}/channels/${channel.id}`,
    folder,
    log: log.child({ channel: channel.id }),
    now,
    random,
    reader: readerFor(channel.id),
  }
  return {
    ...host,
    spoke: () => spoke,
    /** What the channel itself is given: from its first word on, its state is its own to say. */
    listening() {
      spoke = false
      return { ...host, report: (state) => { spoke = true; host.report(state) } }
    },
  }
}
