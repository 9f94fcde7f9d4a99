import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseCalendar } from '../../src/core/calendar-file.ts'
import type { Operator } from '../../src/core/model.ts'
import { openPool, type Pool } from '../../src/core/store/schema.ts'
import { tableOf, toCsv, toXlsx } from '../../src/numbers/export.ts'
import { keepFacts } from '../../src/numbers/keep-facts.ts'
import { conversationsBehind, report } from '../../src/numbers/report.ts'
import { freshDatabase } from '../database.ts'

const calendar = parseCalendar('version: 1\ntimezone: Europe/Lisbon\nholidays: { national: false }\nhours: { mon-fri: ["09:00-12:30", "14:00-17:30"], sun: ["00:30-03:30"] }\n', 'calendar.yaml')
const everyone: Operator = { id: 'x', name: 'X', email: 'x', role: 'admin', departments: [] }
const period = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z'), timezone: 'Europe/Lisbon' }
let database: { url: string; drop(): Promise<void> }
let pool: Pool

interface Random { at: number; type: string; by: string; operatorId: string | null; data: Record<string, unknown> }
interface Told { channel: string; department: string | null; opened: number; closed: number | null; acts: Random[]; said: { at: number; direction: string; by: string }[]; score: number | null }
const histories: Told[] = []

/** Small, seeded, the same on every machine. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

function history(roll: () => number): Told {
  // Around the two days on which the clocks change, as often as anywhere else.
  const around = [Date.UTC(2026, 2, 28), Date.UTC(2026, 9, 24), Date.UTC(2026, 5, 1)][Math.floor(roll() * 3)]!
  let at = around + Math.floor(roll() * 4 * 86_400) * 1_000
  const step = () => { at += 1_000 + Math.floor(roll() * 9_000) * 1_000; return at }
  const told: Told = { channel: ['sms', 'web', 'correio'][Math.floor(roll() * 3)]!, department: null, opened: at, closed: null, acts: [], said: [], score: null }
  const act = (type: string, by = 'bot', data: Record<string, unknown> = {}, operatorId: string | null = null) => told.acts.push({ at, type, by, operatorId, data })
  act('opened', 'citizen')
  told.said.push({ at, direction: 'in', by: 'citizen' })
  for (let n = Math.floor(roll() * 4); n > 0; n -= 1) {
    step()
    told.said.push({ at, direction: 'out', by: 'bot' })
    if (roll() < 0.5) act('answered', 'bot', { answer: 'a' })
    else act('miss', 'bot', { seq: 1, suggested: [] })
    if (roll() < 0.3) act('judge', 'citizen', { answer: 'a', helpful: roll() < 0.5 })
  }
  if (roll() < 0.7) {
    step()
    act('hand-off', 'bot', { department: 'geral' })
    told.department = 'geral'
    for (let n = Math.floor(roll() * 3); n > 0; n -= 1) { step(); act('move', 'operator', {}, 'op-1') }
    if (roll() < 0.85) {
      step()
      const who = roll() < 0.5 ? 'op-1' : 'op-2'
      act('assign', 'operator', { to: who }, who)
      for (let n = Math.floor(roll() * 4); n > 0; n -= 1) {
        step()
        if (roll() < 0.3) { act('snooze', 'operator', {}, who); step(); act(roll() < 0.5 ? 'woke' : 'citizen-returned', 'system') } else told.said.push({ at, direction: roll() < 0.7 ? 'out' : 'note', by: 'operator' })
      }
    }
  }
  if (roll() < 0.7) {
    step()
    act('close', 'operator')
    if (roll() < 0.2) { step(); act('reopen', 'operator'); step(); act('close', 'operator') }
    told.closed = at
    if (roll() < 0.5) told.score = 1 + Math.floor(roll() * 5)
  }
  return told
}

beforeAll(async () => {
  database = await freshDatabase()
  pool = openPool(database.url, 3, () => undefined)
  const roll = dice(20_261_123)
  for (let n = 0; n < 1_000; n += 1) histories.push(history(roll))
  const { db } = pool
  const iso = (ms: number) => new Date(ms).toISOString()
  await sql`insert into citizen (id) select generate_series(1, 1000)`.execute(db)
  await sql`insert into identity (id, channel_id, address, citizen_id) select g, 'sms', g::text, g from generate_series(1, 1000) g`.execute(db)
  await sql`insert into conversation (id, reference, citizen_id, state, department_id, channel_id, opened_at, closed_at, waiting_since)
    select id, 'BAL-2026-' || id, id, case when closed is not null then 'closed' when department is not null then 'waiting' else 'bot' end, department, channel, opened, closed,
      case when closed is null and department is not null then opened end
    from json_to_recordset(${JSON.stringify(histories.map((one, n) => ({ id: n + 1, department: one.department, channel: one.channel, opened: iso(one.opened), closed: one.closed && iso(one.closed) })))}::json)
      as h(id bigint, department text, channel text, opened timestamptz, closed timestamptz)`.execute(db)
  await sql`insert into activity (conversation_id, at, author, operator_id, type, data)
    select c, at, by, op, type, data from json_to_recordset(${JSON.stringify(histories.flatMap((one, n) => one.acts.map((act) => ({ c: n + 1, at: iso(act.at), by: act.by, op: act.operatorId, type: act.type, data: act.data }))))}::json)
      as a(c bigint, at timestamptz, by text, op text, type text, data jsonb)`.execute(db)
  await sql`insert into message (conversation_id, seq, channel_id, direction, author, content, created_at)
    select c, seq, 'sms', direction, by, '{"text":""}', at from json_to_recordset(${JSON.stringify(histories.flatMap((one, n) => one.said.map((said, seq) => ({ c: n + 1, seq: seq + 1, direction: said.direction, by: said.by, at: iso(said.at) }))))}::json)
      as m(c bigint, seq int, direction text, by text, at timestamptz)`.execute(db)
  for (const [n, { score }] of histories.entries()) {
    if (score) await db.insertInto('survey').values({ conversation_id: String(n + 1), identity_id: String(n + 1), state: 'scored', score, expires_at: new Date() }).execute()
  }
  while (await keepFacts({ db, calendar: () => calendar, calendarOf: (id) => id }) >= 500);
})
afterAll(async () => {
  await pool.close()
  await database.drop()
})

/** By the clock on the wall of the town hall, minute by minute: slow, and with nothing in common with the product's way. */
const wall = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Lisbon', weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
function isOpenOnTheWall(ms: number): boolean {
  const parts = Object.fromEntries(wall.formatToParts(ms).map(({ type, value }) => [type, value]))
  const minute = Number(parts.hour) * 60 + Number(parts.minute)
  if (parts.weekday === 'Sun') return minute >= 30 && minute < 210
  return parts.weekday !== 'Sat' && ((minute >= 540 && minute < 750) || (minute >= 840 && minute < 1_050))
}
const known = new Map<number, boolean>()
function openByMinutes(from: number, to: number): number {
  let sum = 0
  for (let minute = Math.floor(from / 60_000); minute * 60_000 < to; minute += 1) {
    const start = minute * 60_000
    if (!known.has(minute)) known.set(minute, isOpenOnTheWall(start))
    if (known.get(minute)) sum += Math.min(to, start + 60_000) - Math.max(from, start)
  }
  return sum
}

