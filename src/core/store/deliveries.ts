/** The outbox in the database: what is due, who may send it, what became of it. */

import { CompiledQuery, sql } from 'kysely'
import type { ChannelId, Content, DeliveryKey, ExternalId, Route, Said, Words } from '../model.ts'
import type { Change } from '../signals.ts'
import { prepared, preparedBlind } from './prepared.ts'
import type { Db, Trx } from './schema.ts'

export interface Outgoing {
  messageId: string
  conversationId: string
  channelId: ChannelId
  key: DeliveryKey
  /** Fence: who settles with an older attempt changes nothing. */
  attempt: number
  /** An earlier attempt was begun and never settled: it may have arrived. */
  doubtful: boolean
  author: 'bot' | 'operator' | 'system' | 'citizen'
  content: Content
  route: Route
  queuedAt: Date
}

/** A bound on what a single claim marks: the rest are marked by the next. */
const markAtOnce = 2_000

/**
 * In a long queue most stand behind another of their thread, and reading them for each claim would cost more than sending. They are
 * marked, so that the next claim reads heads alone. The mark saves work and keeps no order: the order clause does. Whoever marks
 * holds the one ahead, as it stands in the queue; whoever takes that one out waits for it, and then calls the next forward.
 */
const claimDue = prepared('claim', `
with due as materialized (
  select q.message_id, (
    select e.message_id from delivery e where e.thread_id = q.thread_id and e.seq < q.seq and e.state in ('queued', 'sending')
    order by e.seq desc limit 1) as ahead
  from delivery q
  where q.state in ('queued', 'sending') and not q.behind and q.due_at <= $1 and q.channel_id = any($2::text[])),
head as materialized (
  select q.message_id, q.state, q.reason from delivery q
  where q.message_id = any(array(select message_id from due where ahead is null)) and q.state in ('queued', 'sending') and q.due_at <= $1
  order by q.due_at, q.message_id limit $3 for update skip locked),
crowd as materialized (
  select q.message_id, (
    select e.message_id from delivery e where e.thread_id = q.thread_id and e.seq < q.seq and e.state in ('queued', 'sending')
    order by e.seq desc limit 1) as ahead
  from delivery q
  where q.message_id = any(array(select message_id from due where ahead is not null and (select count(*) from due where ahead is not null) > $5))
    and q.state = 'queued'
  limit ${markAtOnce} for update skip locked),
-- As one array, so that all are held before the first row is changed.
held as materialized (
  select array_agg(message_id) as ids from (
    select e.message_id from delivery e where e.message_id = any(array(select ahead from crowd)) and e.state in ('queued', 'sending')
    for share skip locked) as e),
marked as (
  update delivery d set behind = true from crowd, held where d.message_id = crowd.message_id and crowd.ahead = any(held.ids))
update delivery d set state = 'sending', attempt = d.attempt + 1, due_at = $1::timestamptz
  + make_interval(secs => case when (head.state = 'sending' or head.reason = 'ambiguous') and d.channel_id = any($6::text[]) then $7::float8 else $4::float8 end)
from head, message m, thread t
where d.message_id = head.message_id and m.id = d.message_id and t.id = d.thread_id
returning d.message_id::text as "messageId", d.conversation_id::text as "conversationId", d.channel_id as "channelId", d.key,
  d.attempt, (head.state = 'sending' or head.reason = 'ambiguous') as doubtful, m.author, m.content, t.route, d.queued_at as "queuedAt"`)

/**
 * Takes what is due on these channels, at most one message a thread so that order is kept. A claim is a durable intent with a
 * lease: a process that dies leaves `sending` behind, and whoever claims it next knows that it is doubtful.
 */
export async function claim(
  db: Db, { channels, blind, limit, leaseSeconds, doubtSeconds, now, crowd }: {
    channels: ChannelId[]
    /** Those of them where nobody can ask whether a message arrived. */
    blind: ChannelId[]
    limit: number
    leaseSeconds: number
    /** The lease of what is in doubt on a blind channel: it is marked, never sent. */
    doubtSeconds: number
    now: Date
    crowd: number
  },
): Promise<Outgoing[]> {
  const { rows } = await db.executeQuery<Outgoing>(CompiledQuery.raw(claimDue, [now, channels, limit, leaseSeconds, crowd, blind, doubtSeconds]))
  return rows
}

