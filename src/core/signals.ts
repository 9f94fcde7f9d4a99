/** Tells every process what changed: in this one at once, in the others by PostgreSQL's NOTIFY. Missed news is a gap, never a loss. */

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Logger } from 'pino'

export interface Change {
  conversationId: string
  /** Addresses on `pull` channels whose page must read again: [channel, address]. */
  follow?: [string, string][]
}
export type Signal =
  | { type: 'changed'; changes: Change[] }
  /** The citizen is typing; said once, never stored. */
  | { type: 'typing'; channelId: string; address: string }
  /** Anything else that all processes must hear: { topic: 'channels' }, { topic: 'presence', … }. */
  | { type: 'told'; topic: string; data: unknown }
  /** News may have been missed: read everything again. */
  | { type: 'gap' }

export interface Signals {
  /** To subscribers of this process, now. Call after the commit. */
  tell(signal: Signal): void
  /** The same for the other processes, as payloads for pg_notify inside the transaction. */
  notices(signal: Signal): string[]
  /** As `notices`, but heard by this process as well, once it is committed. */
  noticesToAll(signal: Signal): string[]
  /** For what no transaction carries. */
  broadcast(signal: Signal): Promise<void>
  subscribe(heard: (signal: Signal) => void): () => void
  close(): Promise<void>
}

/** PostgreSQL refuses payloads of 8,000 bytes. */
const maxPayload = 7_000
const heartbeatMs = 5_000

export async function openSignals(url: string, log: Logger): Promise<Signals> {
  const me = randomUUID().slice(0, 8)
  const subscribers = new Set<(signal: Signal) => void>()
  let client: pg.Client | undefined
  let heartbeat: NodeJS.Timeout | undefined
  let again: NodeJS.Timeout | undefined
  let closed = false

  const tell = (signal: Signal) => {
    for (const heard of subscribers) heard(signal)
  }

  async function connect(): Promise<void> {
    const fresh = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000, keepAlive: true, query_timeout: heartbeatMs })
    fresh.on('error', () => lost(fresh))
    fresh.on('end', () => lost(fresh))
    fresh.on('notification', ({ payload }) => {
      // Our own news, of which there is most: not worth reading.
      if (payload?.startsWith(`{"from":"${me}"`)) return
      const { from, signal } = JSON.parse(payload ?? '{}') as { from: string; signal: Signal }
      if (from !== me) tell(signal)
    })
    await fresh.connect()
    await fresh.query('listen balcao')
    client = fresh
    // A connection can be dead without saying so: only an answer proves that it lives.
    heartbeat = setInterval(() => void fresh.query('select 1').catch(() => lost(fresh)), heartbeatMs)
    heartbeat.unref()
  }

  function lost(old: pg.Client): void {
    if (closed || client !== old) return
    client = undefined
    clearInterval(heartbeat)
    old.removeAllListeners()
    old.on('error', () => undefined)
    void old.end().catch(() => undefined)
    reconnect(100)
  }

  function reconnect(delay: number): void {
    again = setTimeout(() => {
      connect().then(() => tell({ type: 'gap' }), (error: Error) => {
        log.warn({ reason: error.message }, 'listening to the database is interrupted')
        if (!closed) reconnect(Math.min(delay * 2, 2_000))
      })
    }, delay)
  }

  await connect()
  let telling = Promise.resolve()
  const notices = (signal: Signal) => noticesFrom(me, signal)
  return {
    tell,
    notices,
    noticesToAll: (signal) => noticesFrom('anyone', signal),
    async broadcast(signal) {
      tell(signal)
      // One after the other: `pg` puts up with two at once on a connection, and will not for ever.
      const payloads = notices(signal)
      telling = telling.then(async () => {
        for (const payload of payloads) await client?.query('select pg_notify($1, $2)', ['balcao', payload]).catch(() => undefined)
      })
      await telling
    },
    subscribe(heard) {
      subscribers.add(heard)
      return () => subscribers.delete(heard)
    },
    async close() {
      closed = true
      clearInterval(heartbeat)
      clearTimeout(again)
      subscribers.clear()
      const last = client
      client = undefined
      await last?.end().catch(() => undefined)
    },
  }
}

/** Payloads for pg_notify; the process that has this name does not hear them. */
export function noticesFrom(from: string, signal: Signal): string[] {
  const whole = JSON.stringify({ from, signal })
  if (signal.type !== 'changed' || whole.length < maxPayload || signal.changes.length < 2) {
    return whole.length < maxPayload ? [whole] : [JSON.stringify({ from, signal: { type: 'gap' } })]
  }
  const half = signal.changes.length >> 1
  return [signal.changes.slice(0, half), signal.changes.slice(half)].flatMap((changes) => noticesFrom(from, { type: 'changed', changes }))
}