function naive({ acts, said, opened, closed }: Told) {
  let handed: number | null = null
  let taken: number | null = null
  let firstTake: number | null = null
  for (const { type, at } of acts) {
    if (handed === null && (type === 'hand-off' || type === 'assign')) handed = at
    if (type === 'assign' && firstTake === null) firstTake = at
  }
  if (handed !== null && firstTake !== null && firstTake >= handed) taken = firstTake
  let answered: number | null = null
  for (const { direction, by, at } of said) if (answered === null && handed !== null && direction === 'out' && by === 'operator' && at >= handed) answered = at
  let asleep = 0
  let since: number | null = null
  for (const { type, at } of acts) {
    if (firstTake === null || at < firstTake || (closed !== null && at > closed)) continue
    if (type === 'snooze' && since === null) since = at
    else if (since !== null && (type === 'woke' || type === 'citizen-returned' || type === 'close' || type === 'assign' || type === 'move')) { asleep += at - since; since = null }
  }
  return {
    handed, first: handed !== null && answered !== null ? [answered - handed, openByMinutes(handed, answered)] as const : null,
    wait: handed !== null && taken !== null ? taken - handed : null,
    handling: closed !== null && firstTake !== null ? closed - firstTake - asleep : null,
    resolution: closed !== null ? [closed - opened, openByMinutes(opened, closed)] as const : null,
  }
}

function quantile(values: (number | null | undefined)[], at: number): number | null {
  const sorted = values.filter((value) => value !== null && value !== undefined).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * at
  const low = sorted[Math.floor(place)]!
  return low + (sorted[Math.ceil(place)]! - low) * (place - Math.floor(place))
}

