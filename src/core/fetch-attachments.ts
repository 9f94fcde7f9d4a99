/** Brings the attachments that citizens sent from their vendor into our own store, in the background and again when it fails. */

import { sql } from 'kysely'
import type { Logger } from 'pino'
import { FileRefused, type Files } from './files.ts'
import type { ChannelId } from './model.ts'
import type { Signals } from './signals.ts'
import type { Pool } from './store/pool.ts'
import type { OpenChannel } from './town.ts'

export interface Fetching {
  pool: Pool
  files: Files
  open: () => Map<ChannelId, OpenChannel>
  signals: Signals
  now: () => Date
  log: Logger
}

const maxAttempts = 8
const fetchTimeoutMs = 60_000
const leaseSeconds = 120
const outOfRoom = new Set(['ENOSPC', 'EDQUOT', 'EROFS'])
const noRoomMs = 5_000
/** The most that any vendor carries. */
const maxBytes = 100_000_000

interface Wanted { id: string; messageId: string; channelId: ChannelId; source: string; name: string | null; mimeType: string; attempts: number; conversationId: string }

/** Fetches what is due on the channels open here; returns how many it tried. */
export async function fetchDue(fetching: Fetching): Promise<number> {
  const { pool, open, now } = fetching
  const channels = [...open().values()].filter(({ connection }) => connection?.fetch).map(({ id }) => id)
  if (channels.length === 0) return 0
  const { rows } = await sql<Wanted>`
    update attachment a set attempts = a.attempts + 1, due_at = ${now()}::timestamptz + make_interval(secs => ${leaseSeconds})
    from message m
    where m.id = a.message_id and a.id in (
      select id from attachment where state = 'pending' and due_at <= ${now()} and channel_id = any(${channels}::text[])
      order by due_at limit 8 for update skip locked)
    returning a.id, a.message_id::text as "messageId", a.channel_id as "channelId", a.source, a.name, a.mime_type as "mimeType",
      a.attempts, m.conversation_id::text as "conversationId"`.execute(pool.db)
  await Promise.all(rows.map((wanted) => bring(fetching, wanted)))
  return rows.length
}

async function bring({ pool, files, open, signals, now, log }: Fetching, wanted: Wanted): Promise<void> {
  const { id, source, name, attempts, channelId, conversationId } = wanted
  let change: Record<string, unknown>
  try {
    const connection = open().get(channelId)?.connection
    if (!connection?.fetch) return
    const opened = await connection.fetch(source, AbortSignal.timeout(fetchTimeoutMs))
    const kept = await files.keep(opened.body, { ...(name !== null && { name }), mimeType: opened.mimeType ?? wanted.mimeType, maxBytes })
    change = { state: 'stored', source: kept.source, sha256: kept.source.slice(5), bytes: String(kept.bytes), mime_type: kept.mimeType, detail: null }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const refused = error instanceof FileRefused
    const noRoom = outOfRoom.has((error as NodeJS.ErrnoException).code ?? '')
    const over = refused || (attempts >= maxAttempts && !noRoom)
    log.warn({ attachment: id, channel: channelId, attempts, ...(noRoom && { reason: why }) }, 'an attachment could not be fetched')
    change = over
      ? { state: refused ? 'refused' : 'failed', detail: refused ? why : 'unreachable' }
      // A full disk is our own trouble: no reason to give up on what the vendor still has.
      : noRoom ? { attempts: attempts - 1, due_at: new Date(now().getTime() + noRoomMs) } : { due_at: new Date(now().getTime() + 2 ** attempts * 1000) }
  }
  await pool.db.transaction().execute(async (trx) => {
    await trx.updateTable('attachment').set(change).where('id', '=', id).execute()
    await sql`update conversation set version = version + 1 where id = ${conversationId}`.execute(trx)
  })
  await signals.broadcast({ type: 'changed', changes: [{ conversationId }] })
}
