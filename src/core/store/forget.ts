/** Takes out of the database what may not be kept any longer. Facts for reports stay: they name nobody. */

import { sql } from 'kysely'
import { noticesFrom } from '../signals.ts'
import { notify } from './rare.ts'
import type { Db, Trx } from './schema.ts'

/** Closed before `closedBefore`; locked, so that nobody opens one again meanwhile. */
export async function closedLongAgo(trx: Trx, closedBefore: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id::text from conversation where state = 'closed' and closed_at < ${closedBefore}
    order by closed_at limit ${limit} for update skip locked`.execute(trx)
  return rows.map(({ id }) => id)
}

export async function conversationsOf(trx: Trx, citizenId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id::text from conversation where citizen_id = ${citizenId} order by id for update`.execute(trx)
  return rows.map(({ id }) => id)
}

/** Whose the addresses would be that were left in them, and that nobody has said yes to. */
export async function addressesLeftIn(trx: Trx, ids: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct i.citizen_id::text as id from thread t join identity i on i.id = t.identity_id
    where t.conversation_id = any(${ids}::bigint[]) and t.unproven`.execute(trx)
  return rows.map(({ id }) => id)
}

/** All that was said and done in them, and they themselves. Returns the files that their messages named. */
export async function forgetConversations(trx: Trx, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const these = sql`any(${ids}::bigint[])`
  const messages = sql`(select id from message where conversation_id = ${these})`
  const calls = sql`(select id from call where conversation_id = ${these})`
  // The search index is written behind everybody's back: not now.
  await sql`select pg_advisory_xact_lock(hashtextextended('index messages', 7))`.execute(trx)
  const { rows: files } = await sql<{ source: string }>`
    select source from attachment where message_id in ${messages} and source like 'file:%'
    union select a->>'source' from message m, jsonb_array_elements(m.content->'attachments') a
      where m.conversation_id = ${these} and jsonb_typeof(m.content->'attachments') = 'array' and a->>'source' like 'file:%'`.execute(trx)
  for (const table of ['message_search', 'message_part', 'message_revision', 'reaction', 'attachment', 'delivery']) {
    await sql`delete from ${sql.ref(table)} where message_id in ${messages}`.execute(trx)
  }
  for (const table of ['call_link', 'call_ring', 'call_person']) await sql`delete from ${sql.ref(table)} where call_id in ${calls}`.execute(trx)
  for (const table of ['call', 'survey', 'request', 'draft', 'read_mark', 'act_once', 'activity', 'message']) {
    await sql`delete from ${sql.ref(table)} where conversation_id = ${these}`.execute(trx)
  }
  await sql`update conversation set thread_id = null where id = ${these}`.execute(trx)
  await sql`update conversation set merged_into = null where merged_into = ${these}`.execute(trx)
  await sql`delete from thread where conversation_id = ${these}`.execute(trx)
  await sql`delete from conversation where id = ${these}`.execute(trx)
  // Heard by every process: it is on their screens and in their counts, and whoever erases may be a command of its own.
  await notify(trx, noticesFrom('forget', { type: 'changed', changes: ids.map((conversationId) => ({ conversationId })) }))
  return files.map(({ source }) => source)
}

/** Those whom nothing speaks of any more. An address that wants no messages is kept, without a name: or it would get some. */
export async function forgetStrangers(trx: Trx, citizens: string[] | { unknownSince: Date }): Promise<void> {
  const lonely = sql`not exists (select from conversation c where c.citizen_id = p.id)
    and not exists (select from thread t join identity i on i.id = t.identity_id where i.citizen_id = p.id)
    and ${Array.isArray(citizens) ? sql`p.id = any(${citizens}::bigint[])` : sql`coalesce(p.changed_at, p.created_at) < ${citizens.unknownSince}`}`
  const { rows } = await sql<{ id: string }>`select p.id::text from citizen p where ${lonely} order by p.id limit 1000 for update skip locked`.execute(trx)
  if (rows.length === 0) return
  const these = sql`any(${rows.map(({ id }) => id)}::bigint[])`
  const silent = sql`(opted_out_at is not null or blocked_at is not null)`
  await sql`delete from identity_link where from_citizen_id = ${these} or to_citizen_id = ${these} or identity_id in (select id from identity where citizen_id = ${these})`.execute(trx)
  await sql`delete from identity_alias where identity_id in (select id from identity where citizen_id = ${these} and not ${silent})`.execute(trx)
  await sql`delete from identity where citizen_id = ${these} and not ${silent}`.execute(trx)
  await sql`update identity set name = null, email = null where citizen_id = ${these}`.execute(trx)
  await sql`update citizen set name = null, attributes = '{}', tags = '{}' where id = ${these}`.execute(trx)
  await sql`delete from citizen p where p.id = ${these} and not exists (select from identity i where i.citizen_id = p.id)`.execute(trx)
}

/** Attachments of messages from before: their rows say that they are gone. Returns the files that they named. */
export async function forgetAttachments(trx: Trx, before: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ source: string }>`
    with old as (
      select a.id, a.source from attachment a join message m on m.id = a.message_id
      where a.state = 'stored' and m.created_at < ${before} order by a.id limit ${limit} for update of a skip locked)
    update attachment a set state = 'refused', detail = 'expired', source = 'expired', sha256 = null
    from old where a.id = old.id returning old.source`.execute(trx)
  return rows.map(({ source }) => source).filter((source) => source.startsWith('file:'))
}

/** Which of these files something still names: the same picture may have been sent twice. */
export async function stillNamed(db: Db, sources: string[]): Promise<Set<string>> {
  if (sources.length === 0) return new Set()
  const { rows } = await sql<{ source: string }>`
    select distinct s.source from unnest(${sources}::text[]) as s(source)
    where exists (select from attachment a where a.source = s.source)
      or exists (select from quick_answer q where q.attachments @> jsonb_build_array(jsonb_build_object('source', s.source)))`.execute(db)
  return new Set(rows.map(({ source }) => source))
}

/** Vendors' payloads that speak of one of these addresses, word for word. */
export async function forgetPayloads(trx: Trx, addresses: string[]): Promise<void> {
  for (const address of addresses.filter((each) => each.length >= 5)) {
    await sql`delete from inbound where strpos(payload, ${address}) > 0`.execute(trx)
  }
}
