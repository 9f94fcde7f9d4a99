/** Finds, opens and locks the conversations that a batch of arrivals belongs to. A handful of statements a batch. */

import { CompiledQuery } from 'kysely'
import type { ChannelId, ExternalId, Language, Sender } from '../model.ts'
import { type Held, type HeldRow, heldColumns, hold } from './held.ts'
import { prepared, preparedBlind } from './prepared.ts'
import type { Trx } from './schema.ts'

export interface Arrival {
  channelId: ChannelId
  from: Sender
  externalId: ExternalId
  group?: string
  /** Where nothing is open: false leaves it so (an edit, a reaction of long ago). */
  opens: boolean
  at: Date
}

export interface PendingSurvey { id: string; conversationId: string; subject: string; state: 'asked' | 'scored'; answeredAt: Date | null }

export interface Taken {
  /** Stored before: vendors deliver twice. */
  seen: boolean
  identityId: string
  /** The further picture of an album whose first part is here already: this message. */
  albumOf: string | null
  survey: PendingSurvey | null
  conversation: Held | undefined
}

interface Found {
  n: number
  identityId: string | null
  citizenId: string | null
  optedOut: boolean
  name: string | null
  attributes: Record<string, string> | null
  known: boolean
  seen: boolean
  albumOf: string | null
  conversationId: string | null
  survey: PendingSurvey | null
}

const find = prepared('find', `
select e.n, i.id::text as "identityId", i.citizen_id::text as "citizenId", i.opted_out_at is not null as "optedOut",
  p.name, p.attributes, i.id is not null as known,
  -- Not exists(): PostgreSQL would rather read every message there is, once, into a hash.
  coalesce((select true from message m where m.channel_id = e."channelId" and m.external_id = e."externalId" limit 1),
    (select true from message_part m where m.channel_id = e."channelId" and m.external_id = e."externalId" limit 1), false) as seen,
  case when e."group" is not null then (
    select m.id::text from message m where m.conversation_id = c.id and m.group_key = e."group" limit 1) end as "albumOf",
  c.id::text as "conversationId",
  case when c.id is null then (
    select json_build_object('id', s.id::text, 'conversationId', s.conversation_id::text, 'subject', s.subject,
      'state', s.state, 'answeredAt', s.answered_at)
    from survey s where s.identity_id = i.id and s.state in ('asked', 'scored') and s.expires_at > e.at
    order by s.id desc limit 1) end as survey
from json_to_recordset($1::json) as e(n int, "channelId" text, address text, "externalId" text, "group" text, at timestamptz)
left join identity i on i.channel_id = e."channelId" and i.address = e.address
left join citizen p on p.id = i.citizen_id
left join conversation c on c.citizen_id = i.citizen_id and c.state <> 'closed' and not c.aside`)

const addPeople = prepared('add-people', `
with e as materialized (
  select *, nextval('citizen_id_seq') as citizen_id, nextval('identity_id_seq') as identity_id
  from json_to_recordset($1::json) as e(key text, "channelId" text, address text, name text, phone text, email text, language text, notice text, at timestamptz)),
people as (
  insert into citizen (id, name, language, created_at, notice_version, notice_at)
  select citizen_id, name, language, at, notice, case when notice is not null then at end from e),
identities as (
  insert into identity (id, channel_id, address, citizen_id, name, phone, email, created_at)
  select identity_id, "channelId", address, citizen_id, name, phone, email, at from e)
select key, identity_id::text as "identityId", citizen_id::text as "citizenId" from e`)

const lockKnown = prepared('lock-known', `
select ${heldColumns()} from conversation where id = any($1::bigint[]) and state <> 'closed' order by id for no key update`)

const openNew = prepared('open-new', `
with e as materialized (
  select *, nextval('conversation_id_seq') as id
  from json_to_recordset($1::json) as e("citizenId" bigint, "channelId" text, language text, department text, at timestamptz)
  order by "citizenId")
insert into conversation (id, reference, citizen_id, state, department_id, language, channel_id, opened_at, last_message_at)
select id, $2 || '-' || extract(year from at) || '-' || lpad(id::text, 6, '0'), "citizenId", 'bot', null, language, "channelId", at, at from e
on conflict (citizen_id) where state <> 'closed' and not aside do update set changed_at = now()
returning ${heldColumns()}, xmax = 0 as "isNew"`)