test('every figure of 1,000 random histories is what a naive recount of their activity gives, days of the clock change included', async () => {
  const lines = await report(pool.db, everyone, period, 'channel')
  expect(lines.map(({ key }) => key)).toEqual(['correio', 'sms', 'web'])
  for (const line of lines) {
    const mine = histories.filter(({ channel }) => channel === line.key)
    const counted = mine.map(naive)
    const acts = (type: string, check: (data: Record<string, unknown>) => boolean = () => true) => mine.reduce((sum, { acts: all }) => sum + all.filter((act) => act.type === type && check(act.data)).length, 0)
    const close = (got: number | null, want: number | null) => (want === null ? expect(got).toBeNull() : expect(got).toBeCloseTo(want, 3))
    expect(line).toMatchObject({
      conversations: mine.length, closed: mine.filter(({ closed }) => closed !== null).length, handed: counted.filter(({ handed }) => handed !== null).length,
      botAlone: mine.filter(({ said }, n) => said.some(({ by }) => by === 'bot') && counted[n]!.handed === null).length,
      noAnswer: mine.filter(({ acts: all }) => all.some(({ type }) => type === 'miss')).length,
      helpful: acts('judge', ({ helpful }) => helpful === true), unhelpful: acts('judge', ({ helpful }) => helpful === false), reopened: acts('reopen'), moved: acts('move'),
      scores: mine.filter(({ score }) => score !== null).length, satisfied: mine.filter(({ score }) => score !== null && score >= 4).length,
      messagesIn: mine.length, messagesOperator: mine.reduce((sum, { said }) => sum + said.filter(({ by, direction }) => by === 'operator' && direction === 'out').length, 0),
    })
    close(line.firstResponseP50, quantile(counted.map(({ first }) => first?.[0]), 0.5))
    close(line.firstResponseP90, quantile(counted.map(({ first }) => first?.[0]), 0.9))
    close(line.firstResponseOpenP50, quantile(counted.map(({ first }) => first?.[1]), 0.5))
    close(line.firstResponseOpenP90, quantile(counted.map(({ first }) => first?.[1]), 0.9))
    close(line.waitP50, quantile(counted.map(({ wait }) => wait), 0.5))
    close(line.handlingP90, quantile(counted.map(({ handling }) => handling), 0.9))
    close(line.resolutionP50, quantile(counted.map(({ resolution }) => resolution?.[0]), 0.5))
    close(line.resolutionOpenP90, quantile(counted.map(({ resolution }) => resolution?.[1]), 0.9))
  }
})

test('a figure opens exactly the conversations behind it', async () => {
  const [line] = await report(pool.db, everyone, period, 'all', { channel: 'sms' })
  const ids = await conversationsBehind(pool.db, everyone, period, 'reopened', undefined, { channel: 'sms' }, 1_000)
  const want = histories.flatMap(({ channel, acts }, n) => (channel === 'sms' && acts.some(({ type }) => type === 'reopen') ? [String(n + 1)] : []))
  expect(ids.toSorted()).toEqual(want.toSorted())
  expect(line!.conversations).toBe(histories.filter(({ channel }) => channel === 'sms').length)
})

test('an operator counts only what they may see', async () => {
  const [all] = await report(pool.db, { ...everyone, role: 'operator', departments: ['outro'] }, period, 'all')
  expect(all!.conversations).toBe(histories.filter(({ department }) => department === null).length)
})

test('what changes later is worked out again', async () => {
  await sql`insert into activity (conversation_id, at, author, type) values (1, '2026-12-01', 'operator', 'reopen')`.execute(pool.db)
  await sql`update conversation set changed_at = now() where id = 1`.execute(pool.db)
  while (await keepFacts({ db: pool.db, calendar: () => calendar, calendarOf: (id) => id }) >= 500);
  const row = await sql<{ reopened: number }>`select reopened from conversation_fact where conversation_id = 1`.execute(pool.db)
  expect(row.rows[0]!.reopened).toBe(histories[0]!.acts.filter(({ type }) => type === 'reopen').length + 1)
})

test('a cell that looks like a formula is text in every file', async () => {
  const lines = await report(pool.db, everyone, period, 'all')
  const { head, rows } = tableOf(lines, () => '=HYPERLINK("http://evil.example","x")', 'pt')
  expect(toCsv(head, rows)).toContain('"\'=HYPERLINK(""http://evil.example"",""x"")"')
  expect((await toXlsx(head, rows)).subarray(0, 2).toString()).toBe('PK')
})
