/** Finds, opens and locks the conversations that a batch of arrivals belongs to. A handful of statements a batch. */

import { CompiledQuery } from 'kysely'
import type { ChannelId, ExternalId, Language, Sender } from '../model.ts'
import { columns } from './arrays.ts'
import { type Held, type HeldRow, type HeldThread, heldColumns, hold } from './held.ts'
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
  place: Place | undefined
}

/** Others of the same batch may be in the same conversation by a thread of their own. */
export interface Place { held: Held; thread: HeldThread }

interface Found {
  n: number
  identityId: string | null
  knownAs: string | null
  optedOut: boolean
  name: string | null
  attributes: Record<string, string> | null
  seen: boolean
  albumOf: string | null
  conversationId: string | null
  survey: PendingSurvey | null
  knownThread: string | null
  /** What the thread knows of the way to the citizen is no longer so. */
  moved: boolean
}
/** With the conversation, once it is locked; `id` is null where there is none, or none that is open any more. */
type FoundRow = Found & (HeldRow | { id: null })

const arrived = columns<{ arrival: Arrival; n: number }>(1, {
  n: ['int', ({ n }) => n], channel: ['text', ({ arrival }) => arrival.channelId], address: ['text', ({ arrival }) => arrival.from.address],
  external: ['text', ({ arrival }) => arrival.externalId], album: ['text', ({ arrival }) => arrival.group],
  thread: ['text', ({ arrival }) => arrival.from.thread ?? ''], route: ['jsonb', ({ arrival }) => arrival.from.route],
  at: ['timestamptz', ({ arrival }) => arrival.at],
})

/**
 * One statement, for each answer that is waited for costs as much as the work. Its locks come last, by id; what it says of a
 * conversation is what that is once locked.
 */
const find = prepared('find', `
with f as materialized (
  select e.n, i.id as "identityId", i.citizen_id as "knownAs", i.opted_out_at is not null as "optedOut", p.name, p.attributes,
    -- Not exists(): PostgreSQL would rather read every message there is, once, into a hash.
    coalesce((select true from message m where m.channel_id = e.channel and m.external_id = e.external limit 1),
      case when e.album is not null then (select true from message_part m where m.channel_id = e.channel and m.external_id = e.external) end, false) as seen,
    case when e.album is not null then (
      select m.id from message m where m.conversation_id = c.id and m.group_key = e.album limit 1) end as "albumOf",
    c.id as "conversationId",
    case when c.id is null then (
      select json_build_object('id', s.id::text, 'conversationId', s.conversation_id::text, 'subject', s.subject,
        'state', s.state, 'answeredAt', s.answered_at)
      from survey s where s.identity_id = i.id and s.state in ('asked', 'scored') and s.expires_at > e.at
      order by s.id desc limit 1) end as survey,
    t.id as "knownThread",
    -- A window of a day is not missed by a minute.
    coalesce(t.route is distinct from e.route or t.last_inbound_at < e.at - interval '1 minute', true) as moved
  from ${arrived.sql} as e
  left join identity i on i.channel_id = e.channel and i.address = e.address
  left join citizen p on p.id = i.citizen_id
  left join conversation c on c.citizen_id = i.citizen_id and c.state <> 'closed' and not c.aside
  left join thread t on t.conversation_id = c.id and t.identity_id = i.id and t.vendor_thread = e.thread),
held as materialized (
  -- Not <>: that would invite the indexes of what is open, and one of those would be read whole.
  select ${heldColumns} from conversation
  where id = any(array(select distinct "conversationId" from f where not seen)) and state is distinct from 'closed'
  order by conversation.id for no key update)
select * from f left join held on held.id = f."conversationId"`)

const names = columns<{ n: number; channelId: string; name: string; isFirst: boolean }>(1, {
  n: ['int', ({ n }) => n], channel: ['text', ({ channelId }) => channelId], name: ['text', ({ name }) => name], isFirst: ['boolean', ({ isFirst }) => isFirst],
})

const resolve = prepared('resolve', `
with e as materialized (select * from ${names.sql} as e),
known as (
  select e.n, e.name, true as counts, i.id, i.address from e join identity i on i.channel_id = e.channel and i.address = e.name
  union all
  select e.n, e.name, e."isFirst", i.id, i.address from e join identity_alias a on a.channel_id = e.channel and a.address = e.name join identity i on i.id = a.identity_id)
select n, name, counts, address from known order by n, id`)

const addAliases = preparedBlind('add-aliases', `
insert into identity_alias (channel_id, address, identity_id)
select "channelId", address, "identityId" from json_to_recordset($1::json) as e("channelId" text, address text, "identityId" bigint)
order by 1, 2 on conflict do nothing`)

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
select key, identity_id::text as "identityId", citizen_id::text as "knownAs" from e`)

const openNew = prepared('open-new', `
with e as materialized (
  select *, nextval('conversation_id_seq') as id
  from json_to_recordset($1::json) as e("citizenId" bigint, "channelId" text, language text, department text, at timestamptz)
  order by "citizenId")