const joinThreads = prepared('join-threads', `
insert into thread (conversation_id, identity_id, channel_id, vendor_thread, route, last_inbound_at)
select "conversationId", "identityId", "channelId", thread, route, at
from json_to_recordset($1::json) as e("conversationId" bigint, "identityId" bigint, "channelId" text, thread text, route jsonb, at timestamptz)
on conflict (conversation_id, identity_id, vendor_thread)
  do update set route = excluded.route, last_inbound_at = greatest(thread.last_inbound_at, excluded.last_inbound_at)
returning id::text, conversation_id::text as "conversationId", identity_id::text as "identityId", vendor_thread as thread`)

const lockEach = preparedBlind('lock-addresses', `select pg_advisory_xact_lock(key) from (
  select distinct hashtextextended(address, 7) as key from unnest($1::text[]) as address order by 1) as ordered`)

const keyOf = (channelId: string, address: string) => `${channelId}\u0000${address}`

/**
 * One Taken for each arrival, in order. Arrivals of one citizen share one Held. When this returns, every conversation in it
 * is locked until the transaction ends, and no other process can open a second one for the same address.
 */
export async function take(trx: Trx, arrivals: Arrival[], prefix: string): Promise<Taken[]> {
  const query = async <Row>(text: string, ...values: unknown[]) => (await trx.executeQuery<Row>(CompiledQuery.raw(text, values))).rows
  await lockAddresses(trx, arrivals)
  await resolveAliases(trx, arrivals)

  const found = await query<Found>(find, JSON.stringify(arrivals.map(({ channelId, from, externalId, group, at }, n) => (
    { n, channelId, address: from.address, externalId, group: group ?? null, at }))))
  found.sort((a, b) => a.n - b.n)

  const strangers = new Map<string, Found[]>()
  for (const row of found) {
    if (row.known) continue
    const { channelId, from } = arrivals[row.n]!
    const key = keyOf(channelId, from.address)
    strangers.set(key, [...(strangers.get(key) ?? []), row])
  }
  if (strangers.size > 0) {
    const people = await query<{ key: string; identityId: string; citizenId: string }>(addPeople, JSON.stringify(
      [...strangers.values()].map((rows, at) => {
        const { channelId, from, at: arrived } = arrivals[rows[0]!.n]!
        return {
          key: String(at), channelId, address: from.address, name: from.name ?? null, phone: from.phone ?? null,
          email: from.email ?? null, language: from.language ?? 'pt', notice: from.notice ?? null, at: arrived,
        }
      })))
    const rowsOf = [...strangers.values()]
    for (const person of people) for (const row of rowsOf[Number(person.key)]!) Object.assign(row, person)
    await addAliases(trx, arrivals, found)
  }

  const held = await holdAll(query, arrivals, found, prefix)
  return found.map((row) => ({
    seen: row.seen, identityId: row.identityId!, albumOf: row.albumOf, survey: row.survey, conversation: held.get(row.n),
  }))
}

/** Holds in memory, not in rows: two processes that meet the same new address wait for each other, in one order. */
async function lockAddresses(trx: Trx, arrivals: Arrival[]): Promise<void> {
  const addresses = arrivals.map(({ channelId, from }) => keyOf(channelId, from.address).replace('\u0000', '|'))
  await trx.executeQuery(CompiledQuery.raw(lockEach, [addresses]))
}

/**
 * Rewrites `from.address` to the address that this person is known by. An alias counts only where it is itself an address: a
 * phone number that somebody gave up, and that now comes with another's name, joins nobody.
 */
async function resolveAliases(trx: Trx, arrivals: Arrival[]): Promise<void> {
  for (const arrival of arrivals) {
    const aliases = arrival.from.aliases
    if (!aliases?.length) continue
    const names = [arrival.from.address, ...aliases]
    const known = await trx.selectFrom('identity').select('address')
      .where('channel_id', '=', arrival.channelId)
      .where((eb) => eb.or([
        eb('address', 'in', names),
        eb('id', 'in', eb.selectFrom('identity_alias').select('identity_id')
          .where('channel_id', '=', arrival.channelId).where('address', '=', arrival.from.address)),
      ]))
      .orderBy('id').limit(1).executeTakeFirst()
    if (known) arrival.from = { ...arrival.from, address: known.address, aliases: names.filter((name) => name !== known.address) }
  }
}