const callNext = preparedBlind('call-next', `
update delivery n set behind = false
from delivery d cross join lateral (
  select e.message_id from delivery e where e.thread_id = d.thread_id and e.seq > d.seq and e.state in ('queued', 'sending')
  order by e.seq limit 1) next
where d.message_id = any($1::bigint[]) and n.message_id = next.message_id`)

/** These have left the queue: the next of each thread is due. A later statement than theirs, so that it sees who was marked meanwhile. */
export async function callForward(trx: Trx, messageIds: string[]): Promise<void> {
  if (messageIds.length > 0) await trx.executeQuery(CompiledQuery.raw(callNext, [messageIds]))
}

const goOn = prepared('go-on', `
with next as (
  select e.message_id, d.message_id as after from delivery d cross join lateral (
    select e.message_id from delivery e where e.thread_id = d.thread_id and e.state in ('queued', 'sending')
    order by e.seq limit 1) e
  where d.message_id = any($1::bigint[])),
fit as materialized (
  select n.message_id, next.after, n.due_at <= $2 and n.channel_id = any($3::text[]) and n.reason is distinct from 'ambiguous' as now
  from next join delivery n on n.message_id = next.message_id where n.state || '' = 'queued' order by n.message_id for update of n)
update delivery n set behind = false, state = case when fit.now then 'sending' else n.state end, attempt = n.attempt + fit.now::int,
  due_at = case when fit.now then $2::timestamptz + make_interval(secs => $4) else n.due_at end
from fit, message m, thread t
where n.message_id = fit.message_id and m.id = n.message_id and t.id = n.thread_id
returning fit.after::text as after, fit.now, n.message_id::text as "messageId", n.conversation_id::text as "conversationId", n.channel_id as "channelId", n.key,
  n.attempt, false as doubtful, m.author, m.content, t.route, n.queued_at as "queuedAt"`)

/** As callForward, and takes those that are due on these channels at once. `after`: whose place it has taken. */
async function takeNext(trx: Trx, messageIds: string[], now: Date, { channels, leaseSeconds }: GoOn): Promise<(Outgoing & { after: string })[]> {
  const { rows } = await trx.executeQuery<Outgoing & { after: string; now: boolean }>(CompiledQuery.raw(goOn, [messageIds, now, channels, leaseSeconds]))
  return rows.flatMap(({ now: isTaken, ...message }) => (isTaken ? message : []))
}

/** Channels on which the next of a thread is claimed by whoever settles the one ahead. */
export interface GoOn { channels: ChannelId[]; leaseSeconds: number }

/** What nothing should make necessary: who stands behind nobody is due. Returns how many there were. */
export async function callForgotten(db: Db): Promise<number> {
  const { rows } = await sql`update delivery d set behind = false where d.behind and not exists (
    select from delivery e where e.thread_id = d.thread_id and e.seq < d.seq and e.state in ('queued', 'sending')) returning d.message_id`.execute(db)
  return rows.length
}

/** The earliest time at which something on these channels comes due; undefined: nothing waits. */
export async function nextDue(db: Db, channels: ChannelId[]): Promise<Date | undefined> {
  const row = await db.selectFrom('delivery').select((eb) => eb.fn.min('due_at').as('at'))
    .where('state', 'in', ['queued', 'sending']).where('behind', '=', false).where('channel_id', 'in', channels).executeTakeFirst()
  return row?.at ?? undefined
}

export type Outcome =
  | { state: 'sent'; externalId: ExternalId | null }
  | { state: 'queued'; dueAt: Date; reason: string; detail: Words }
  | { state: 'failed'; reason: string; detail: Words }
  | { state: 'unknown'; reason: string; detail: Words }
export interface Settlement { messageId: string; conversationId: string; channelId: ChannelId; attempt: number; outcome: Outcome }

/**
 * `state || ''`, here and in go-on: planned while the queue is empty, the state itself would be looked up in an index of all that is queued, and each
 * message of a batch would read the whole queue. 10,000 messages once left at 165/s.
 */
