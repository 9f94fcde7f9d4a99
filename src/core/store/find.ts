/** Finds words and people within what this operator may see, newest first, in steps whose work is bounded. */

import { type RawBuilder, sql } from 'kysely'
import type { Operator } from '../model.ts'
import { type Filter, within } from './lists.ts'
import type { Db } from './schema.ts'

/** What is searched of a message, from its `content`. */
export const searchedText = (content: RawBuilder<unknown>) => sql`concat_ws(' ', ${content}->>'subject', ${content}->>'text',
  (select string_agg(a->>'name', ' ') from jsonb_array_elements(case when jsonb_typeof(${content}->'attachments') = 'array' then ${content}->'attachments' else '[]' end) a))`

export interface Place { at: string; messageId: string }
export interface Hit extends Place { conversationId: string }
/** `end`: from where to look on; null: that was all. */
export interface Found { hits: Hit[]; end: Place | null }

/** More hits than this are not worth fetching to sort them: then the newest messages are read until enough of them are hits. */
const fewHits = 5_000
const hitsAtOnce = 400

/** `text` as PostgreSQL understands the words, '' where none says anything; `isRare`: it knows how common they are without a look at any message. */
export interface Query { text: string; isRare: boolean }

export async function understood(db: Db, words: string): Promise<Query> {
  const { rows: [query] } = await sql<{ text: string; hasIndex: boolean }>`
    select query::text as text, querytree(query) not in ('', 'T') as "hasIndex" from websearch_to_tsquery('portuguese', without_accents(${words})) as query`.execute(db)
  const { text, hasIndex } = query!
  // What is only to be absent, no index finds.
  if (!hasIndex) return { text, isRare: false }
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`explain (format json) select from message_search where words @@ ${text}::tsquery`.execute(db)
  return { text, isRare: rows[0]!['QUERY PLAN'][0].Plan['Plan Rows'] <= fewHits }
}

/** All hits of rare words by the index of words. */
export async function findRare(db: Db, operator: Operator, filter: Filter, query: string, after: Place | undefined): Promise<Found> {
  const { rows: hits } = await sql<Hit>`
    with hit as materialized (
      select s.message_id, s.conversation_id, s.at from message_search s where s.words @@ ${query}::tsquery ${earlierThan(after)})
    select s.message_id::text as "messageId", s.conversation_id::text as "conversationId", s.at::text as at
    from hit s join conversation c on c.id = s.conversation_id
    where ${within(operator, filter)} order by s.at desc, s.message_id desc limit ${hitsAtOnce}`.execute(db)
  return { hits, end: hits.length === hitsAtOnce ? hits.at(-1)! : null }
}

/** The hits among the `span` newest messages: ranking, or sorting, would read every hit of a common word. */
export async function findCommon(db: Db, operator: Operator, filter: Filter, query: string, after: Place | undefined, span: number): Promise<Found> {
  const { rows } = await sql<{ [key in keyof Hit]: Hit[key] | null } & { endAt: string; endId: string; isWhole: boolean }>`
    with read as materialized (
      select s.message_id, s.conversation_id, s.at, s.words @@ ${query}::tsquery as is_hit from message_search s
      where true ${earlierThan(after)} order by s.at desc, s.message_id desc limit ${span}),
    hit as (
      select s.message_id, s.conversation_id, s.at from read s join conversation c on c.id = s.conversation_id
      where s.is_hit and ${within(operator, filter)})
    select h.message_id::text as "messageId", h.conversation_id::text as "conversationId", h.at::text as at,
      last.at::text as "endAt", last.message_id::text as "endId", (select count(*) from read) = ${span} as "isWhole"
    from (select at, message_id from read order by at, message_id limit 1) last left join hit h on true
    order by h.at desc, h.message_id desc`.execute(db)
  const [first] = rows
  return {
    hits: rows.flatMap(({ messageId, conversationId, at }) => (messageId !== null ? [{ messageId, conversationId: conversationId!, at: at! }] : [])),
    end: first?.isWhole ? { at: first.endAt, messageId: first.endId } : null,
  }
}