async function addAliases(trx: Trx, arrivals: Arrival[], found: Found[]): Promise<void> {
  for (const row of found) {
    const { channelId, from } = arrivals[row.n]!
    for (const address of from.aliases ?? []) {
      await trx.insertInto('identity_alias').values({ channel_id: channelId, address, identity_id: row.identityId! })
        .onConflict((conflict) => conflict.doNothing()).execute()
    }
  }
}

type Query = <Row>(text: string, ...values: unknown[]) => Promise<Row[]>

/** By index of the arrival; nothing for what was seen, answers a survey, or opens nothing. */
async function holdAll(query: Query, arrivals: Arrival[], found: Found[], prefix: string): Promise<Map<number, Held>> {
  const wanted = found.filter((row) => !row.seen)
  const byId = new Map<string, HeldRow & { isNew: boolean }>()
  const known = [...new Set(wanted.flatMap((row) => row.conversationId ?? (row.survey ? row.survey.conversationId : [])))]
  if (known.length > 0) for (const row of await query<HeldRow>(lockKnown, known)) byId.set(row.id, { ...row, isNew: false })

  const toOpen = new Map<string, { citizenId: string; channelId: string; language: Language; at: Date }>()
  for (const row of wanted) {
    const { channelId, from, opens, at } = arrivals[row.n]!
    if (!opens || row.survey || (row.conversationId && byId.has(row.conversationId))) continue
    if (!toOpen.has(row.citizenId!)) toOpen.set(row.citizenId!, { citizenId: row.citizenId!, channelId, language: from.language ?? 'pt', at })
  }
  const byCitizen = new Map<string, HeldRow & { isNew: boolean }>()
  if (toOpen.size > 0) {
    for (const row of await query<HeldRow & { isNew: boolean }>(openNew, JSON.stringify([...toOpen.values()]), prefix)) byCitizen.set(row.citizenId, row)
  }
  for (const row of byId.values()) byCitizen.set(row.citizenId, row)

  const belongs = new Map<number, HeldRow & { isNew: boolean }>()
  for (const row of wanted) {
    const conversation = row.survey ? undefined : byCitizen.get(row.citizenId!)
    if (conversation) belongs.set(row.n, conversation)
  }
  const threads = await joinAll(query, arrivals, found, belongs)

  const held = new Map<string, Held>()
  const result = new Map<number, Held>()
  for (const [n, conversation] of belongs) {
    const row = found[n]!
    const { channelId, from, at } = arrivals[n]!
    const thread = {
      id: threads.get(`${conversation.id} ${row.identityId} ${from.thread ?? ''}`)!, channelId, identityId: row.identityId!,
      address: from.address, lastInboundAt: at, optedOut: row.optedOut,
    }
    const one = held.get(conversation.id) ?? hold(conversation, {
      isNew: conversation.isNew, thread,
      citizen: { name: row.name ?? from.name ?? null, attributes: row.attributes ?? {}, isNew: !row.known },
    })
    held.set(conversation.id, one)
    result.set(n, one)
  }
  return result
}

async function joinAll(query: Query, arrivals: Arrival[], found: Found[], belongs: Map<number, { id: string }>): Promise<Map<string, string>> {
  // The newest of each, once: one statement may not touch a row twice.
  const wanted = new Map<string, unknown>()
  for (const [n, { id }] of belongs) {
    const { channelId, from, at } = arrivals[n]!
    const identityId = found[n]!.identityId
    wanted.set(`${id} ${identityId} ${from.thread ?? ''}`, { conversationId: id, identityId, channelId, thread: from.thread ?? '', route: from.route, at })
  }
  if (wanted.size === 0) return new Map()
  const sorted = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, thread]) => thread)
  const rows = await query<{ id: string; conversationId: string; identityId: string; thread: string }>(joinThreads, JSON.stringify(sorted))
  return new Map(rows.map((row) => [`${row.conversationId} ${row.identityId} ${row.thread}`, row.id]))
}
