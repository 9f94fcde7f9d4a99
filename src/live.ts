/** Server-Sent Events to the inbox: a changed conversation is read once a process and sent, coalesced, to those who may see it. */

import type { ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { CallNews } from './call/desk.ts'
import type { Operator } from './core/model.ts'
import { maySee } from './core/policy.ts'
import type { Signals } from './core/signals.ts'
import { countsFor } from './core/store/counts.ts'
import { standingsOf } from './core/store/history.ts'
import { summariesForAll, type SummaryRow } from './core/store/lists.ts'
import type { Pool } from './core/store/pool.ts'
import type { Tally } from './core/tally.ts'
import type { ChannelView, LiveEvent } from './operator-api.types.ts'
import { presentSummary, type Presenting } from './operator-api/present.ts'
import type { Presence } from './presence.ts'

export interface LiveOptions {
  signals: Signals
  pool: Pool
  following: Pool
  tally: Tally
  presence: Presence
  presenting: Presenting
  channelViews: () => Promise<ChannelView[]>
  version: string
  log: Logger
}

export interface Live {
  connect(operator: Operator, response: ServerResponse): void
  /** After a change of role or a disabling: the stream ends, and the page must sign in again or starts anew. */
  drop(operatorId: string): void
  connected(): string[]
  endAll(): void
}

/** What changes within this time goes out together; nobody sees 10 ms. */
const coalesceMs = 10
const countsMs = 1_000
const pingMs = 15_000
/** Work is handed only to those whose page is open. */
const seenMs = 20_000
/** A browser that does not read is let go; it comes back and refetches. */
const maxBuffered = 1_000_000

interface Stream { operator: Operator; response: ServerResponse }

const asEvent = (event: LiveEvent) => Buffer.from(`data: ${JSON.stringify(event)}\n\n`)

export function openLive({ signals, pool, following, tally, presence, presenting, channelViews, version, log }: LiveOptions): Live {
  const streams = new Set<Stream>()
  let changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let reading = false
  let countsDue = false

  const unsubscribe = signals.subscribe((signal) => {
    if (streams.size === 0) return
    if (signal.type === 'gap') for (const stream of streams) send(stream, { type: 'hello', version })
    else if (signal.type === 'changed') {
      for (const { conversationId } of signal.changes) {
        changed.add(conversationId)
        presence.citizenWrote(conversationId)
      }
      schedule()
    } else if (signal.type === 'typing') void citizenWrites(signal.channelId, signal.address).catch(() => undefined)
    else if (signal.type === 'told') void told(signal.topic, signal.data)
  })
  const ping = setInterval(() => { for (const { response } of streams) response.write(': \n\n') }, pingMs)
  ping.unref()
  const counting = setInterval(() => { if (countsDue && streams.size > 0) void sendCounts() }, countsMs)
  counting.unref()
  const seeing = setInterval(() => void markSeen(), seenMs)
  seeing.unref()

  function schedule(): void {
    if (timer || reading) return
    timer = setTimeout(() => {
      timer = undefined
      reading = true
      flush().catch((error: Error) => log.warn({ reason: error.message }, 'live news could not be read; pages refetch'))
        .finally(() => {
          reading = false
          if (changed.size > 0) schedule()
        })
    }, coalesceMs)
  }

  async function flush(): Promise<void> {
    const ids = [...changed]
    changed = new Set()
    const rows = await summariesForAll(following.db, ids)
    const there = new Set(rows.map(({ id }) => id))
    const erased = ids.filter((id) => !there.has(id))
    // Many browsers share few sets of rights: what they are sent is made once a set.
    const made = new Map<string, Buffer | null>()
    for (const stream of streams) {
      const key = rightsOf(stream.operator, rows)
      let chunk = made.get(key)
      if (chunk === undefined) made.set(key, chunk = newsFor(stream.operator, rows, erased))
      if (chunk) write(stream, chunk)
    }
    countsDue = true
  }

  /** Who are alike in this are sent the same. */
  function rightsOf({ id, role, departments }: Operator, rows: SummaryRow[]): string {
    return `${role} ${departments.join(' ')} ${rows.flatMap((row) => (row.operatorId === id ? row.id : [])).join(' ')}`
  }

  function newsFor(operator: Operator, rows: SummaryRow[], erased: string[]): Buffer | null {
    const [seen, unseen] = [rows.filter((row) => maySee(operator, row)), rows.filter((row) => !maySee(operator, row))]
    // readSeq is this browser's own business: it knows better than a shared row.
    const changed = seen.map((row) => ({ ...presentSummary(row, operator, presenting), readSeq: -1 }))
    const hidden = [...erased, ...unseen.map(({ id }) => id)]
    return changed.length > 0 || hidden.length > 0 ? asEvent({ type: 'conversations', changed, hidden }) : null
  }

  async function markSeen(): Promise<void> {
    const ids = live.connected()
    if (ids.length === 0) return
    await pool.db.updateTable('operator').set({ seen_at: new Date() }).where('id', 'in', ids).execute().catch(() => undefined)
  }

  async function sendCounts(): Promise<void> {
    countsDue = false
    try {
      const alike = await tally.read()
      for (const stream of streams) send(stream, { type: 'counts', counts: countsFor(stream.operator, alike) })
    } catch {
      countsDue = true
    }
  }

  async function told(topic: string, data: unknown): Promise<void> {
    if (topic === 'presence') {
      const { conversationId } = data as { conversationId: string }
      everyone(presenceIn(conversationId))
    } else if (topic === 'channels') {
      const channels = await channelViews().catch(() => undefined)
      if (channels) everyone({ type: 'channels', channels })
    } else if (topic === 'operators') everyone({ type: 'operators', operators: data as never })
    else if (topic === 'call') sendCall(data as CallNews)
    else if (topic === 'drop') live.drop(data as string)
    else if (topic === 'config') {
      for (const stream of streams) if (stream.operator.role === 'admin') send(stream, { type: 'config', problems: data as string[] })
    } else if (topic === 'mention') {
      const { operatorId, conversationId, by } = data as { operatorId: string; conversationId: string; by: string }
      for (const stream of streams) if (stream.operator.id === operatorId) send(stream, { type: 'mention', conversationId, by })
    }
  }

  const presenceIn = (conversationId: string) => ({
    type: 'presence', conversationId, present: presence.of(conversationId), citizenTyping: presence.isCitizenWriting(conversationId),
  }) as const

  /** Told to those who have the conversation open: nobody else would look. */
  async function citizenWrites(channelId: string, address: string): Promise<void> {
    const [standing] = await standingsOf(following.db, channelId, [address])
    if (!standing || standing.state === 'closed') return
    presence.citizenWrites(standing.id)
    const here = new Set(presence.of(standing.id).map(({ operatorId }) => operatorId))
    for (const stream of streams) if (here.has(stream.operator.id)) send(stream, presenceIn(standing.id))
  }

  /** Seen by those who may see its conversation, and by those whom it rings. */
  function sendCall({ event, sight }: CallNews): void {
    const rung = new Set([...event.call.rings ?? [], ...event.call.people ?? []].map(({ operatorId }) => operatorId))
    for (const stream of streams) if (maySee(stream.operator, sight) || rung.has(stream.operator.id)) send(stream, event)
  }

  function everyone(event: LiveEvent): void {
    const chunk = asEvent(event)
    for (const stream of streams) write(stream, chunk)
  }

  function send(stream: Stream, event: LiveEvent): void {
    write(stream, asEvent(event))
  }

  function write(stream: Stream, chunk: Buffer): void {
    stream.response.write(chunk)
    if (stream.response.writableLength > maxBuffered) stream.response.destroy()
  }

  const live: Live = {
    connect(operator, response) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no', connection: 'keep-alive',
      })
      const stream: Stream = { operator, response }
      streams.add(stream)
      response.once('close', () => streams.delete(stream))
      send(stream, { type: 'hello', version })
      void markSeen()
    },
    drop(operatorId) {
      for (const stream of streams) {
        if (stream.operator.id !== operatorId) continue
        send(stream, { type: 'signed-out' })
        stream.response.end()
      }
    },
    connected: () => [...new Set([...streams].map(({ operator }) => operator.id))],
    endAll() {
      clearInterval(ping)
      clearInterval(counting)
      clearInterval(seeing)
      clearTimeout(timer)
      unsubscribe()
      for (const { response } of streams) response.end()
    },
  }
  return live
}
