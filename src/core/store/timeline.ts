/** One conversation as people read it: messages and what was done, in one line of time. */

import { sql } from 'kysely'
import type { Content, DeliveryState, Words } from '../model.ts'
import type { Db } from './schema.ts'

export interface TimelineMessage {
  kind: 'message'
  id: string
  seq: number
  direction: 'in' | 'out' | 'note'
  author: 'citizen' | 'bot' | 'operator' | 'system'
  operatorId: string | null
  threadId: string | null
  channelId: string
  at: Date
  vendorAt: Date | null
  content: Content
  inReplyTo: string | null
  clientId: string | null
  editedAt: Date | null
  deletedAt: Date | null
  recovered: boolean
  automatic: boolean
  attachments: { id: string; kind: 'image' | 'audio' | 'video' | 'file'; mimeType: string; name: string | null; bytes: number | null; state: 'stored' | 'pending' | 'failed' | 'refused'; detail: string | null; position: number }[] | null
  delivery: { state: DeliveryState; reason: string | null; detail: Words | null; cost: string | null; attempt: number; dueAt: string; sentAt: string | null; deliveredAt: string | null; readAt: string | null } | null
  revisions: { text: string; at: string }[] | null
  reactions: { emoji: string; by: string; operatorId: string | null }[] | null
}
export interface TimelineActivity { kind: 'activity'; id: string; at: Date; author: 'citizen' | 'bot' | 'operator' | 'system'; operatorId: string | null; type: string; data: Record<string, unknown> }

/** Up to `limit` messages before `before` (a seq), newest last, with the activities that lie between them. */
export async function readTimeline(db: Db, conversationId: string, before: number | undefined, limit: number): Promise<{ entries: (TimelineMessage | TimelineActivity)[]; earlier: number | null }> {
  const { rows } = await sql<Omit<TimelineMessage, 'kind'>>`
    select m.id::text, m.seq, m.direction, m.author, m.operator_id as "operatorId", m.thread_id::text as "threadId", m.channel_id as "channelId",
      m.created_at as at, m.vendor_at as "vendorAt", m.content, m.in_reply_to::text as "inReplyTo", m.client_id as "clientId",
      m.edited_at as "editedAt", m.deleted_at as "deletedAt", m.recovered, m.automatic,
      (select json_agg(json_build_object('id', a.id, 'kind', a.kind, 'mimeType', a.mime_type, 'name', a.name, 'bytes', a.bytes, 'state', a.state,
        'detail', a.detail, 'position', a.position) order by a.position) from attachment a where a.message_id = m.id) as attachments,
      case when d.message_id is not null then json_build_object('state', d.state, 'reason', d.reason,
        'detail', case when d.detail is not null then json_build_object('pt', d.detail, 'en', coalesce(d.detail_en, d.detail)) end, 'attempt', d.attempt, 'cost', d.cost,
        'dueAt', d.due_at, 'sentAt', d.sent_at, 'deliveredAt', d.delivered_at, 'readAt', d.read_at) end as delivery,
      case when m.edited_at is not null then (select json_agg(json_build_object('text', r.content->>'text', 'at', r.at) order by r.id)
        from message_revision r where r.message_id = m.id) end as revisions,
      (select json_agg(json_build_object('emoji', x.emoji, 'by', x.by, 'operatorId', x.operator_id)) from (
        select r.emoji, coalesce(i.name, '') as by, null as operator_id from reaction r join identity i on i.id = r.identity_id where r.message_id = m.id
        union all select o.emoji, '', o.operator_id from our_reaction o where o.message_id = m.id) x) as reactions
    from message m left join delivery d on d.message_id = m.id
    where m.conversation_id = ${conversationId} ${before === undefined ? sql`` : sql`and m.seq < ${before}`}
    order by m.seq desc limit ${limit + 1}`.execute(db)
  const page = rows.slice(0, limit).reverse()
  const first = page[0]
  const isBeginning = rows.length <= limit
  const until = before === undefined ? undefined : await timeOf(db, conversationId, before)
  const { rows: activities } = await sql<Omit<TimelineActivity, 'kind'>>`
    select id::text, at, author, operator_id as "operatorId", type, data from activity
    where conversation_id = ${conversationId} and type not in ('answered')
      ${isBeginning || !first ? sql`` : sql`and at >= ${first.at}`} ${until ? sql`and at < ${until}` : sql``}
    order by id`.execute(db)
  const entries = [
    ...page.map((message) => ({ kind: 'message' as const, ...message })),
    ...activities.map((activity) => ({ kind: 'activity' as const, ...activity })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime() || (a.kind === b.kind ? (a.kind === 'message' && b.kind === 'message' ? a.seq - b.seq : Number(a.id) - Number(b.id)) : a.kind === 'message' ? -1 : 1))
  return { entries, earlier: isBeginning ? null : first?.seq ?? null }
}

async function timeOf(db: Db, conversationId: string, seq: number): Promise<Date | undefined> {
  const row = await db.selectFrom('message').select('created_at').where('conversation_id', '=', conversationId).where('seq', '=', seq).executeTakeFirst()
  return row?.created_at
}