insert into conversation (id, reference, citizen_id, state, department_id, language, channel_id, opened_at, last_message_at, listed_at)
select id, $2 || '-' || extract(year from at) || '-' || lpad(id::text, 6, '0'), "citizenId", 'bot', null, language, "channelId", at, at, at from e
on conflict (citizen_id) where state <> 'closed' and not aside do update set changed_at = now()
returning ${heldColumns}, xmax = 0 as "isNew"`)

const joinThreads = prepared('join-threads', `
insert into thread (conversation_id, identity_id, channel_id, vendor_thread, route, last_inbound_at)
select "conversationId", "identityId", "channelId", thread, route, at
from json_to_recordset($1::json) as e("conversationId" bigint, "identityId" bigint, "channelId" text, thread text, route jsonb, at timestamptz)
on conflict (conversation_id, identity_id, vendor_thread)
  do update set route = excluded.route, last_inbound_at = greatest(thread.last_inbound_at, excluded.last_inbound_at)
returning id::text, conversation_id::text as "conversationId", identity_id::text as "identityId", vendor_thread as thread`)

const moveThreads = preparedBlind('move-threads', `
update thread set route = e.route, last_inbound_at = greatest(last_inbound_at, e.at)
from json_to_recordset($1::json) as e(id bigint, route jsonb, at timestamptz) where thread.id = e.id`)

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
  const fresh = await resolveNames(query, arrivals, arrivals.flatMap(({ from }, n) => (from.aliases?.length ? [n] : [])))

  const look = () => query<FoundRow>(find, ...arrived.values(arrivals.map((arrival, n) => ({ arrival, n }))))
  let found = await look()
  // Who came with two names once may come with the second alone.
  const unknown = found.flatMap(({ n, knownAs }) => (knownAs === null && !arrivals[n]!.from.aliases?.length ? [n] : []))
  if (unknown.length > 0) {
    await resolveNames(query, arrivals, unknown)
    if (unknown.some((n) => arrivals[n]!.from.aliases?.length)) found = await look()
  }
  found.sort((a, b) => a.n - b.n)
  const isStranger = found.map(({ knownAs }) => knownAs === null)

  const strangers = new Map<string, FoundRow[]>()
  for (const row of found) {
    if (row.knownAs !== null) continue
    const { channelId, from } = arrivals[row.n]!
    const key = keyOf(channelId, from.address)
    strangers.set(key, [...(strangers.get(key) ?? []), row])
  }
  if (strangers.size > 0) {
    const people = await query<{ key: string; identityId: string; knownAs: string }>(addPeople, JSON.stringify(
      [...strangers.values()].map((rows, at) => {
        const { channelId, from, at: arrived } = arrivals[rows[0]!.n]!
        return {
          key: String(at), channelId, address: from.address, name: from.name ?? null, phone: from.phone ?? null,
          email: from.email ?? null, language: from.language ?? 'pt', notice: from.notice ?? null, at: arrived,
        }
      })))
    const rowsOf = [...strangers.values()]
    for (const person of people) for (const row of rowsOf[Number(person.key)]!) Object.assign(row, person)
  }
  const aliases = fresh.map(({ n, name }) => ({ channelId: arrivals[n]!.channelId, address: name, identityId: found[n]!.identityId }))
  if (aliases.length > 0) await trx.executeQuery(CompiledQuery.raw(addAliases, [JSON.stringify(aliases)]))

  const places = await holdAll(query, arrivals, found, isStranger, prefix)
  return found.map((row) => ({
    seen: row.seen, identityId: row.identityId!, albumOf: row.albumOf, survey: row.survey, place: places.get(row.n),
  }))
}

/** Holds in memory, not in rows: two processes that meet the same new address wait for each other, in one order. */
async function lockAddresses(trx: Trx, arrivals: Arrival[]): Promise<void> {
  const addresses = arrivals.map(({ channelId, from }) => keyOf(channelId, from.address).replace('\u0000', '|'))
  await trx.executeQuery(CompiledQuery.raw(lockEach, [addresses]))
}

/**
 * Rewrites `from.address` to the address that this person is known by, and says which other names are new. A second name counts only
 * where it is itself an address: a phone number that somebody gave up, and that now comes with another's name, joins nobody.
 */
async function resolveNames(query: Query, arrivals: Arrival[], which: number[]): Promise<{ n: number; name: string }[]> {
  const asked = which.flatMap((n) => {
    const { channelId, from: { address, aliases = [] } } = arrivals[n]!
    return [address, ...aliases].map((name, nth) => ({ n, channelId, name, isFirst: nth === 0 }))
  })
  if (asked.length === 0) return []
  const known = await query<{ n: number; name: string; counts: boolean; address: string }>(resolve, ...names.values(asked))
  for (const n of which) {
    const { from } = arrivals[n]!
    const address = known.find((row) => row.n === n && row.counts)?.address ?? from.address
    arrivals[n]!.from = { ...from, address, aliases: [from.address, ...from.aliases ?? []].filter((name) => name !== address) }
  }
  const remembered = new Set(known.map(({ n, name }) => `${n} ${name}`))
  return which.flatMap((n) => arrivals[n]!.from.aliases!.flatMap((name) => (remembered.has(`${n} ${name}`) ? [] : [{ n, name }])))
}

type Locked = HeldRow & { isNew?: boolean }
type Query = <Row>(text: string, ...values: unknown[]) => Promise<Row[]>

/** By index of the arrival; nothing for what was seen, answers a survey, or opens nothing. */
async function holdAll(query: Query, arrivals: Arrival[], found: FoundRow[], isStranger: boolean[], prefix: string): Promise<Map<number, Place>> {
  const wanted = found.filter((row) => !row.seen)
  const byId = new Map<string, Locked>()
  for (const row of wanted) if (row.id !== null) byId.set(row.id, row)

  const toOpen = new Map<string, { citizenId: string; channelId: string; language: Language; at: Date }>()
  for (const row of wanted) {
    const { channelId, from, opens, at } = arrivals[row.n]!
    // A further picture joins its album, also where that was closed a moment ago.
    if (!opens || row.survey || row.albumOf !== null || (row.conversationId && byId.has(row.conversationId))) continue
    if (!toOpen.has(row.knownAs!)) toOpen.set(row.knownAs!, { citizenId: row.knownAs!, channelId, language: from.language ?? 'pt', at })
  }
  const byCitizen = new Map<string, Locked>()
  if (toOpen.size > 0) {
    for (const row of await query<Locked>(openNew, JSON.stringify([...toOpen.values()]), prefix)) byCitizen.set(row.citizenId, row)
  }
  for (const row of byId.values()) byCitizen.set(row.citizenId, row)

  const belongs = new Map<number, Locked>()
  for (const row of wanted) {
    // By its id first: while we waited for the lock, somebody may have said that it is another citizen's.
    const conversation = row.survey ? undefined : byId.get(row.conversationId ?? '') ?? byCitizen.get(row.knownAs!)
    if (conversation) belongs.set(row.n, conversation)
  }
  const threads = await joinAll(query, arrivals, found, belongs)

  const held = new Map<string, Held>()
  const result = new Map<number, Place>()
  for (const [n, conversation] of belongs) {
    const row = found[n]!
    const { channelId, from, at } = arrivals[n]!
    const thread = {
      id: threads.get(`${conversation.id} ${row.identityId} ${from.thread ?? ''}`)!, channelId, identityId: row.identityId!,
      address: from.address, lastInboundAt: at, optedOut: row.optedOut,
    }
    const one = held.get(conversation.id) ?? hold(conversation, {
      isNew: conversation.isNew ?? false, thread,
      citizen: { name: row.name ?? from.name ?? null, attributes: row.attributes ?? {}, isNew: isStranger[n]! },
    })
    held.set(conversation.id, one)
    result.set(n, { held: one, thread })
  }
  return result
}

/** The thread of each, by conversation, identity and the vendor's own name for it. */
async function joinAll(query: Query, arrivals: Arrival[], found: Found[], belongs: Map<number, { id: string }>): Promise<Map<string, string>> {
  const threads = new Map<string, string>()
  // The newest of each, once: one statement may not touch a row twice.
  const unknown = new Map<string, unknown>()
  const moved = new Map<string, unknown>()
  for (const [n, { id }] of belongs) {
    const { channelId, from, at } = arrivals[n]!
    const { identityId, conversationId, knownThread, moved: isMoved } = found[n]!
    const key = `${id} ${identityId} ${from.thread ?? ''}`
    if (knownThread === null || conversationId !== id) unknown.set(key, { conversationId: id, identityId, channelId, thread: from.thread ?? '', route: from.route, at })
    else {
      threads.set(key, knownThread)
      if (isMoved) moved.set(knownThread, { id: knownThread, route: from.route, at })
    }
  }
  if (moved.size > 0) await query(moveThreads, JSON.stringify([...moved.values()]))
  if (unknown.size > 0) {
    const sorted = [...unknown].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, thread]) => thread)
    const rows = await query<{ id: string; conversationId: string; identityId: string; thread: string }>(joinThreads, JSON.stringify(sorted))
    for (const row of rows) threads.set(`${row.conversationId} ${row.identityId} ${row.thread}`, row.id)
  }
  return threads
}
