/** What one citizen may read on a channel whose page reads from our store: their own words and what was said to them, nothing else. */

import { type RawBuilder, sql } from 'kysely'
import type { HistoryEntry } from '../channel.ts'
import type { Address, Content, ConversationId, DepartmentId } from '../model.ts'
import { prepared } from './prepared.ts'
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
const mine = (channelId: string, address: RawBuilder<unknown>) => sql`
  select m.id from identity i
  join thread t on t.identity_id = i.id
  join message m on m.conversation_id = t.conversation_id and m.thread_id = t.id
  left join delivery d on d.message_id = m.id
  where i.channel_id = ${channelId} and i.address = ${address} and m.direction <> 'note'
    and coalesce(d.state, '') not in ('queued', 'cancelled')`

export interface HistoryAsked { address: Address; after: string | undefined; limit: number; /** How many before `after` are read again. */ again: number }

/**
 * Oldest first, and by the message's own number: a conversation that is joined to an older one, or parted, moves none of them.
 * `after` and what it names: those after it, and the `again` before them; else the newest. Notes are never among them, nor a reply
 * that may still be taken back. One list for each that is asked for.
 */
export async function readHistories(db: Db, channelId: string, asked: HistoryAsked[]): Promise<Row[][]> {
  const query = sql<Row & { n: string }>`
    select w.n, h.* from unnest(${asked.map(({ address }) => address)}::text[], ${asked.map(({ after }) => after ?? null)}::bigint[],
      ${asked.map(({ limit }) => limit)}::int[], ${asked.map(({ again }) => again)}::int[]) with ordinality as w(address, after, most, again, n)
    cross join lateral (
      with mine as materialized (${mine(channelId, sql.ref('w.address'))}), chosen as (
        (select id from mine where w.after is null order by id desc limit w.most) union all
        (select id from mine where id > w.after order by id limit w.most) union all
        (select id from mine where id <= w.after order by id desc limit w.again))
      select m.id::text, m.conversation_id::text as "conversationId", m.external_id as "externalId", m.client_id as "clientId", m.author,
        o.name as "operatorName", m.created_at as at, m.content, d.state, m.edited_at as "editedAt", m.deleted_at as "deletedAt",
        (select json_agg(json_build_object('id', a.id, 'state', a.state, 'position', a.position) order by a.position)
          from attachment a where a.message_id = m.id) as attachments
      from chosen join message m on m.id = chosen.id
      left join delivery d on d.message_id = m.id
      left join operator o on o.id = m.operator_id
      order by m.id) h
    order by w.n, h.id::bigint`.compile(db)
  prepared('histories', query.sql)
  const { rows } = await db.executeQuery(query)
  const lists: Row[][] = asked.map(() => [])
  for (const { n, ...row } of rows) lists[Number(n) - 1]!.push(row)
  return lists
}

export async function markShown(db: Db, channelId: string, address: string, upTo: string, state: 'delivered' | 'read', now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with mine as materialized (${mine(channelId, sql.val(address))})
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
  id: ConversationId
  reference: string
  state: 'bot' | 'waiting' | 'assigned' | 'snoozed' | 'closed'
  departmentId: DepartmentId | null
  operatorName: string | null
}

/** How things stand with the newest conversation of each of these citizens; undefined where there is none. */
export async function standingsOf(db: Db, channelId: string, addresses: Address[]): Promise<(Standing | undefined)[]> {
  const query = sql<Standing & { n: string }>`
    select w.n, s.* from unnest(${addresses}::text[]) with ordinality as w(address, n) cross join lateral (
      select c.id::text, c.reference, c.state, c.department_id as "departmentId", o.name as "operatorName"
      from identity i join conversation c on c.citizen_id = i.citizen_id left join operator o on o.id = c.operator_id
      where i.channel_id = ${channelId} and i.address = w.address
      order by c.state <> 'closed' and not c.aside desc, c.id desc limit 1) s`.compile(db)
  prepared('standings', query.sql)
  const { rows } = await db.executeQuery(query)
  const byNumber = new Map(rows.map(({ n, ...standing }) => [Number(n), standing]))
  return addresses.map((_, at) => byNumber.get(at + 1))
}