const settleAll = prepared('settle', `
with s as (
  select * from json_to_recordset($1::json) as s("messageId" bigint, "conversationId" bigint, attempt int, state text, "externalId" text, "dueAt" timestamptz, reason text, detail json)),
-- Before any delivery, and by id, as everybody does: or two would wait for each other.
touched as materialized (
  select c.id from conversation c where c.id = any(array(select "conversationId" from s)) order by c.id for no key update),
done as (
  update delivery d set state = s.state, external_id = coalesce(s."externalId", d.external_id), due_at = coalesce(s."dueAt", d.due_at),
    reason = s.reason, detail = s.detail ->> 'pt', detail_en = s.detail ->> 'en', sent_at = case when s.state = 'sent' then $2::timestamptz else d.sent_at end
  from s where d.message_id = s."messageId" and d.attempt = s.attempt and d.state || '' = 'sending' and (select count(*) from touched) >= 0
  returning d.conversation_id, d.channel_id, d.external_id, d.message_id, d.state),
saved as (
  update conversation c set version = version + 1, changed_at = now(), failed_deliveries = c.failed_deliveries + n.failed
  from (select conversation_id as id, (count(*) filter (where state in ('failed', 'unknown')))::int as failed from done group by 1) n
  where c.id = n.id returning c.id)
select d.message_id::text as "messageId", d.state, d.conversation_id::text as "conversationId", d.channel_id as "channelId", d.external_id as "externalId",
  exists (select from early_status e where e.channel_id = d.channel_id and e.external_id = d.external_id) as early
from done d`)

export interface Settling {
  now: Date
  /** Nobody goes on when left out. */
  goOn?: GoOn
  progress: (trx: Trx, channelId: string, status: { externalId: ExternalId; state: 'sent' | 'delivered' | 'read' | 'failed'; reason?: Said }) => Promise<unknown>
}

/** Says what became of each, unless somebody newer has taken it over; early receipts are applied. Returns what changed, and what has been claimed behind it. */
export async function settle(
  trx: Trx, settlements: Settlement[], { now, goOn: { channels, leaseSeconds } = { channels: [], leaseSeconds: 0 }, progress }: Settling,
): Promise<{ changes: Change[]; next: (Outgoing & { after: string })[] }> {
  const rows = (await trx.executeQuery<{ messageId: string; state: string; conversationId: string; channelId: string; externalId: string | null; early: boolean }>(
    CompiledQuery.raw(settleAll, [JSON.stringify(settlements.map(({ messageId, conversationId, attempt, outcome }) => ({ messageId, conversationId, attempt, ...outcome }))), now]))).rows
  const left = rows.flatMap(({ messageId, state }) => (state === 'queued' ? [] : messageId))
  const next = channels.length > 0 && left.length > 0 ? await takeNext(trx, left, now, { channels, leaseSeconds }) : []
  if (channels.length === 0) await callForward(trx, left)
  for (const { channelId, externalId, early } of rows) {
    if (!early || externalId === null) continue
    const statuses = await trx.deleteFrom('early_status').where('channel_id', '=', channelId).where('external_id', '=', externalId)
      .returning(['state', 'reason', 'detail', 'detail_en']).execute()
    for (const { state, reason, detail, detail_en: en } of statuses) {
      const said = reason ?? (detail === null ? undefined : { pt: detail, en: en ?? detail })
      await progress(trx, channelId, { externalId, state: state as 'delivered', ...(said !== undefined && { reason: said }) })
    }
  }
  return { changes: [...new Set(rows.map((row) => row.conversationId))].map((conversationId) => ({ conversationId })), next }
}

/** What an operator decides of a message that failed or of which nobody knows. False: it is no longer in that state. */
export async function decide(trx: Trx, messageId: string, decision: 'resend' | 'arrived' | 'give-up' | 'undo', now: Date): Promise<{ conversationId: string } | undefined> {
  const from = { resend: ['failed', 'unknown'], arrived: ['unknown'], 'give-up': ['failed', 'unknown'], undo: ['queued'] }[decision]
  const to = { resend: 'queued', arrived: 'sent', 'give-up': 'cancelled', undo: 'cancelled' } as const
  const row = await trx.updateTable('delivery')
    .set((eb) => ({
      state: to[decision],
      ...(decision === 'resend' && {
        due_at: now, reason: null, detail: null, detail_en: null,
        // A person has decided: from here on it is a new sending, or vendors that know the key would swallow it.
        key: sql<string>`key || '-r' || attempt`,
      }),
      ...(decision === 'arrived' && { sent_at: now }),
      ...(decision === 'undo' && { reason: eb.val('undone'), behind: false }),
    }))
    .where('message_id', '=', messageId).where('state', 'in', from as never[])
    .returning('conversation_id').executeTakeFirst()
  if (row && decision === 'undo') await callForward(trx, [messageId])
  return row && { conversationId: row.conversation_id }
}
