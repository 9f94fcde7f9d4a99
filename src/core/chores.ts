/** What time itself brings: sleepers wake, surveys and calls run out, what waits too long is seen. One process at a time does it. */

import { sql } from 'kysely'
import type { Logger } from 'pino'
import { apply, type World } from './apply.ts'
import type { Change, Signals } from './signals.ts'
import { searchedText } from './store/find.ts'
import { lock } from './store/rare.ts'
import type { Pool } from './store/pool.ts'
import type { Db } from './store/schema.ts'
import { write } from './store/write.ts'
import { followOf, type Town } from './town.ts'
import { wake } from './turn.ts'

export interface Chores {
  pool: Pool
  town: () => Town
  world: () => World
  signals: Signals
  log: Logger
}

/** Conversations whose sleep is over go back to whom they slept for. Safe in any number of processes. */
export async function wakeSleepers({ pool, town, world, signals }: Chores): Promise<number> {
  const changes: Change[] = []
  const due = await pool.db.selectFrom('conversation').select('id')
    .where('state', '=', 'snoozed').where('wake_at', '<=', world().now).orderBy('wake_at').limit(200).execute()
  for (const { id } of due) {
    await pool.db.transaction().execute(async (trx) => {
      const around = world()
      const held = await lock(trx, id)
      if (held?.state !== 'snoozed' || !held.wakeAt || held.wakeAt > around.now) return
      wake(held, around, 'woke')
      const change = { conversationId: id, ...followOf(held.thread, town()) }
      await write(trx, [held], [], signals.notices({ type: 'changed', changes: [change] }))
      changes.push(change)
    })
  }
  if (changes.length > 0) signals.tell({ type: 'changed', changes })
  return changes.length
}

/** What is answered and has been silent for long is closed; what a citizen still waits for never is. */
export async function closeSilent({ pool, town, world, signals }: Chores, afterMs: number): Promise<number> {
  const changes: Change[] = []
  const { rows } = await sql<{ id: string }>`
    select id::text from conversation where state in ('bot', 'assigned') and not unanswered and last_message_at < ${new Date(world().now.getTime() - afterMs)}
    order by last_message_at limit 200`.execute(pool.db)
  for (const { id } of rows) {
    await pool.db.transaction().execute(async (trx) => {
      const around = world()
      const held = await lock(trx, id)
      const isSilent = held && (held.state === 'bot' || held.state === 'assigned') && !held.unanswered && held.lastMessageAt.getTime() < around.now.getTime() - afterMs
      if (!isSilent) return
      // Nobody is asked how it was, days after the last word.
      apply(held, { do: 'close', outcome: 'silence', survey: false }, { by: 'system' }, around)
      const change = { conversationId: id, ...followOf(held.thread, town()) }
      await write(trx, [held], [], signals.notices({ type: 'changed', changes: [change] }))
      changes.push(change)
    })
  }
  if (changes.length > 0) signals.tell({ type: 'changed', changes })
  return changes.length
}

export async function expireSurveys({ pool, world }: Chores): Promise<void> {
  await sql`
    with over as (update survey set state = 'expired' where state = 'asked' and expires_at <= ${world().now} returning conversation_id, subject)
    insert into activity (conversation_id, author, type, data, at)
    select conversation_id, 'system', 'survey-expired', jsonb_build_object('subject', subject), ${world().now}::timestamptz from over`.execute(pool.db)
}

/** What is no longer needed to keep a promise: receipts that never found their message, old clicks, raw payloads. */
export async function sweep(db: Db, now: Date, keep: { rawDays: number }): Promise<void> {
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000)
  await db.deleteFrom('early_status').where('at', '<', ago(2)).execute()
  await db.deleteFrom('act_once').where('at', '<', ago(7)).execute()
  await db.deleteFrom('inbound').where('received_at', '<', ago(keep.rawDays)).where('outcome', '<>', 'corrupt').execute()
}

export const indexLimit = 2_000

/**
 * Writes the search index behind the hot path. The watermark is a time before which no transaction is still running, because ids
 * and times of commits do not come in order. Returns how many messages it took.
 */
export async function indexMessages(db: Db): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { rows: [mine] } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtextextended('index messages', 7)) as mine`.execute(trx)
    if (!mine?.mine) return 0
    const { rows: [range] } = await sql<{ from: string; to: string }>`
      select coalesce((select value #>> '{}' from setting where name = 'search-watermark'), '2000-01-01') as from,
        (select coalesce(min(xact_start), now()) from pg_stat_activity
          where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid() and xact_start is not null)::text as to`.execute(trx)
    if (!range) return 0
    const { rows } = await sql<{ at: string }>`
      with fresh as (
        select id, conversation_id, created_at, stored_at, deleted_at, content from message
        where stored_at >= ${range.from}::timestamptz and stored_at < ${range.to}::timestamptz
        order by stored_at limit ${indexLimit}),
      written as (
        insert into message_search (message_id, conversation_id, at, words)
        select id, conversation_id, created_at, to_tsvector('portuguese', without_accents(left(${searchedText(sql`content`)}, 100000)))
        from fresh where deleted_at is null
        on conflict (message_id) do update set words = excluded.words)
      select stored_at::text as at from fresh`.execute(trx)
    // A full batch may end in the middle of one instant: that instant is read again.
    const to = rows.length === indexLimit ? rows.map(({ at }) => at).sort().at(-1)! : range.to
    await sql`insert into setting (name, value) values ('search-watermark', to_jsonb(${to}::text))
      on conflict (name) do update set value = excluded.value`.execute(trx)
    return rows.length
  })
}
