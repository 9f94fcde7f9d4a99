/** Calls as the database keeps them: the call, its links, whom it rings, who is in it. */

import { sql } from 'kysely'
import type { ConversationId, DepartmentId, OperatorId } from '../model.ts'
import type { Db, Trx } from './schema.ts'

export type CallState = 'asked' | 'ringing' | 'accepted' | 'active' | 'ended' | 'missed' | 'declined' | 'expired'
export const openStates: CallState[] = ['asked', 'ringing', 'accepted', 'active']

/** With what the citizen comes: camera and microphone, one of them, or neither. */
export type Brings = 'all' | 'sound' | 'picture' | 'nothing'
export interface Call {
  id: string
  conversationId: ConversationId
  room: string
  state: CallState
  departmentId: DepartmentId | null
  operatorId: OperatorId | null
  askedBy: 'citizen' | 'operator'
  askedSeq: number
  askedAt: Date
  acceptedAt: Date | null
  waitingSince: Date | null
  citizenBrings: Brings | null
  citizenJoinedAt: Date | null
  operatorJoinedAt: Date | null
  startedAt: Date | null
  endedAt: Date | null
  expiresAt: Date
  roomOpenedAt: Date | null
  roomClosedAt: Date | null
  outcome: string | null
  note: string | null
}
export interface Ring { id: string; operatorId: OperatorId; purpose: 'first' | 'also'; at: Date; outcome: 'accepted' | 'declined' | 'unanswered' | null }
export interface Person { role: 'citizen' | 'operator' | 'guest'; key: string; name: string | null; joinedAt: Date; leftAt: Date | null; seenAt: Date }
export interface Link { hash: string; callId: string; role: 'citizen' | 'guest'; name: string | null; holderHash: string | null; seenAt: Date | null; replacedAt: Date | null }

const columns = sql.raw(`id::text, conversation_id::text as "conversationId", room, state, department_id as "departmentId", operator_id as "operatorId",
  asked_by as "askedBy", asked_seq as "askedSeq", asked_at as "askedAt", accepted_at as "acceptedAt", waiting_since as "waitingSince", citizen_brings as "citizenBrings",
  citizen_joined_at as "citizenJoinedAt", operator_joined_at as "operatorJoinedAt", started_at as "startedAt", ended_at as "endedAt",
  expires_at as "expiresAt", room_opened_at as "roomOpenedAt", room_closed_at as "roomClosedAt", outcome, note`)

export type Where = { id: string } | { conversation: string } | { room: string } | { open: true }

export async function readCalls(db: Db, where: Where, locked = false): Promise<Call[]> {
  const condition = 'id' in where ? sql`id = ${where.id}` : 'conversation' in where ? sql`conversation_id = ${where.conversation}`
    : 'room' in where ? sql`room = ${where.room}` : sql`state in ('asked', 'ringing', 'accepted', 'active')`
  const { rows } = await sql<Call>`select ${columns} from call where ${condition} order by id ${locked ? sql`for update` : sql``}`.execute(db)
  return rows
}

