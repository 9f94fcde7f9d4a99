/** What one citizen may read on a channel whose page reads from our store: their own words and what was said to them, nothing else. */

import { sql } from 'kysely'
import type { HistoryEntry } from '../channel.ts'
import type { Content } from '../model.ts'
import type { Db } from './schema.ts'

interface Row {
  conversationId: string
  seq: number
  externalId: string | null
  clientId: string | null
  author: HistoryEntry['by']
  operatorName: string | null
  at: Date
  content: Content
  state: string | null
  editedAt: Date | null
  deletedAt: Date | null
  attachments: { id: string; state: string; position: number }[] | null
  changedAt: Date
}

export interface Position { conversationId: string; seq: number }

/** Messages of this identity's own threads, oldest first. Notes are never among them, nor a reply that may still be taken back. */
export async function readHistory(db: Db, channelId: string, address: string, after: Position | undefined, limit: number): Promise<Row[]> {
  const newest = after === undefined
  const rows = await sql<Row>`
    select m.conversation_id::text as "conversationId", m.seq, m.external_id as "externalId", m.client_id as "clientId", m.author,
      o.name as "operatorName", m.created_at as at, m.content, d.state, m.edited_at as "editedAt", m.deleted_at as "deletedAt",
      (select json_agg(json_build_object('id', a.id, 'state', a.state, 'position', a.position) order by a.position)
        from attachment a where a.message_id = m.id) as attachments
    from identity i
    join thread t on t.identity_id = i.id
    join message m on m.conversation_id = t.conversation_id and m.thread_id = t.id
    left join delivery d on d.message_id = m.id
    left join operator o on o.id = m.operator_id
    where i.channel_id = ${channelId} and i.address = ${address} and m.direction <> 'note'
      and coalesce(d.state, '') not in ('queued', 'cancelled')
      ${newest ? sql`` : sql`and (m.conversation_id, m.seq) > (${after.conversationId}::bigint, ${after.seq})`}
    order by m.conversation_id ${newest ? sql`desc` : sql`asc`}, m.seq ${newest ? sql`desc` : sql`asc`}
    limit ${limit}`.execute(db)
  return newest ? rows.rows.reverse() : rows.rows
}

export async function markShown(db: Db, channelId: string, address: string, upTo: Position, state: 'delivered' | 'read', now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update delivery d set state = ${state},
      delivered_at = coalesce(d.delivered_at, ${now}), read_at = case when ${state} = 'read' then ${now}::timestamptz else d.read_at end
    from thread t join identity i on i.id = t.identity_id
    where i.channel_id = ${channelId} and i.address = ${address} and d.thread_id = t.id
      and (d.conversation_id, d.seq) <= (${upTo.conversationId}::bigint, ${upTo.seq})
      and d.state = any(${state === 'read' ? ['sent', 'delivered'] : ['sent']}::text[])
    returning d.conversation_id::text as id`.execute(db)
  const ids = [...new Set(rows.map(({ id }) => id))].sort((a, b) => Number(a) - Number(b))
  for (const id of ids) await sql`update conversation set version = version + 1, changed_at = now() where id = ${id}`.execute(db)
  return ids
}

export interface Standing {
  reference: string
  state: 'bot' | 'waiting' | 'assigned' | 'snoozed' | 'closed'
  departmentId: string | null
  position: number | null
  operatorName: string | null
}

/** How things stand with this citizen's newest conversation. */
export async function standingOf(db: Db, channelId: string, address: string): Promise<Standing | undefined> {
  const { rows } = await sql<Standing>`
    select c.reference, c.state, c.department_id as "departmentId", o.name as "operatorName",
      case when c.state = 'waiting' then (
        select count(*)::int + 1 from conversation w
        where w.state = 'waiting' and w.department_id = c.department_id and (w.waiting_since, w.id) < (c.waiting_since, c.id)) end as position
    from identity i join conversation c on c.citizen_id = i.citizen_id left join operator o on o.id = c.operator_id
    where i.channel_id = ${channelId} and i.address = ${address}
    order by c.id desc limit 1`.execute(db)
  return rows[0]
}
