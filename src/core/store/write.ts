/** Writes what happened to many held conversations in one statement: the only place where a message is stored. */

import { CompiledQuery, sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import type { Route } from '../model.ts'
import type { Held } from './held.ts'
import { prepared, preparedBlind } from './prepared.ts'
import type { Trx } from './schema.ts'

export interface RawInbound { channelId: string; payload: string; problem?: string }

const writing = `
with
  conversation_in as (
    select * from json_to_recordset($1::json) as c(
      id bigint, state text, "operatorId" text, "departmentId" text, "wakeAt" timestamptz, language text, topic text,
      priority text, tags text[], subject text, "threadId" bigint, bot jsonb, "lastSeq" int, preview text,
      "previewBy" text, "channelId" text, "lastMessageAt" timestamptz, "lastInboundAt" timestamptz, "lastInboundSeq" int,
      "waitingSince" timestamptz, "firstResponseAt" timestamptz, "dueAt" timestamptz, "resolveBy" timestamptz, unanswered boolean, outcome text,
      "closedAt" timestamptz)),
  saved as (
    update conversation set
      state = c.state, operator_id = c."operatorId", department_id = c."departmentId", wake_at = c."wakeAt",
      language = c.language, topic = c.topic, priority = c.priority, tags = coalesce(c.tags, '{}'), subject = c.subject,
      thread_id = c."threadId", bot = c.bot, version = version + 1, last_seq = c."lastSeq", preview = c.preview,
      preview_by = c."previewBy", channel_id = c."channelId", last_message_at = c."lastMessageAt",
      last_inbound_at = c."lastInboundAt", last_inbound_seq = c."lastInboundSeq", waiting_since = c."waitingSince",
      first_response_at = c."firstResponseAt", due_at = c."dueAt", resolve_by = c."resolveBy", unanswered = c.unanswered, outcome = c.outcome,
      closed_at = c."closedAt", changed_at = now()
    from conversation_in c where conversation.id = c.id
    returning conversation.id, conversation.version),
  -- Numbered here, so that what belongs to a message need not look for it among those that were inserted.
  message_in as materialized (
    select m.*, nextval('message_id_seq') as id from json_to_recordset($2::json) as m(
      "conversationId" bigint, seq int, "threadId" bigint, "channelId" text, direction text, author text, "operatorId" text,
      content jsonb, "externalId" text, "clientId" text, "group" text, "inReplyTo" text, "vendorAt" timestamptz,
      at timestamptz, recovered boolean, automatic boolean, key text, "deliveryState" text, "dueAt" timestamptz, reason text)),
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
    insert into delivery (message_id, conversation_id, thread_id, channel_id, seq, key, state, due_at, queued_at, sent_at, external_id, reason)
    select m.id, m."conversationId", m."threadId", m."channelId", m.seq, m.key, m."deliveryState", m."dueAt", m.at,
      case when m."deliveryState" = 'sent' then m.at end,
      case when m.direction = 'out' then m."externalId" end, m.reason
    from message_in m where m.key is not null),
  attachment_out as (
    insert into attachment (id, message_id, position, kind, mime_type, name, bytes, source, sha256, channel_id, state, due_at)
    select a.id, m.id, a.position, a.kind, a."mimeType", a.name, a.bytes, a.source, a.sha256, a."channelId", a.state, a.at
    from json_to_recordset($3::json) as a(id text, "conversationId" bigint, seq int, position int, kind text, "mimeType" text,
      name text, bytes bigint, source text, sha256 text, "channelId" text, state text, at timestamptz)
    join message_in m on m."conversationId" = a."conversationId" and m.seq = a.seq),
  activity_out as (
    insert into activity (conversation_id, at, author, operator_id, type, data)
    select "conversationId", at, author, "operatorId", type, data
    from json_to_recordset($4::json) as a("conversationId" bigint, at timestamptz, author text, "operatorId" text, type text, data jsonb)),
  inbound_out as (
    insert into inbound (channel_id, payload, outcome, problem)
    select "channelId", payload, case when problem is null then 'taken' else 'corrupt' end, problem
    from json_to_recordset($5::json) as i("channelId" text, payload text, problem text)),
  told as (select pg_notify('balcao', payload) from unnest($6::text[]) as payload)`

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
  const messages: unknown[] = []
  const attachments: unknown[] = []
  const activities: unknown[] = []
  for (const conversation of held) {
    for (const { author, delivery, attachments: files, ...message } of conversation.messages) {
      messages.push({
        ...message, conversationId: conversation.id, author: author.by, operatorId: author.by === 'operator' ? author.id : null,
        key: delivery?.key ?? null, deliveryState: delivery?.state ?? null, dueAt: delivery?.dueAt ?? null, reason: delivery?.reason ?? null,
      })
      for (const [position, file] of files.entries()) {
        const sha256 = file.source.startsWith('file:') ? file.source.slice(5) : null
        attachments.push({
          id: randomUUID(), conversationId: conversation.id, seq: message.seq, position, kind: file.kind, mimeType: file.mimeType,
          name: file.name ?? null, bytes: file.bytes ?? null, source: file.source, sha256, channelId: message.channelId,
          state: sha256 ? 'stored' : 'pending', at: message.at,
        })
      }
    }
    for (const { author, ...activity } of conversation.activities) {
      activities.push({
        ...activity, conversationId: conversation.id, author: author.by, operatorId: author.by === 'operator' ? author.id : null,
      })
    }
  }
  const conversations = held.map(({ messages: _m, activities: _a, thread: _t, citizen: _c, addresses: _d, ...row }) => row)
  return [storable(conversations), storable(messages), storable(attachments), storable(activities), storable(raw), notices]
}

/** JSON that PostgreSQL takes: it knows neither U+0000 nor half a surrogate pair. */
export function storable(value: unknown): string {
  const json = JSON.stringify(value)
  if (!/\\u(?:0000|d[89a-f])/i.test(json)) return json
  return json.replace(/\\\\|\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, (found) => (found === '\\\\' ? found : '\ufffd'))
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
    for (const { channelId, address, route } of conversation.addresses) await addAddress(trx, conversation, channelId, address, route)
    if (conversation.messages.some((message) => message.delivery?.state === 'failed')) await countFailures(trx, conversation.id)
    if (conversation.optOut) {
      await trx.updateTable('identity').set({ opted_out_at: now }).where('id', '=', conversation.optOut).execute()
    }
  }
}

/** A second way to this citizen. An address that is somebody else's already stays theirs: nothing is joined without proof. */
async function addAddress(trx: Trx, { id, citizenId }: Held, channelId: string, address: string, route: Route): Promise<void> {
  await sql`insert into identity (channel_id, address, citizen_id, email) values (${channelId}, ${address}, ${citizenId}, ${address}) on conflict do nothing`.execute(trx)
  await sql`insert into thread (conversation_id, identity_id, channel_id, route)
    select ${id}, i.id, i.channel_id, ${JSON.stringify(route)}::jsonb from identity i
    where i.channel_id = ${channelId} and i.address = ${address} and i.citizen_id = ${citizenId} on conflict do nothing`.execute(trx)
}

/** Counted, never added to: it cannot drift. */
export async function countFailures(trx: Trx, conversationId: string): Promise<void> {
  await sql`update conversation set failed_deliveries = (
      select count(*) from delivery where conversation_id = ${conversationId} and state in ('failed', 'unknown')),
    version = version + 1, changed_at = now() where id = ${conversationId}`.execute(trx)
}
