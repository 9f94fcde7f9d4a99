/** Writes what happened to many held conversations in one statement: the only place where a message is stored. */

import { CompiledQuery, sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import type { Attachment, Author } from '../model.ts'
import { columns } from './arrays.ts'
import type { Held, NewActivity, NewMessage } from './held.ts'
import { prepared, preparedBlind } from './prepared.ts'
import type { Trx } from './schema.ts'

export interface RawInbound { channelId: string; payload: string; problem?: string }

type Of<Row> = { conversationId: string; of: Row }
const operatorOf = (author: Author) => (author.by === 'operator' ? author.id : null)

const conversations = columns<Held>(1, {
  id: ['bigint', ({ id }) => id], state: ['text', ({ state }) => state], operatorId: ['text', ({ operatorId }) => operatorId],
  departmentId: ['text', ({ departmentId }) => departmentId], wakeAt: ['timestamptz', ({ wakeAt }) => wakeAt],
  language: ['text', ({ language }) => language], topic: ['text', ({ topic }) => topic], priority: ['text', ({ priority }) => priority],
  // An array of arrays would want them all of one length.
  tags: ['jsonb', ({ tags }) => tags], subject: ['text', ({ subject }) => subject], threadId: ['bigint', ({ threadId }) => threadId],
  bot: ['jsonb', ({ bot }) => bot], lastSeq: ['int', ({ lastSeq }) => lastSeq], preview: ['text', ({ preview }) => preview],
  previewBy: ['text', ({ previewBy }) => previewBy], channelId: ['text', ({ channelId }) => channelId],
  lastMessageAt: ['timestamptz', ({ lastMessageAt }) => lastMessageAt], lastInboundAt: ['timestamptz', ({ lastInboundAt }) => lastInboundAt],
  lastInboundSeq: ['int', ({ lastInboundSeq }) => lastInboundSeq], waitingSince: ['timestamptz', ({ waitingSince }) => waitingSince],
  firstResponseAt: ['timestamptz', ({ firstResponseAt }) => firstResponseAt], dueAt: ['timestamptz', ({ dueAt }) => dueAt],
  resolveBy: ['timestamptz', ({ resolveBy }) => resolveBy], asleepSince: ['timestamptz', ({ asleepSince }) => asleepSince], unanswered: ['boolean', ({ unanswered }) => unanswered],
  outcome: ['text', ({ outcome }) => outcome], closedAt: ['timestamptz', ({ closedAt }) => closedAt],
})

const messages = columns<Of<NewMessage>>(conversations.next, {
  conversationId: ['bigint', ({ conversationId }) => conversationId], seq: ['int', ({ of }) => of.seq], threadId: ['bigint', ({ of }) => of.threadId],
  channelId: ['text', ({ of }) => of.channelId], direction: ['text', ({ of }) => of.direction], author: ['text', ({ of }) => of.author.by],
  operatorId: ['text', ({ of }) => operatorOf(of.author)], content: ['jsonb', ({ of }) => of.content], externalId: ['text', ({ of }) => of.externalId],
  clientId: ['text', ({ of }) => of.clientId], group: ['text', ({ of }) => of.group], inReplyTo: ['text', ({ of }) => of.inReplyTo],
  vendorAt: ['timestamptz', ({ of }) => of.vendorAt], at: ['timestamptz', ({ of }) => of.at], recovered: ['boolean', ({ of }) => of.recovered],
  automatic: ['boolean', ({ of }) => of.automatic], key: ['text', ({ of }) => of.delivery?.key], deliveryState: ['text', ({ of }) => of.delivery?.state],
  dueAt: ['timestamptz', ({ of }) => of.delivery?.dueAt], reason: ['text', ({ of }) => of.delivery?.reason],
})

type File = Attachment & { id: string; sha256: string | null; seq: number; position: number; channelId: string; at: Date }
const attachments = columns<Of<File>>(messages.next, {
  id: ['text', ({ of }) => of.id], conversationId: ['bigint', ({ conversationId }) => conversationId], seq: ['int', ({ of }) => of.seq],
  position: ['int', ({ of }) => of.position], kind: ['text', ({ of }) => of.kind], mimeType: ['text', ({ of }) => of.mimeType],
  name: ['text', ({ of }) => of.name], bytes: ['bigint', ({ of }) => of.bytes], source: ['text', ({ of }) => of.source],
  sha256: ['text', ({ of }) => of.sha256], channelId: ['text', ({ of }) => of.channelId],
  state: ['text', ({ of }) => (of.sha256 ? 'stored' : 'pending')], at: ['timestamptz', ({ of }) => of.at],
})

const activities = columns<Of<NewActivity>>(attachments.next, {
  conversationId: ['bigint', ({ conversationId }) => conversationId], at: ['timestamptz', ({ of }) => of.at], author: ['text', ({ of }) => of.author.by],
  operatorId: ['text', ({ of }) => operatorOf(of.author)], type: ['text', ({ of }) => of.type], data: ['jsonb', ({ of }) => of.data],
})

const raws = columns<RawInbound>(activities.next, {
  channelId: ['text', ({ channelId }) => channelId], payload: ['text', ({ payload }) => payload], problem: ['text', ({ problem }) => problem],
})

/** Stays for as long as the list is not too far behind the last message. */
export const listedAt = (lastMessageAt: string) => (
  `case when ${lastMessageAt} - conversation.listed_at between interval '0' and interval '5 seconds' then conversation.listed_at else ${lastMessageAt} end`)

const writing = `
with
  saved as (
    update conversation set
      state = c.state, operator_id = c."operatorId", department_id = c."departmentId", wake_at = c."wakeAt",
      language = c.language, topic = c.topic, priority = c.priority, tags = array(select jsonb_array_elements_text(c.tags)), subject = c.subject,
      thread_id = c."threadId", bot = c.bot, version = version + 1, last_seq = c."lastSeq", preview = c.preview,
      preview_by = c."previewBy", channel_id = c."channelId", last_message_at = c."lastMessageAt",
      listed_at = ${listedAt('c."lastMessageAt"')},
      last_inbound_at = c."lastInboundAt", last_inbound_seq = c."lastInboundSeq", waiting_since = c."waitingSince",
      first_response_at = c."firstResponseAt", due_at = c."dueAt", resolve_by = c."resolveBy", asleep_since = c."asleepSince", unanswered = c.unanswered, outcome = c.outcome,
      closed_at = c."closedAt", changed_at = now()
    from ${conversations.sql} as c
    where conversation.id = c.id
    returning conversation.id, conversation.version),
  -- Numbered here, so that what belongs to a message need not look for it among those that were inserted.
  message_in as materialized (
    select m.*, nextval('message_id_seq') as id from ${messages.sql} as m),
  message_out as (
    insert into message (id, conversation_id, seq, thread_id, channel_id, direction, author, operator_id, content, external_id,
      client_id, group_key, in_reply_to, vendor_at, created_at, recovered, automatic)
    select m.id, m."conversationId", m.seq, m."threadId", m."channelId", m.direction, m.author, m."operatorId", m.content,
      m."externalId", m."clientId", m."group",
      case when m."inReplyTo" is not null then coalesce(
        (select d.message_id from delivery d where d.channel_id = m."channelId" and d.external_id = m."inReplyTo"),
        (select o.id from message o where o.channel_id = m."channelId" and o.external_id = m."inReplyTo")) end,
      m."vendorAt", m.at, m.recovered, m.automatic
    from message_in m),
  delivery_out as (
    insert into delivery (message_id, conversation_id, thread_id, channel_id, seq, key, state, due_at, queued_at, sent_at, reason)
    select m.id, m."conversationId", m."threadId", m."channelId", m.seq, m.key, m."deliveryState", m."dueAt", m.at,
      case when m."deliveryState" = 'sent' then m.at end,
      m.reason
    from message_in m where m.key is not null),
  attachment_out as (
    insert into attachment (id, message_id, position, kind, mime_type, name, bytes, source, sha256, channel_id, state, due_at)
    select a.id, m.id, a.position, a.kind, a."mimeType", a.name, a.bytes, a.source, a.sha256, a."channelId", a.state, a.at
    from ${attachments.sql} as a
    join message_in m on m."conversationId" = a."conversationId" and m.seq = a.seq),
  activity_out as (
    insert into activity (conversation_id, at, author, operator_id, type, data)
    select * from ${activities.sql} as a),
  inbound_out as (
    insert into inbound (channel_id, payload, outcome, problem)
    select i."channelId", i.payload, case when i.problem is null then 'taken' else 'corrupt' end, i.problem
    from ${raws.sql} as i),
  told as (select pg_notify('balcao', payload) from unnest($${raws.next}::text[]) as payload)`

const writeAll = prepared('write', `${writing}
select (select json_agg(json_build_object('id', id::text, 'version', version)) from saved) as conversations,
  (select json_agg(json_build_object('id', id::text, 'conversationId', "conversationId"::text, 'seq', seq)) from message_in) as messages,
  (select count(*) from told) as told`)

/** For who needs no answer but the commit's. */
const writeBlind = preparedBlind('write-blind', `${writing}
select count(*) as told from told`)

export interface Written {
  versions: Map<string, number>
  /** Key: `${conversationId}.${seq}`. */
  messageIds: Map<string, string>
}

/** The same where nothing is asked back: a failure speaks through whatever follows in this transaction, at the latest its commit. */
export async function writeUnasked(trx: Trx, held: Held[], raw: RawInbound[], notices: string[]): Promise<void> {
  await trx.executeQuery(CompiledQuery.raw(writeBlind, valuesOf(held, raw, notices)))
  await writeRare(trx, held)
}

/** `notices` are told to other processes on commit. Timestamps come from the Held, so that tests may own the clock. */
export async function write(trx: Trx, held: Held[], raw: RawInbound[], notices: string[]): Promise<Written> {
  const { rows } = await trx.executeQuery<{
    conversations: { id: string; version: number }[] | null
    messages: { id: string; conversationId: string; seq: number }[] | null
  }>(CompiledQuery.raw(writeAll, valuesOf(held, raw, notices)))
  await writeRare(trx, held)
  const row = rows[0]
  return {
    versions: new Map((row?.conversations ?? []).map(({ id, version }) => [id, version])),
    messageIds: new Map((row?.messages ?? []).map(({ id, conversationId, seq }) => [`${conversationId}.${seq}`, id])),
  }
}

function valuesOf(held: Held[], raw: RawInbound[], notices: string[]): unknown[] {
  const said = held.flatMap(({ id: conversationId, messages: list }) => list.map((of) => ({ conversationId, of })))
  const files = said.flatMap(({ conversationId, of: { seq, channelId, at, attachments: list } }) => list.map((file, position) => {
    const sha256 = file.source.startsWith('file:') ? file.source.slice(5) : null
    return { conversationId, of: { ...file, id: randomUUID(), sha256, seq, position, channelId, at } }
  }))
  const done = held.flatMap(({ id: conversationId, activities: list }) => list.map((of) => ({ conversationId, of })))
  return [...conversations.values(held), ...messages.values(said), ...attachments.values(files), ...activities.values(done), ...raws.values(raw), notices]
}

/** What few conversations have: kept out of the one statement that all pay for. */
async function writeRare(trx: Trx, held: Held[]): Promise<void> {
  for (const conversation of held) {
    const now = conversation.messages[0]?.at ?? conversation.activities[0]?.at ?? conversation.lastMessageAt
    for (const { botId, ...request } of conversation.requests) {
      await trx.insertInto('request')
        .values({ conversation_id: conversation.id, bot_id: botId, ...request, body: JSON.stringify(request.body), due_at: now }).execute()
    }
    if (conversation.survey) {
      await trx.insertInto('survey').values({
        conversation_id: conversation.id, identity_id: conversation.survey.identityId, subject: conversation.survey.subject,
        state: 'asked', asked_at: now, expires_at: new Date(now.getTime() + conversation.survey.lifeMs),
      }).onConflict((conflict) => conflict.columns(['conversation_id', 'subject']).doNothing()).execute()
    }
    if (conversation.scored) {
      await trx.updateTable('survey')
        .set({
          state: conversation.scored.comment === null ? 'scored' : 'answered', score: conversation.scored.score,
          comment: conversation.scored.comment, answered_at: now,
        })
        .where('conversation_id', '=', conversation.id).where('subject', '=', conversation.scored.subject).execute()
    }
    if (conversation.attributes) {
      const { name, ...rest } = conversation.attributes
      await sql`update citizen set name = coalesce(${name ?? null}, name), attributes = attributes || ${JSON.stringify(rest)}::jsonb,
        changed_at = ${now} where id = ${conversation.citizenId}`.execute(trx)
    }
    const mentioned = conversation.messages.flatMap(({ content }) => content.mentions ?? [])
    if (mentioned.length > 0) {
      await sql`update conversation set mentioned = array(select distinct unnest(mentioned || ${mentioned}::text[])) where id = ${conversation.id}`.execute(trx)
    }
    if (conversation.messages.some((message) => message.delivery?.state === 'failed')) await countFailures(trx, conversation.id)
    if (conversation.optOut) {
      await trx.updateTable('identity').set({ opted_out_at: now }).where('id', '=', conversation.optOut).execute()
    }
  }
}

/** Counted, never added to: it cannot drift. */
export async function countFailures(trx: Trx, conversationId: string): Promise<void> {
  // Locked first: a count that waits for the lock would be of what was there before it.
  await sql`select 1 from conversation where id = ${conversationId} for no key update`.execute(trx)
  await sql`update conversation set failed_deliveries = (
      select count(*) from delivery where conversation_id = ${conversationId} and state in ('failed', 'unknown')),
    version = version + 1, changed_at = now() where id = ${conversationId}`.execute(trx)
}
