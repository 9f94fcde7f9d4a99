/** Joining and parting: identities to citizens, conversations to conversations. Each can be undone, and each leaves its trace. */

import { sql } from 'kysely'
import type { Operator } from './model.ts'
import { visibleTo } from './policy.ts'
import type { Change, Signals } from './signals.ts'
import { notify } from './store/rare.ts'
import type { Pool } from './store/pool.ts'
import type { Trx } from './store/schema.ts'

export interface Joining { pool: Pool; signals: Signals; now: () => Date; referencePrefix: () => string }

/** undefined: one of them is not there, or not for this operator's eyes. */
export async function linkIdentity({ pool, signals, now }: Joining, operator: Operator, identityId: string, toCitizenId: string, proof: string): Promise<boolean> {
  return told(pool, signals, async (trx) => {
    const identity = await trx.selectFrom('identity').selectAll().where('id', '=', identityId).forUpdate().executeTakeFirst()
    if (!identity || identity.citizen_id === toCitizenId) return undefined
    if (!await mayKnow(trx, operator, identity.citizen_id) || !await mayKnow(trx, operator, toCitizenId)) return undefined
    await trx.insertInto('identity_link')
      .values({ identity_id: identityId, from_citizen_id: identity.citizen_id, to_citizen_id: toCitizenId, proof, operator_id: operator.id, at: now() }).execute()
    return moveIdentity(trx, identityId, toCitizenId, operator, 'linked', now())
  })
}

/** The identity goes back to whom it came from, with the conversations that are its alone. */
export async function undoLink({ pool, signals, now }: Joining, operator: Operator, linkId: string): Promise<boolean> {
  return told(pool, signals, async (trx) => {
    const link = await trx.selectFrom('identity_link').selectAll().where('id', '=', linkId).where('undone_at', 'is', null).forUpdate().executeTakeFirst()
    if (!link || !await mayKnow(trx, operator, link.to_citizen_id)) return undefined
    await trx.updateTable('identity_link').set({ undone_at: now() }).where('id', '=', linkId).execute()
    return moveIdentity(trx, link.identity_id, link.from_citizen_id, operator, 'unlinked', now())
  })
}

/** Without an operator: the citizen has said so. */
export async function moveIdentity(trx: Trx, identityId: string, toCitizenId: string, operator: Operator | null, what: 'linked' | 'unlinked', at: Date): Promise<Change[]> {
  await trx.updateTable('identity').set({ citizen_id: toCitizenId }).where('id', '=', identityId).execute()
  // Only what was written by this identity, or by it and whom it joins: a conversation with anybody else stays where it is.
  const { rows } = await sql<{ id: string; open: boolean }>`
    select c.id::text, c.state <> 'closed' and not c.aside as open from conversation c
    where c.id in (select conversation_id from thread where identity_id = ${identityId} and not unproven)
      and not exists (select from thread t join identity i on i.id = t.identity_id
        where t.conversation_id = c.id and t.identity_id <> ${identityId} and not t.unproven and i.citizen_id <> ${toCitizenId})
      and c.citizen_id <> ${toCitizenId}
    order by c.id for update`.execute(trx)
  for (const { id, open } of rows) {
    const rival = open && await trx.selectFrom('conversation').select('id').where('citizen_id', '=', toCitizenId)
      .where('state', '<>', 'closed').where('aside', '=', false).executeTakeFirst()
    await sql`update conversation set citizen_id = ${toCitizenId}, aside = aside or ${Boolean(rival)}, version = version + 1, changed_at = now() where id = ${id}`.execute(trx)
    await trx.insertInto('activity').values({
      conversation_id: id, author: operator ? 'operator' : 'citizen', operator_id: operator?.id ?? null, type: what, data: JSON.stringify({ identity: identityId }), at,
    }).execute()
  }
  return rows.map(({ id }) => ({ conversationId: id }))
}

