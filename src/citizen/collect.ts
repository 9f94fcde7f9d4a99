/** Everything that is kept of one citizen, as one readable record. Operators' notes are the town's own and stay out. */

import { sql } from 'kysely'
import type { Content } from '../core/model.ts'
import type { Db } from '../core/store/schema.ts'

/** Times are ISO 8601 in UTC. */
export interface CitizenRecord {
  citizen: { id: string; name: string | null; language: string; attributes: Record<string, string>; tags: string[]; since: string; notice: { version: string; at: string } | null }
  addresses: { channel: string; address: string; name: string | null; phone: string | null; email: string | null; optedOut: string | null }[]
  conversations: {
    reference: string; channel: string; topic: string | null; openedAt: string; closedAt: string | null
    messages: { at: string; from: 'citizen' | 'assistant' | 'town'; text: string; was: string[]; attachments: { name: string; mimeType: string; file: string | null }[] }[]
    surveys: { score: number | null; comment: string | null; at: string | null }[]
    calls: { askedAt: string; startedAt: string | null; endedAt: string | null; outcome: string | null }[]
  }[]
}

interface MessageRow {
  at: string; direction: 'in' | 'out'; author: string; content: Content; deleted: boolean; was: { content: Content }[] | null
  attachments: { id: string; name: string | null; mimeType: string; source: string; state: string }[] | null
}

/** undefined: there is nobody with this number. `file` is where the bytes are to lie beside the record. */
export async function collectCitizen(db: Db, citizenId: string): Promise<{ record: CitizenRecord; files: Map<string, string> } | undefined> {
  const citizen = await db.selectFrom('citizen').selectAll().where('id', '=', citizenId).executeTakeFirst()
  if (!citizen) return undefined
  const files = new Map<string, string>()
  const identities = await db.selectFrom('identity').selectAll().where('citizen_id', '=', citizenId).orderBy('id').execute()
  const conversations = await db.selectFrom('conversation').selectAll().where('citizen_id', '=', citizenId).orderBy('id').execute()
  const iso = (at: Date | null) => at?.toISOString() ?? null
  return {
    files,
    record: {
      citizen: {
        id: citizen.id, name: citizen.name, language: citizen.language, attributes: citizen.attributes, tags: citizen.tags, since: citizen.created_at.toISOString(),
        notice: citizen.notice_version && citizen.notice_at ? { version: citizen.notice_version, at: citizen.notice_at.toISOString() } : null,
      },
      addresses: identities.map((row) => ({ channel: row.channel_id, address: row.address, name: row.name, phone: row.phone, email: row.email, optedOut: iso(row.opted_out_at) })),
      conversations: await Promise.all(conversations.map(async (row) => {
        const { rows: messages } = await sql<MessageRow>`
          select m.created_at as at, m.direction, m.author, m.content, m.deleted_at is not null as deleted,
            (select json_agg(json_build_object('content', r.content) order by r.id) from message_revision r where r.message_id = m.id) as was,
            (select json_agg(json_build_object('id', a.id, 'name', a.name, 'mimeType', a.mime_type, 'source', a.source, 'state', a.state) order by a.position) from attachment a where a.message_id = m.id) as attachments
          from message m where m.conversation_id = ${row.id} and m.direction <> 'note'
            -- What was sent to an address that is not known to be theirs.
            and not exists (select from thread t where t.id = m.thread_id and t.unproven) order by m.seq`.execute(db)
        const surveys = await db.selectFrom('survey').select(['score', 'comment', 'answered_at']).where('conversation_id', '=', row.id).orderBy('id').execute()
        const calls = await sql<{ askedAt: Date; startedAt: Date | null; endedAt: Date | null; outcome: string | null }>`
          select asked_at as "askedAt", started_at as "startedAt", ended_at as "endedAt", outcome from call where conversation_id = ${row.id} order by id`.execute(db)
        return {
          reference: row.reference, channel: row.channel_id, topic: row.topic, openedAt: row.opened_at.toISOString(), closedAt: iso(row.closed_at),
          messages: messages.map((message) => ({
            at: new Date(message.at).toISOString(), from: message.direction === 'in' ? 'citizen' as const : message.author === 'operator' ? 'town' as const : 'assistant' as const,
            text: message.content.text, was: (message.was ?? []).map(({ content }) => content.text),
            attachments: (message.attachments ?? []).map(({ id, name, mimeType, source, state }) => {
              const file = state === 'stored' ? `files/${id}` : null
              if (file) files.set(source, file)
              return { name: name ?? 'ficheiro', mimeType, file }
            }),
          })),
          surveys: surveys.map(({ score, comment, answered_at: at }) => ({ score, comment, at: iso(at) })),
          calls: calls.rows.map((call) => ({ askedAt: call.askedAt.toISOString(), startedAt: iso(call.startedAt), endedAt: iso(call.endedAt), outcome: call.outcome })),
        }
      })),
    },
  }
}
