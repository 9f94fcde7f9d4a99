/** What a channel remembers between connections, and how it is doing. */

import { sql } from 'kysely'
import type { ChannelState } from '../channel.ts'
import type { ChannelId } from '../model.ts'
import type { Db } from './schema.ts'

export async function loadCursor(db: Db, id: ChannelId): Promise<unknown> {
  const row = await db.selectFrom('channel_cursor').select('value').where('channel_id', '=', id).executeTakeFirst()
  return row?.value
}

export async function saveCursor(db: Db, id: ChannelId, value: unknown): Promise<void> {
  await db.insertInto('channel_cursor').values({ channel_id: id, value: JSON.stringify(value) })
    .onConflict((conflict) => conflict.column('channel_id').doUpdateSet({ value: JSON.stringify(value), changed_at: sql<Date>`now()` }))
    .execute()
}

export async function saveChannelState(db: Db, id: ChannelId, { status, reason, qr, gapSince }: ChannelState, now: Date): Promise<void> {
  const change = {
    status, reason: reason ? JSON.stringify(reason) : null, qr: qr ?? null, changed_at: now,
    // It ended when it was first told, which is when the channel was back.
    ...(gapSince && {
      gap_since: gapSince,
      gap_until: sql<Date>`case when channel_status.gap_since = ${gapSince} then channel_status.gap_until else ${now}::timestamptz end`,
    }),
    ...((status === 'degraded' || status === 'needs-attention') && { last_error: reason?.en ?? null, last_error_at: now }),
  }
  await db.insertInto('channel_status').values({ channel_id: id, ...change, ...(gapSince && { gap_until: now }) })
    .onConflict((conflict) => conflict.column('channel_id').doUpdateSet(change)).execute()
}

/** The time of the last message in and out, for channels that had one since the last call. */
export async function touchChannels(db: Db, seen: Map<ChannelId, { in?: Date; out?: Date }>): Promise<void> {
  for (const [id, { in: lastIn, out: lastOut }] of seen) {
    const change = { ...(lastIn && { last_in_at: lastIn }), ...(lastOut && { last_out_at: lastOut }) }
    await db.insertInto('channel_status').values({ channel_id: id, status: 'connected', ...change })
      .onConflict((conflict) => conflict.column('channel_id').doUpdateSet(change)).execute()
  }
}
