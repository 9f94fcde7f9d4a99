/** What one citizen may read on a channel whose page reads from our store: their own words and what was said to them, nothing else. */

import { sql } from 'kysely'
import type { HistoryEntry } from '../channel.ts'
import type { Content } from '../model.ts'
import type { Db } from './schema.ts'

interface Row {
  id: string
  conversationId: string
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
}

/** Messages of this identity's own threads. By conversation: whoever reads by the number of a message reads everybody's. */
const mine = (channelId: string, address: string) => sql`
  select m.id from identity i
  join thread t on t.identity_id = i.id
  join message m on m.conversation_id = t.conversation_id and m.thread_id = t.id
  left join delivery d on d.message_id = m.id
  where i.channel_id = ${channelId} and i.address = ${address} and m.direction <> 'note'
    and coalesce(d.state, '') not in ('queued', 'cancelled')`

/**
 * Oldest first, and by the message's own number: a conversation that is joined to an older one, or parted, moves none of them.
 * `after` and what it names: those after it, and the `again` before them. Notes are never among them, nor a reply that may still
 * be taken back.
 */
export async function readHistory(db: Db, channelId: string, address: string, after: string | undefined, limit: number, again: number): Promise<Row[]> {
  const which = after === undefined
    ? sql`select id from mine order by id desc limit ${limit}`
    : sql`(select id from mine where id > ${after} order by id limit ${limit}) union all (select id from mine where id <= ${after} order by id desc limit ${again})`
  const { rows } = await sql<Row>`
    with mine as materialized (${mine(channelId, address)})
    select m.id::text, m.conversation_id::text as "conversationId", m.external_id as "externalId", m.client_id as "clientId", m.author,
      o.name as "operatorName", m.created_at as at, m.content, d.state, m.edited_at as "editedAt", m.deleted_at as "deletedAt",
      (select json_agg(json_build_object('id', a.id, 'state', a.state, 'position', a.position) order by a.position)
        from attachment a where a.message_id = m.id) as attachments
    from (${which}) w join message m on m.id = w.id
    left join delivery d on d.message_id = m.id
    left join operator o on o.id = m.operator_id
    order by m.id`.execute(db)
  return rows
}

export async function markShown(db: Db, channelId: string, address: string, upTo: string, state: 'delivered' | 'read', now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with mine as materialized (${mine(channelId, address)})
    update delivery d set state = ${state},
      delivered_at = coalesce(d.delivered_at, ${now}), read_at = case when ${state} = 'read' then ${now}::timestamptz else d.read_at end
    from mine where d.message_id = mine.id and mine.id <= ${upTo}
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
    order by c.state <> 'closed' and not c.aside desc, c.id desc limit 1`.execute(db)
  return rows[0]
}