const earlierThan = (after: Place | undefined) => (after ? sql`and (s.at, s.message_id) < (${after.at}::timestamptz, ${after.messageId}::bigint)` : sql``)

/** A reference, a phone, an e-mail, a NIF, any words of a name by their beginning. */
export type Named = { reference: string } | { phones: string[]; nif: string } | { email: string } | { words: string[] }

/** So many people of one name, and their conversations are better found by going through the newest. */
const fewPeople = 3_000

/** Conversations that are, or whose citizens are, so named; newest first, below this id. */
export async function findNamed(db: Db, operator: Operator, filter: Filter, named: Named, below: string | undefined, limit: number): Promise<string[]> {
  const conditions = [await byName(db, named), within(operator, filter), ...(below !== undefined ? [sql`c.id < ${below}::bigint`] : [])]
  const { rows } = await sql<{ id: string }>`select c.id::text from conversation c where ${sql.join(conditions, sql` and `)} order by c.id desc limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** People first, and only then their conversations: how many have a name by its beginning is a guess that PostgreSQL gets wrong. */
async function byName(db: Db, named: Named): Promise<RawBuilder<unknown>> {
  if ('reference' in named) return sql`c.reference = ${named.reference}`
  const { rows } = await sql<{ id: string }>`with one as materialized (${peopleNamed(named)}) select id::text from one limit ${fewPeople + 1}`.execute(db)
  if (rows.length <= fewPeople) return sql`c.citizen_id = any(${rows.map(({ id }) => id)}::bigint[])`
  return sql`exists (select from (${peopleNamed(named)}) one where one.id = c.citizen_id)`
}

function peopleNamed(named: Exclude<Named, { reference: string }>): RawBuilder<unknown> {
  if ('email' in named) {
    return sql`select citizen_id as id from identity where lower(email) = ${named.email}
      union select id from citizen where attributes @> ${JSON.stringify({ email: named.email })}::jsonb`
  }
  if ('phones' in named) {
    const facts = [{ nif: named.nif }, ...named.phones.map((phone) => ({ phone }))]
    return sql`select citizen_id as id from identity where phone = any(${named.phones}::text[])
      union select id from citizen where ${sql.join(facts.map((fact) => sql`attributes @> ${JSON.stringify(fact)}::jsonb`), sql` or `)}`
  }
  // Letters and digits alone, see `namedBy`: nothing in them is an operator of a query.
  return sql`select id from citizen where to_tsvector('simple', translate(without_accents(name), '’''', '  ')) @@ to_tsquery('simple', ${named.words.map((word) => `${word}:*`).join(' & ')})`
}

export interface Passage { messageId: string; seq: number; text: string; /** The same, letter by letter, without accents and with \u0002…\u0003 around what was found. */ marked: string }

/** What was said where, for those of these messages that still stand in the conversation in which they were found. */
export async function passages(db: Db, hits: Hit[], query: string): Promise<Passage[]> {
  const text = sql`translate(left(${searchedText(sql`m.content`)}, 20000), E'\\x02\\x03<>\\n\\r\\t', '       ')`
  const { rows } = await sql<Passage>`
    select id::text as "messageId", seq, text,
      ts_headline('portuguese', without_accents(text), ${query}::tsquery, ${'HighlightAll=true, StartSel=\u0002, StopSel=\u0003'}) as marked
    from (select m.id, m.seq, ${text} as text from unnest(${hits.map(({ messageId }) => messageId)}::bigint[], ${hits.map(({ conversationId }) => conversationId)}::bigint[]) as h(id, conversation_id)
      join message m on m.id = h.id and m.conversation_id = h.conversation_id where m.deleted_at is null offset 0) said`.execute(db)
  return rows
}
