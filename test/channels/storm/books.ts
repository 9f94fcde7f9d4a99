/** What was written, what is stored and what was shown, against each other. */

import type { Pool } from '../../../src/core/store/pool.ts'
import type { Row } from './row.ts'

export interface Written { text: string; person: number; acknowledged: boolean }
export interface Figures { in: number; out: number; unknown: number; doubts: number }

const settled = ['sent', 'delivered', 'read']

/** Everything that is not as it must be, in words; nothing when the books balance. */
export async function audit({ pool }: Pool, channelId: string, row: Row, written: Written[]): Promise<{ problems: string[]; figures: Figures }> {
  const problems: string[] = []
  const { rows } = await pool.query<{ text: string; direction: 'in' | 'out'; thread: string; seq: number; state: string | null; why: string | null }>(`
    select m.content->>'text' as text, m.direction, m.thread_id::text as thread, m.seq, d.state, concat_ws(': ', d.reason, d.detail) as why from message m left join delivery d on d.message_id = m.id
    where m.channel_id = $1 order by m.thread_id, m.seq`, [channelId])
  const stored = rows.filter(({ direction }) => direction === 'in')
  const outbound = rows.filter(({ direction }) => direction === 'out')
  const shown = await row.shown()

  const times = countsOf(stored.map(({ text }) => text))
  for (const { text } of written) if (times(text) !== 1) problems.push(`«${text}» is stored ${times(text)} times`)
  if (stored.length !== written.length) problems.push(`${stored.length} are stored, ${written.length} were written`)

  const answers = countsOf(outbound.map(({ text }) => text))
  const due = written.map(({ text }) => text).filter((text) => !text.startsWith('cala')).map((text) => `eco: ${text}`)
  for (const text of due) if (answers(text) !== 1) problems.push(`«${text}» was answered ${answers(text)} times`)
  if (outbound.length !== due.length) problems.push(`${outbound.length} go out, ${due.length} were due`)

  const seen = countsOf(shown)
  for (const { text, state } of outbound) {
    const least = state === 'unknown' ? 0 : 1
    if (state !== 'unknown' && !settled.includes(state ?? '')) problems.push(`«${text}» is ${state}`)
    if (seen(text) < least || seen(text) > 1) problems.push(`«${text}» is ${state} and was shown ${seen(text)} times`)
  }
  for (const text of new Set(shown)) if (answers(text) === 0) problems.push(`«${text}» was shown and is not ours`)

  const late = new Set(written.filter(({ acknowledged }) => !acknowledged).map(({ text }) => text))
  problems.push(...disorder('stored', byPerson(stored.map(({ text }) => text).filter((text) => !late.has(text))), byPerson(written.map(({ text }) => text))))
  const inDoubt = new Set(outbound.filter(({ state }) => state === 'unknown').map(({ text }) => text))
  problems.push(...disorder('shown', byPerson(shown.filter((text) => !inDoubt.has(text))), byPerson(outbound.map(({ text }) => text))))
  const threads = new Set(rows.map(({ thread }) => thread)).size
  if (threads !== row.people) problems.push(`${row.people} people have ${threads} threads`)

  const whys = outbound.flatMap(({ state, why }) => (state === 'unknown' ? why ?? '' : []))
  // A vendor that a busy machine let wait beyond our deadline is one more of whom nobody could know.
  const overdue = whys.filter((why) => /TimeoutError|aborted/.test(why)).length
  const figures = { in: stored.length, out: outbound.length, unknown: inDoubt.size, doubts: row.doubts() + overdue }
  // One more a citizen: what was just leaving when the gateway was killed.
  if (figures.unknown > figures.doubts + row.people) {
    const reasons = [...new Set(whys)].map((why) => `${countsOf(whys)(why)} × ${why}`)
    problems.push(`${figures.unknown} are unknown, and only ${figures.doubts} were in doubt: ${reasons.join(' | ')}`)
  }
  return { problems, figures }
}

/** Texts end in `person-number`. */
export const textOf = (row: Row, person: number, n: number) => `${n % row.answersOneIn === 0 ? 'diz' : 'cala'}-${person}-${n}`
const personIn = (text: string) => /-(\d+)-\d+$/.exec(text)?.[1] ?? text

function byPerson(texts: string[]): Map<string, string[]> {
  const people = new Map<string, string[]>()
  for (const text of texts) people.set(personIn(text), [...people.get(personIn(text)) ?? [], text])
  return people
}

function disorder(what: string, real: Map<string, string[]>, right: Map<string, string[]>): string[] {
  return [...real].flatMap(([person, texts]) => {
    const places = texts.map((text) => right.get(person)?.indexOf(text) ?? -1)
    return places.every((place, at) => at === 0 || place > places[at - 1]!) ? [] : [`out of order ${what}: ${texts.join(' ')}`]
  })
}

function countsOf(texts: string[]): (text: string) => number {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return (text) => counts.get(text) ?? 0
}
