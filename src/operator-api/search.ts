/** Finds what this operator may see: words without accents, "a phrase", a reference, a phone, an e-mail, a NIF, a name. */

import type { Operator } from '../core/model.ts'
import { findCommon, findNamed, findRare, type Hit, type Named, type Passage, passages, type Place, type Query, understood } from '../core/store/find.ts'
import { type Filter, summaries } from '../core/store/lists.ts'
import type { Db } from '../core/store/schema.ts'
import type { ConversationSummary, Page } from '../operator-api.types.ts'
import type { Api } from './api.ts'
import { presentSummary } from './present.ts'

/** How many of the newest messages one page may read: the first part alone is enough for common words. A page may so have few rows, or none, and a next one. */
const spans = [500, 4_000, 4_000, 4_000]

/** After the conversation of whom it is named come those in which it was said; `cursor` says how far the one or the other has come. */
const namedCursor = /^named\|(\d+)$/

/** A conversation comes first by the newest message that was found; by an older one it may come again on a later page. */
export async function search(api: Api, operator: Operator, q: string, filter: Filter, cursor: string | undefined, limit: number): Promise<Page<ConversationSummary>> {
  const db = api.gateway.pool.db
  const below = namedCursor.exec(cursor ?? '')?.[1]
  const named = namedBy(q)
  const isNamed = named && (cursor === undefined || below !== undefined)
  const [ids, query] = await Promise.all([isNamed ? findNamed(db, operator, filter, named, below, limit) : Promise.resolve<string[]>([]), understood(db, q)])
  if (ids.length === limit) return { rows: await shown(api, operator, ids), next: `named|${ids.at(-1)}` }

  const after = cursor !== undefined && below === undefined ? { at: cursor.split('|')[0]!, messageId: cursor.split('|')[1]! } : undefined
  const said = query.text === '' ? { hits: [], end: null } : await findSaid(db, operator, filter, query, after, limit - ids.length)
  const [rows, found] = await Promise.all([
    shown(api, operator, [...new Set([...ids, ...said.hits.map(({ conversationId }) => conversationId)])]), passages(db, said.hits, query.text),
  ])
  const passage = new Map(found.map((one) => [one.messageId, one]))
  const hits = new Map(said.hits.map(({ conversationId, messageId }) => [conversationId, passage.get(messageId)]))
  return {
    rows: rows.flatMap((row) => {
      const hit = hits.get(row.id)
      // Found by words that were taken back a moment ago, and by nothing else: not found.
      if (!hit) return ids.includes(row.id) ? [row] : []
      return [{ ...row, hit: { seq: hit.seq, snippet: snippetOf(hit) } }]
    }),
    next: said.end && `${said.end.at}|${said.end.messageId}`,
    ...(said.end && { readSince: new Date(said.end.at).toISOString() }),
  }
}

async function shown(api: Api, operator: Operator, ids: string[]): Promise<ConversationSummary[]> {
  const rows = new Map((await summaries(api.gateway.pool.db, operator, ids)).map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = rows.get(id)
    return row ? [presentSummary(row, operator, api.presenting)] : []
  })
}

/** The newest hit of each conversation, of at most `limit` conversations. */
async function findSaid(db: Db, operator: Operator, filter: Filter, { text, isRare }: Query, after: Place | undefined, limit: number): Promise<{ hits: Hit[]; end: Place | null }> {
  const newest = new Map<string, Hit>()
  let last = after ?? null
  /** False: there is more than fits the page. */
  const takes = (hits: Hit[]) => hits.every((hit) => {
    if (!newest.has(hit.conversationId)) {
      if (newest.size === limit) return false
      newest.set(hit.conversationId, hit)
    }
    last = hit
    return true
  })
  for (const span of isRare ? spans.slice(0, 1) : spans) {
    const { hits, end } = isRare ? await findRare(db, operator, filter, text, last ?? undefined) : await findCommon(db, operator, filter, text, last ?? undefined, span)
    if (!takes(hits)) break
    last = end
    if (!end) break
  }
  return { hits: [...newest.values()], end: last }
}

/** undefined: the words name nobody. */
export function namedBy(q: string): Named | undefined {
  const words = q.trim()
  if (/^[A-Za-z]{2,6}-?\d{4}-?\d{1,9}$/.test(words)) return { reference: words.toUpperCase() }
  const digits = words.replace(/[\s().-]/g, '')
  if (/^\+?\d{6,15}$/.test(digits)) return { phones: phones(digits), nif: digits }
  if (words.includes('@')) return { email: words.toLowerCase() }
  const parts = words.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  return parts.some((part) => part.length > 1) && parts.length <= 10 ? { words: parts } : undefined
}

/** A Portuguese number is written with and without its country. */
function phones(digits: string): string[] {
  const bare = digits.replace(/^(\+|00)?351(?=\d{9}$)/, '')
  return [...new Set([digits, bare, `+351${bare}`, `351${bare}`, digits.replace(/^00/, '+')])]
}

const before = 60
const most = 240

/** The words around the first that was found, as they were written. */
export function snippetOf({ text, marked }: Pick<Passage, 'text' | 'marked'>): string {
  const letters = [...text]
  const marks: [number, number][] = []
  let at = 0
  let from = 0
  for (const letter of marked) {
    if (letter === '\u0002') from = at
    else if (letter === '\u0003') marks.push([from, at])
    else at += 1
  }
  // Where small letters are more than capitals were (İ), the two do not lie side by side.
  const own = at === letters.length ? marks : []
  const start = Math.max(0, (own[0]?.[0] ?? 0) - before)
  const cut = start === 0 ? 0 : start + letters.slice(start, start + before).indexOf(' ') + 1
  const end = cut + most
  let out = cut > 0 ? '… ' : ''
  at = cut
  for (const [first, past] of own.filter(([, past]) => past <= end)) {
    out += `${letters.slice(at, first).join('')}\u0002${letters.slice(first, past).join('')}\u0003`
    at = past
  }
  return `${out}${letters.slice(at, end).join('')}${letters.length > end ? '…' : ''}`
}