/** All messages of `from` join `into`, in the order of time; `from` is closed and points there. Both must belong to one citizen. */
export async function mergeConversations({ pool, signals, now }: Joining, operator: Operator, from: string, into: string): Promise<boolean> {
  return told(pool, signals, async (trx) => {
    const both = await lockSeen(trx, operator, [from, into])
    if (from === into || both.length !== 2 || both[0]!.citizen_id !== both[1]!.citizen_id) return undefined
    const at = now()
    await sql`update thread t set conversation_id = ${into} where t.conversation_id = ${from} and not exists (
      select from thread o where o.conversation_id = ${into} and o.identity_id = t.identity_id and o.vendor_thread = t.vendor_thread)`.execute(trx)
    const same = sql`from thread a join thread b on b.conversation_id = ${into} and b.identity_id = a.identity_id and b.vendor_thread = a.vendor_thread where a.conversation_id = ${from}`
    await sql`update message m set thread_id = s.b from (select a.id as a, b.id as b ${same}) s where m.thread_id = s.a`.execute(trx)
    await sql`update delivery d set thread_id = s.b from (select a.id as a, b.id as b ${same}) s where d.thread_id = s.a`.execute(trx)
    const last = await renumber(trx, into, sql`conversation_id in (${from}, ${into})`)
    await sql`update conversation set state = 'closed', operator_id = null, wake_at = null, asleep_since = null, waiting_since = null, closed_at = coalesce(closed_at, ${at}), merged_into = ${into},
      thread_id = null, unanswered = false, due_at = null, resolve_by = null, last_seq = 0, failed_deliveries = 0, mentioned = '{}', version = version + 1, changed_at = now() where id = ${from}`.execute(trx)
    await sql`delete from thread where conversation_id = ${from}`.execute(trx)
    await settleNumbers(trx, into, last)
    await record(trx, operator, into, 'merged', { from }, at)
    await record(trx, operator, from, 'merged', { into }, at)
    return [{ conversationId: from }, { conversationId: into }]
  })
}

/** The messages from this number on become a conversation of their own, beside the other. Returns its id. */
export async function splitConversation({ pool, signals, now, referencePrefix }: Joining, operator: Operator, id: string, fromSeq: number): Promise<string | undefined> {
  let made: string | undefined
  await told(pool, signals, async (trx) => {
    const [old] = await lockSeen(trx, operator, [id])
    if (!old || fromSeq <= 1 || fromSeq > old.last_seq) return undefined
    const at = now()
    const { rows: [fresh] } = await sql<{ id: string }>`
      with n as (select nextval('conversation_id_seq') as id)
      insert into conversation (id, reference, citizen_id, state, department_id, waiting_since, aside, language, topic, channel_id, unanswered, opened_at, last_message_at, listed_at)
      select n.id, ${referencePrefix()} || '-' || extract(year from ${at}::timestamptz) || '-' || lpad(n.id::text, 6, '0'), c.citizen_id, 'waiting',
        coalesce(c.department_id, (select department_id from conversation where department_id is not null limit 1), 'geral'), ${at}, true, c.language, c.topic, c.channel_id, true, ${at}, c.last_message_at, c.last_message_at
      from conversation c, n where c.id = ${id} returning id::text`.execute(trx)
    made = fresh!.id
    await sql`insert into thread (conversation_id, identity_id, channel_id, vendor_thread, route, last_inbound_at, unproven)
      select ${made}, identity_id, channel_id, vendor_thread, route, last_inbound_at, unproven from thread where conversation_id = ${id}`.execute(trx)
    const moved = sql`conversation_id = ${id} and seq >= ${fromSeq}`
    await sql`update message m set thread_id = b.id from thread a join thread b on b.conversation_id = ${made} and b.identity_id = a.identity_id and b.vendor_thread = a.vendor_thread
      where m.conversation_id = ${id} and m.seq >= ${fromSeq} and a.id = m.thread_id`.execute(trx)
    await sql`update delivery d set thread_id = m.thread_id from message m where m.id = d.message_id and m.conversation_id = ${id} and m.seq >= ${fromSeq}`.execute(trx)
    const last = await renumber(trx, made, moved)
    await sql`update conversation set thread_id = (select thread_id from message where conversation_id = ${made} and thread_id is not null order by seq desc limit 1) where id = ${made}`.execute(trx)
    await settleNumbers(trx, made, last)
    await settleNumbers(trx, id, fromSeq - 1)
    await record(trx, operator, made, 'split', { from: id }, at)
    await record(trx, operator, id, 'split', { into: made }, at)
    return [{ conversationId: id }, { conversationId: made }]
  })
  return made
}

