/** How things stand at this moment, for Prometheus. Read from the database, so that every gateway says the same and a restart forgets nothing. */

import { sql } from 'kysely'
import type { Db } from '../core/store/schema.ts'

export interface Reading { labels: Record<string, string>; value: number }
interface Standing { name: string; help: string; labels: string[]; read(db: Db, now: Date): Promise<Reading[]> }

const rows = (query: ReturnType<typeof sql<Record<string, string> & { value: number }>>) => async (db: Db): Promise<Reading[]> => (
  (await query.execute(db)).rows.map(({ value, ...labels }) => ({ labels, value: Number(value) })))

export const standings: Standing[] = [
  {
    name: 'balcao_conversations', help: 'Open conversations by department and state.', labels: ['department', 'state'],
    read: rows(sql`select coalesce(department_id, '') as department, state, count(*) as value from conversation where state <> 'closed' group by 1, 2`),
  },
  {
    name: 'balcao_waiting_oldest_seconds', help: 'How long the longest waiting citizen has waited.', labels: ['department'],
    read: (db, now) => rows(sql`select department_id as department, extract(epoch from ${now}::timestamptz - min(waiting_since)) as value from conversation where state = 'waiting' group by 1`)(db),
  },
  {
    name: 'balcao_overdue', help: 'Conversations past what their department promises.', labels: ['department'],
    read: (db, now) => rows(sql`select department_id as department, count(*) as value from conversation
      where state in ('waiting', 'assigned') and (due_at is not null or resolve_by is not null) and least(due_at, resolve_by) < ${now} and department_id is not null group by 1`)(db),
  },
  {
    name: 'balcao_operators_online', help: 'Operators who are there and say so.', labels: ['department'],
    read: rows(sql`select unnest(departments) as department, count(*) as value from operator
      where presence = 'online' and seen_at > now() - interval '60 seconds' and disabled_at is null group by 1`),
  },
  {
    name: 'balcao_outbox_waiting', help: 'Messages that are still to leave.', labels: ['channel'],
    read: rows(sql`select channel_id as channel, count(*) as value from delivery where state in ('queued', 'sending') group by 1`),
  },
  {
    name: 'balcao_outbox_oldest_seconds', help: 'How long the oldest message that is due has waited to leave.', labels: ['channel'],
    read: (db, now) => rows(sql`select channel_id as channel, greatest(0, extract(epoch from ${now}::timestamptz - min(due_at))) as value from delivery where state in ('queued', 'sending') group by 1`)(db),
  },
  {
    name: 'balcao_deliveries_in_trouble', help: 'Messages that failed or of which nobody knows whether they arrived, and nobody has decided.', labels: ['channel', 'state'],
    read: rows(sql`select channel_id as channel, state, count(*) as value from delivery where state in ('failed', 'unknown') group by 1, 2`),
  },
  {
    name: 'balcao_channel_up', help: '1 when the channel is connected.', labels: ['channel'],
    read: rows(sql`select channel_id as channel, (status = 'connected')::int as value from channel_status where status <> 'closed'`),
  },
  {
    name: 'balcao_calls', help: 'Video calls: those going on by state, the last 24 hours by how they ended.', labels: ['state'],
    read: (db, now) => rows(sql`select state, count(*) as value from call
      where state in ('asked', 'ringing', 'accepted', 'active') or ended_at > ${now}::timestamptz - interval '1 day' group by 1`)(db),
  },
  {
    name: 'balcao_first_response_seconds', help: 'From asking for a person to their first reply, of conversations of the last 24 hours.', labels: ['department', 'quantile'],
    read: (db, now) => rows(sql`select coalesce(department_id, '') as department, q::text as quantile, percentile_cont(q) within group (order by first_response_ms) / 1000 as value
      from conversation_fact, unnest(array[0.5, 0.9]::float8[]) q where opened_at > ${now}::timestamptz - interval '1 day' and first_response_ms is not null group by 1, 2, q`)(db),
  },
  {
    name: 'balcao_satisfaction', help: 'Mean of the ratings of the last 24 hours.', labels: ['subject'],
    read: (db, now) => rows(sql`select subject, avg(score) as value from survey where answered_at > ${now}::timestamptz - interval '1 day' and score is not null group by 1`)(db),
  },
]