export async function insertCall(trx: Trx, call: Pick<Call, 'conversationId' | 'room' | 'state' | 'departmentId' | 'operatorId' | 'askedBy' | 'askedSeq' | 'askedAt' | 'acceptedAt' | 'expiresAt'>): Promise<string> {
  const { id } = await trx.insertInto('call').values({
    conversation_id: call.conversationId, room: call.room, state: call.state, department_id: call.departmentId, operator_id: call.operatorId,
    asked_by: call.askedBy, asked_seq: call.askedSeq, asked_at: call.askedAt, accepted_at: call.acceptedAt, expires_at: call.expiresAt,
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function saveCall(trx: Trx, call: Call): Promise<void> {
  await trx.updateTable('call').set({
    state: call.state, department_id: call.departmentId, operator_id: call.operatorId, accepted_at: call.acceptedAt, waiting_since: call.waitingSince, citizen_brings: call.citizenBrings,
    citizen_joined_at: call.citizenJoinedAt, operator_joined_at: call.operatorJoinedAt, started_at: call.startedAt, ended_at: call.endedAt,
    room_opened_at: call.roomOpenedAt, room_closed_at: call.roomClosedAt, outcome: call.outcome, note: call.note,
  }).where('id', '=', call.id).execute()
}

// ── Links ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A citizen's newer link ends the older one. */
export async function insertLink(trx: Trx, link: Pick<Link, 'hash' | 'callId' | 'role' | 'name'>, now: Date): Promise<void> {
  if (link.role === 'citizen') {
    await trx.updateTable('call_link').set({ replaced_at: now }).where('call_id', '=', link.callId).where('role', '=', 'citizen').where('replaced_at', 'is', null).execute()
  }
  await trx.insertInto('call_link').values({ token_hash: link.hash, call_id: link.callId, role: link.role, name: link.name, created_at: now }).execute()
}

export async function readLink(db: Db, hash: string): Promise<Link | undefined> {
  const { rows } = await sql<Link>`select token_hash as hash, call_id::text as "callId", role, name, holder_hash as "holderHash", seen_at as "seenAt",
    replaced_at as "replacedAt" from call_link where token_hash = ${hash}`.execute(db)
  return rows[0]
}

/** The first browser gets it; true also for that browser later. */
export async function holdLink(trx: Trx, hash: string, holderHash: string, now: Date): Promise<boolean> {
  const row = await trx.updateTable('call_link').set({ holder_hash: holderHash, seen_at: now })
    .where('token_hash', '=', hash).where('replaced_at', 'is', null)
    .where((eb) => eb.or([eb('holder_hash', 'is', null), eb('holder_hash', '=', holderHash)])).returning('call_id').executeTakeFirst()
  return row !== undefined
}

/** The page is open there: null when it has been closed. */
export async function seeLink(db: Db, hash: string, at: Date | null): Promise<void> {
  await db.updateTable('call_link').set({ seen_at: at }).where('token_hash', '=', hash).execute()
}

export async function citizenSeenAt(db: Db, callId: string): Promise<Date | null> {
  const row = await db.selectFrom('call_link').select('seen_at').where('call_id', '=', callId).where('role', '=', 'citizen').where('replaced_at', 'is', null).executeTakeFirst()
  return row?.seen_at ?? null
}

// ── Rings ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function readRings(db: Db, callIds: string[]): Promise<(Ring & { callId: string })[]> {
  if (callIds.length === 0) return []
  const { rows } = await sql<Ring & { callId: string }>`select id::text, call_id::text as "callId", operator_id as "operatorId", purpose, at, outcome
    from call_ring where call_id = any(${callIds}::bigint[]) order by id`.execute(db)
  return rows
}

export async function ring(trx: Trx, callId: string, operatorId: OperatorId, purpose: Ring['purpose'], now: Date): Promise<void> {
  await trx.insertInto('call_ring').values({ call_id: callId, operator_id: operatorId, purpose, at: now }).onConflict((conflict) => conflict.doNothing()).execute()
}

/** Ends what still rings: of one operator, or of all. */
export async function answerRings(trx: Trx, callId: string, outcome: 'accepted' | 'declined' | 'unanswered', now: Date, only: { operatorId?: OperatorId; purpose?: Ring['purpose'] } = {}): Promise<void> {
  let query = trx.updateTable('call_ring').set({ outcome, answered_at: now }).where('call_id', '=', callId).where('outcome', 'is', null)
  if (only.operatorId !== undefined) query = query.where('operator_id', '=', only.operatorId)
  if (only.purpose !== undefined) query = query.where('purpose', '=', only.purpose)
  await query.execute()
}

/**
 * Operators who are there, of this department, in no call and rung by no other; whoever owns the conversation first, then who was
 * rung longest ago.
 */
export async function freeOperators(db: Db, call: Pick<Call, 'id' | 'departmentId'>, ownerId: OperatorId | null): Promise<OperatorId[]> {
  const { rows } = await sql<{ id: string }>`
    select o.id from operator o
    where o.presence = 'online' and o.seen_at > now() - interval '60 seconds' and o.disabled_at is null
      and (${call.departmentId}::text is null or ${call.departmentId} = any(o.departments) or o.id = ${ownerId})
      and not exists (select from call c where c.state in ('accepted', 'active') and c.operator_id = o.id and c.operator_joined_at is not null and c.id <> ${call.id})
      and not exists (select from call_ring r join call c on c.id = r.call_id where r.operator_id = o.id and r.outcome is null and c.id <> ${call.id}
        and c.state in ('asked', 'ringing', 'accepted', 'active'))
    order by (o.id = ${ownerId}) is true desc, (select max(r.at) from call_ring r where r.operator_id = o.id) nulls first, o.id`.execute(db)
  return rows.map(({ id }) => id)
}

// ── People ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export async function readPeople(db: Db, callIds: string[]): Promise<(Person & { callId: string })[]> {
  if (callIds.length === 0) return []
  const { rows } = await sql<Person & { callId: string }>`select call_id::text as "callId", role, key, name, joined_at as "joinedAt", left_at as "leftAt", seen_at as "seenAt"
    from call_person where call_id = any(${callIds}::bigint[]) order by id`.execute(db)
  return rows
}

/** False: they were in it already. */
export async function personJoins(trx: Trx, callId: string, person: Pick<Person, 'role' | 'key' | 'name'>, now: Date): Promise<boolean> {
  const { rows } = await sql<{ fresh: boolean }>`
    insert into call_person as p (call_id, role, key, name, joined_at, seen_at) values (${callId}, ${person.role}, ${person.key}, ${person.name}, ${now}, ${now})
    on conflict (call_id, role, key) do update set left_at = null, seen_at = excluded.seen_at, joined_at = excluded.joined_at, name = excluded.name
      where p.left_at is not null
    returning true as fresh`.execute(trx)
  return rows.length > 0
}

/** False: they were not in it. */
export async function personLeaves(trx: Trx, callId: string, { role, key }: Pick<Person, 'role' | 'key'>, now: Date): Promise<boolean> {
  const row = await trx.updateTable('call_person').set({ left_at: now }).where('call_id', '=', callId).where('role', '=', role).where('key', '=', key)
    .where('left_at', 'is', null).returning('id').executeTakeFirst()
  return row !== undefined
}

export async function seePerson(db: Db, callId: string, { role, key }: Pick<Person, 'role' | 'key'>, now: Date): Promise<void> {
  await db.updateTable('call_person').set({ seen_at: now }).where('call_id', '=', callId).where('role', '=', role).where('key', '=', key).where('left_at', 'is', null).execute()
}

/** How many wait before this one, and one more. */
export async function positionOf(db: Db, call: Pick<Call, 'id' | 'departmentId' | 'waitingSince'>): Promise<number> {
  const { rows } = await sql<{ before: number }>`select count(*)::int as before from call
    where state = 'ringing' and department_id is not distinct from ${call.departmentId} and (waiting_since, id) < (${call.waitingSince}::timestamptz, ${call.id}::bigint)`.execute(db)
  return (rows[0]?.before ?? 0) + 1
}
