/**
 * Stores further messages of conversations that people look after, in one statement that is its own transaction. Each is put where
 * its writer wrote last, and only where all that is assumed of that place still holds.
 */

import { CompiledQuery } from 'kysely'
import type { ChannelId, Content, ConversationId, ConversationState, DepartmentId, ExternalId, Route, ThreadId } from '../model.ts'
import { columns } from './arrays.ts'
import { prepared } from './prepared.ts'
import type { Db } from './schema.ts'
import { listedAt } from './write.ts'

export interface FurtherMessage {
  conversationId: ConversationId
  threadId: ThreadId
  departmentId: DepartmentId | null
  channelId: ChannelId
  address: string
  vendorThread: string
  route: Route
  externalId: ExternalId
  content: Content
  preview: string
  vendorAt: Date | null
  at: Date
  /** Until when it is to be answered, if nothing before it waits for an answer. */
  dueAt: Date | null
  raw: string | null
}

/** Who reacts to a citizen's message is then a person; a bot or a sleeper has more to do than to be written to. */
export const ownedByPeople: ConversationState[] = ['waiting', 'assigned']

const messages = columns<FurtherMessage>(1, {
  conversationId: ['bigint', ({ conversationId }) => conversationId], threadId: ['bigint', ({ threadId }) => threadId],
  departmentId: ['text', ({ departmentId }) => departmentId], channelId: ['text', ({ channelId }) => channelId], address: ['text', ({ address }) => address],
  vendorThread: ['text', ({ vendorThread }) => vendorThread], route: ['jsonb', ({ route }) => route], externalId: ['text', ({ externalId }) => externalId],
  content: ['jsonb', ({ content }) => content], preview: ['text', ({ preview }) => preview], vendorAt: ['timestamptz', ({ vendorAt }) => vendorAt],
  at: ['timestamptz', ({ at }) => at], dueAt: ['timestamptz', ({ dueAt }) => dueAt], raw: ['text', ({ raw }) => raw],
})

/** The states are given, not written out: no index of what is open may be read whole because of them. */
const addAll = prepared('add-further', `
with added as (
  update conversation set
    thread_id = e."threadId", channel_id = e."channelId", version = version + 1, last_seq = last_seq + 1, preview = e.preview, preview_by = 'citizen',
    last_message_at = e.at, listed_at = ${listedAt('e.at')}, last_inbound_at = e.at, last_inbound_seq = last_seq + 1,
    due_at = case when unanswered then due_at else e."dueAt" end, unanswered = true, changed_at = now()
  from ${messages.sql} as e join thread t on t.id = e."threadId" join identity i on i.id = t.identity_id
  where conversation.id = e."conversationId" and t.conversation_id = conversation.id and i.citizen_id = conversation.citizen_id
    and conversation.state = any($${messages.next}::text[]) and not conversation.aside and conversation.department_id is not distinct from e."departmentId"
    and i.channel_id = e."channelId" and i.address = e.address and t.vendor_thread = e."vendorThread"
    and (select true from message m where m.channel_id = e."channelId" and m.external_id = e."externalId" limit 1) is null
  returning conversation.id, conversation.last_seq, e.*, t.route is distinct from e.route or t.last_inbound_at < e.at - interval '1 minute' as moved),
message_out as (
  insert into message (conversation_id, seq, thread_id, channel_id, direction, author, content, external_id, vendor_at, created_at)
  select id, last_seq, "threadId", "channelId", 'in', 'citizen', content, "externalId", "vendorAt", at from added),
thread_out as (
  update thread set route = a.route, last_inbound_at = greatest(thread.last_inbound_at, a.at) from added a where thread.id = a."threadId" and a.moved),
inbound_out as (
  insert into inbound (channel_id, payload, outcome) select "channelId", raw, 'taken' from added where raw is not null),
told as (select pg_notify('balcao', payload) from unnest($${messages.next + 1}::text[]) as payload)
select id, (select count(*) from told) from added`)

/** In which conversations something was stored. `given` are of one conversation each, in the order of their ids: the order in which rows are locked. */
export async function addFurther(db: Db, given: FurtherMessage[], notices: string[]): Promise<Set<ConversationId>> {
  const { rows } = await db.executeQuery<{ id: string }>(CompiledQuery.raw(addAll, [...messages.values(given), ownedByPeople, notices]))
  return new Set(rows.map(({ id }) => id))
}
