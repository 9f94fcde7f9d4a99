/** Finds what this operator may see: words without accents, "a phrase", a reference, a phone, an e-mail, a NIF. */

import { sql } from 'kysely'
import type { Operator } from '../core/model.ts'
import { visibleTo } from '../core/policy.ts'
import { type Filter, summaries } from '../core/store/lists.ts'
import type { ConversationSummary, Page } from '../operator-api.types.ts'
import type { Api } from './api.ts'
import { presentSummary } from './present.ts'

interface Hit { conversationId: string; seq: number | null; snippet: string | null }

/** Newest first: ranking would read every hit of a common word. */
export async function search(api: Api, operator: Operator, q: string, _filter: Filter, _cursor: string | undefined, limit: number): Promise<Page<ConversationSummary>> {
  const db = api.gateway.pool.db
  const named = await byName(api, operator, q.trim(), limit)
  const { rows: worded } = await sql<Hit>`
    with hits as (
      select s.message_id, s.conversation_id, s.at from message_search s join conversation c on c.id = s.conversation_id
      where s.words @@ websearch_to_tsquery('portuguese', without_accents(${q})) and ${visibleTo(operator, 'c')}
      order by s.at desc limit ${limit * 4})
    select h.conversation_id::text as "conversationId", m.seq,
      ts_headline('portuguese', left(m.content->>'text', 2000), websearch_to_tsquery('portuguese', ${q}),
        ${'StartSel=\u0002, StopSel=\u0003, MaxFragments=1, MaxWords=24, MinWords=8'}) as snippet
    from hits h join message m on m.id = h.message_id order by h.at desc`.execute(db)
  const hits = new Map<string, Hit>()
  for (const hit of [...named, ...worded]) if (!hits.has(hit.conversationId) && hits.size < limit) hits.set(hit.conversationId, hit)
  const rows = new Map((await summaries(db, operator, [...hits.keys()])).map((row) => [row.id, row]))
  return {
    rows: [...hits.values()].flatMap(({ conversationId, seq, snippet }) => {
      const row = rows.get(conversationId)
      if (!row) return []
      const summary = presentSummary(row, operator, api.presenting)
      return [seq !== null && snippet !== null ? { ...summary, hit: { seq, snippet } } : summary]
    }),
    next: null,
  }
}

async function byName(api: Api, operator: Operator, q: string, limit: number): Promise<Hit[]> {
  const db = api.gateway.pool.db
  const digits = q.replace(/[\s().-]/g, '')
  const isNumber = /^\+?\d{6,15}$/.test(digits)
  const isReference = /^[A-Za-z]{2,6}-?\d{4}-?\d{1,9}$/.test(q)
  const isMail = q.includes('@')
  if (!isNumber && !isReference && !isMail) {
    const { rows } = await sql<Hit>`
      select c.id::text as "conversationId", null as seq, null as snippet from citizen p join conversation c on c.citizen_id = p.id
      where without_accents(p.name) like without_accents(${`${q.replace(/[\\%_]/g, '\\$&')}%`}) and ${visibleTo(operator, 'c')} order by c.id desc limit ${limit}`.execute(db)
    return rows
  }
  const { rows } = await sql<Hit>`
    select distinct c.id::text as "conversationId", null::int as seq, null as snippet, c.id from conversation c
    where ${visibleTo(operator, 'c')} and (
      ${isReference ? sql`c.reference = upper(${q})` : sql`c.citizen_id in (
        select citizen_id from identity where ${isMail ? sql`lower(email) = lower(${q}) or address = lower(${q})` : sql`phone = any(${phones(digits)}::text[]) or address = any(${phones(digits)}::text[])`}
        union select id from citizen where attributes->>'nif' = ${digits} or attributes->>'email' = lower(${q}) or attributes->>'phone' = any(${phones(digits)}::text[]))`})
    order by c.id desc limit ${limit}`.execute(db)
  return rows
}

/** A Portuguese number is written with and without its country. */
function phones(digits: string): string[] {
  const bare = digits.replace(/^(\+|00)?351(?=\d{9}$)/, '')
  return [...new Set([digits, bare, `+351${bare}`, `351${bare}`, digits.replace(/^00/, '+')])]
}