/** Gapless again, in the order of time. By way of negative numbers, for no number may stand twice even for a moment. */
async function renumber(trx: Trx, into: string, which: ReturnType<typeof sql>): Promise<number> {
  await sql`update message m set conversation_id = ${into}, seq = -r.n
    from (select id, row_number() over (order by created_at, conversation_id, seq) as n from message where ${which}) r where m.id = r.id`.execute(trx)
  await sql`update message set seq = -seq where conversation_id = ${into} and seq < 0`.execute(trx)
  await sql`update delivery d set conversation_id = m.conversation_id, seq = m.seq, behind = false from message m where m.id = d.message_id and m.conversation_id = ${into}`.execute(trx)
  await sql`update message_search s set conversation_id = ${into} from message m where m.id = s.message_id and m.conversation_id = ${into} and s.conversation_id <> ${into}`.execute(trx)
  const { rows: [top] } = await sql<{ last: number }>`select coalesce(max(seq), 0)::int as last from message where conversation_id = ${into}`.execute(trx)
  return top!.last
}

async function settleNumbers(trx: Trx, id: string, lastSeq: number): Promise<void> {
  await sql`update conversation c set last_seq = ${lastSeq}, version = version + 1, changed_at = now(),
    last_inbound_seq = coalesce((select max(seq) from message where conversation_id = c.id and direction = 'in'), 0),
    last_inbound_at = (select max(created_at) from message where conversation_id = c.id and direction = 'in'),
    last_message_at = coalesce((select max(created_at) from message where conversation_id = c.id and direction <> 'note'), c.last_message_at),
    listed_at = coalesce((select max(created_at) from message where conversation_id = c.id and direction <> 'note'), c.listed_at),
    preview = coalesce((select left(content->>'text', 140) from message where conversation_id = c.id and direction <> 'note' order by seq desc limit 1), ''),
    preview_by = coalesce((select author from message where conversation_id = c.id and direction <> 'note' order by seq desc limit 1), c.preview_by),
    failed_deliveries = (select count(*) from delivery where conversation_id = c.id and state in ('failed', 'unknown')),
    mentioned = array(select distinct jsonb_array_elements_text(content->'mentions') from message where conversation_id = c.id and direction = 'note')
    where id = ${id}`.execute(trx)
}

async function lockSeen(trx: Trx, operator: Operator, ids: string[]) {
  return trx.selectFrom('conversation').select(['id', 'citizen_id', 'last_seq', 'state']).where('id', 'in', ids).where(visibleTo(operator)).orderBy('id').forUpdate().execute()
}

async function mayKnow(trx: Trx, operator: Operator, citizenId: string): Promise<boolean> {
  const row = await trx.selectFrom('conversation').select('id').where('citizen_id', '=', citizenId).where(visibleTo(operator)).limit(1).executeTakeFirst()
  return row !== undefined
}

async function record(trx: Trx, operator: Operator, id: string, type: string, data: Record<string, unknown>, at: Date): Promise<void> {
  await trx.insertInto('activity').values({ conversation_id: id, author: 'operator', operator_id: operator.id, type, data: JSON.stringify(data), at }).execute()
}

/** In one transaction; every page hears of it. undefined: nothing was done. */
export async function told(pool: Pool, signals: Signals, work: (trx: Trx) => Promise<Change[] | undefined>): Promise<boolean> {
  const changes = await pool.db.transaction().execute(async (trx) => {
    const done = await work(trx)
    if (done) await notify(trx, signals.notices({ type: 'changed', changes: done }))
    return done
  })
  if (changes) signals.tell({ type: 'changed', changes })
  return changes !== undefined
}
