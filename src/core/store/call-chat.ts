/** What the page of a call may show of its conversation: the words since it was asked for, and nothing before. */

import { sql } from 'kysely'
import type { Content } from '../model.ts'
import type { Db } from './schema.ts'

export interface ChatRow {
  seq: number
  author: 'citizen' | 'bot' | 'operator' | 'system'
  operatorName: string | null
  at: Date
  content: Content
  externalId: string | null
  files: { id: string; name: string | null }[] | null
}

export async function readChat(db: Db, conversationId: string, afterSeq: number, now: Date, limit: number): Promise<ChatRow[]> {
  const { rows } = await sql<ChatRow>`
    select * from (
      select m.seq, m.author, o.name as "operatorName", m.created_at as at, m.content, m.external_id as "externalId",
        (select json_agg(json_build_object('id', a.id, 'name', a.name) order by a.position) from attachment a where a.message_id = m.id and a.state = 'stored') as files
      from message m left join delivery d on d.message_id = m.id left join operator o on o.id = m.operator_id
      where m.conversation_id = ${conversationId} and m.seq > ${afterSeq} and m.direction <> 'note' and m.deleted_at is null
        and coalesce(d.state, '') <> 'cancelled' and coalesce(not (d.state = 'queued' and d.attempt = 0 and d.due_at > ${now}), true)
      order by m.seq desc limit ${limit}) newest
    order by seq`.execute(db)
  return rows
}

export async function isStored(db: Db, channelId: string, externalId: string): Promise<boolean> {
  const row = await db.selectFrom('message').select('id').where('channel_id', '=', channelId).where('external_id', '=', externalId).executeTakeFirst()
  return row !== undefined
}
