/** The newest version seen of each conversation: an answer that left the gateway earlier never overwrites it. */

import type { ConversationSummary } from '../../../src/operator-api.types.ts'

const newest = new Map<string, ConversationSummary>()
/** How far this operator has read: `live` sends the same row to everybody and does not know it. */
const readMarks = new Map<string, number>()
/** Enough for a morning; what falls out is only refetched. */
const kept = 5000

/** undefined: an older one than we have, or the same. */
export function remember(given: ConversationSummary): ConversationSummary | undefined {
  const known = newest.get(given.id)
  if (known && known.version >= given.version) return undefined
  const summary = { ...given, readSeq: rememberRead(given.id, given.readSeq) }
  newest.delete(summary.id)
  newest.set(summary.id, summary)
  if (newest.size > kept) newest.delete(newest.keys().next().value ?? '')
  return summary
}

export function freshest<Row extends ConversationSummary>(row: Row): Row {
  const readSeq = rememberRead(row.id, row.readSeq)
  const known = newest.get(row.id)
  if (!known || known.version <= row.version) return { ...row, readSeq }
  // A hit belongs to the search that found it; the rest to the newest state.
  const { hit: _hit, ...state } = known
  return { ...row, ...state, readSeq }
}

/** Reading only goes forward. */
export function rememberRead(id: string, readSeq: number): number {
  const seq = Math.max(readMarks.get(id) ?? 0, readSeq)
  readMarks.set(id, seq)
  return seq
}
