import { sql } from 'kysely'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseCalendar } from '../../src/core/calendar-file.ts'
import type { Operator } from '../../src/core/model.ts'
import { openPool, type Pool } from '../../src/core/store/pool.ts'
import { tableOf, toCsv, toXlsx } from '../../src/numbers/export.ts'
import { factsAtOnce, keepFacts } from '../../src/numbers/keep-facts.ts'
import { keepReports } from '../../src/numbers/kept-reports.ts'
import { conversationsBehind, type Grouping, type Line, report } from '../../src/numbers/report.ts'
import { freshDatabase } from '../database.ts'

const calendar = parseCalendar('version: 1\ntimezone: Europe/Lisbon\nholidays: { national: false }\nhours: { mon-fri: ["09:00-12:30", "14:00-17:30"], sun: ["00:30-03:30"] }\n', 'calendar.yaml')
const everyone: Operator = { id: 'x', name: 'X', email: 'x', role: 'admin', departments: [] }
const period = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z'), timezone: 'Europe/Lisbon' }
let database: { url: string; drop(): Promise<void> }
let pool: Pool

interface Random { at: number; type: string; by: string; operatorId: string | null; data: Record<string, unknown> }
interface Call { asked: number; started: number | null; ended: number | null; state: string }
interface Told {
  channel: string; department: string | null; topic: string | null; language: string; opened: number; closed: number | null; acts: Random[]; said: { at: number; direction: string; by: string; delivery?: string }[]
  score: number | null; callScore: number | null; calls: Call[]
}
/** About half of them are kept; the third promises nothing. */
const targets: Record<string, { answer?: number; resolution?: number }> = { geral: { answer: 900_000, resolution: 2_700_000 }, obras: { answer: 300_000, resolution: 5_400_000 }, arquivo: {} }
const targetsOf = (id: string | null) => targets[id ?? ''] ?? {}
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
  const told: Told = { channel: ['sms', 'web', 'correio'][Math.floor(roll() * 3)]!, department: null, topic: roll() < 0.5 ? 'agua' : null, language: roll() < 0.8 ? 'pt' : 'en',
    opened: at, closed: null, acts: [], said: [], score: null, callScore: null, calls: [] }
  const act = (type: string, by = 'bot', data: Record<string, unknown> = {}, operatorId: string | null = null) => told.acts.push({ at, type, by, operatorId, data })
  act('opened', 'citizen')
  told.said.push({ at, direction: 'in', by: 'citizen' })
  for (let n = Math.floor(roll() * 4); n > 0; n -= 1) {
    step()
    told.said.push({ at, direction: 'out', by: 'bot', delivery: ['sent', 'read', 'failed', 'unknown'][Math.floor(roll() * roll() * 4)]! })
    if (roll() < 0.5) act('answered', 'bot', { answer: 'a' })
    else act('miss', 'bot', { seq: 1, suggested: [] })
    if (roll() < 0.3) act('judge', 'citizen', { answer: 'a', helpful: roll() < 0.5 })
  }
  if (roll() < 0.8) {
    step()
    // Now and then somebody takes it from the bot, or moves it on, without being asked.
    const isAsked = roll() < 0.85
    const onOwnPhone = () => told.said.push({ at, direction: 'out', by: 'operator' })
    const isAnsweredUnasked = !isAsked && roll() < 0.4
    if (isAsked) act('hand-off', 'bot', { department: 'geral' })
    if (isAnsweredUnasked) { act('hand-off', 'operator', { department: 'geral', reason: 'own-phone' }); onOwnPhone() }
    told.department = 'geral'
    const move = () => {
      const to = ['geral', 'obras', 'arquivo'][Math.floor(roll() * 3)]!
      step()
      act('move', 'operator', { from: told.department, to }, 'op-1')
      told.department = to
    }
    for (let n = Math.floor(roll() * 3); n > 0; n -= 1) move()
    if (roll() < 0.1) { step(); onOwnPhone() }
    if ((!isAsked && !isAnsweredUnasked) || roll() < 0.85) {
      step()
      const who = roll() < 0.5 ? 'op-1' : 'op-2'
      act('assign', 'operator', { to: who }, who)
      for (let n = Math.floor(roll() * 4); n > 0; n -= 1) {
        step()
        if (roll() < 0.15) { move(); continue }
        if (roll() < 0.3) { act('snooze', 'operator', {}, who); step(); act(roll() < 0.5 ? 'woke' : 'citizen-returned', 'system') } else told.said.push({ at, direction: roll() < 0.7 ? 'out' : 'note', by: 'operator' })
      }
    }
  }
  for (let n = Math.floor(roll() * 2.5); n > 0 && told.department; n -= 1) {
    const asked = step()
    act('call-asked', 'citizen', { call: String(n) })
    const state = ['ended', 'missed', 'declined', 'expired', 'asked'][Math.floor(roll() * 5)]!
    const started = state === 'ended' && roll() < 0.9 ? step() : null
    const ended = state === 'asked' ? null : step()
    if (state === 'ended') act('call-ended', 'operator', { call: String(n), ms: started === null ? 0 : at - started })
    else if (state !== 'asked') act(`call-${state}`, 'system', { call: String(n) })
    told.calls.push({ asked, started, ended, state })
    if (started !== null && roll() < 0.5) told.callScore = 1 + Math.floor(roll() * 5)
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
  await sql`insert into conversation (id, reference, citizen_id, state, department_id, channel_id, topic, language, opened_at, closed_at, waiting_since)
    select id, 'BAL-2026-' || id, id, case when closed is not null then 'closed' when department is not null then 'waiting' else 'bot' end, department, channel, topic, language, opened, closed,
      case when closed is null and department is not null then opened end
    from json_to_recordset(${JSON.stringify(histories.map((one, n) => ({ id: n + 1, department: one.department, channel: one.channel, topic: one.topic, language: one.language, opened: iso(one.opened), closed: one.closed && iso(one.closed) })))}::json)
      as h(id bigint, department text, channel text, topic text, language text, opened timestamptz, closed timestamptz)`.execute(db)
  await sql`insert into activity (conversation_id, at, author, operator_id, type, data)
    select c, at, by, op, type, data from json_to_recordset(${JSON.stringify(histories.flatMap((one, n) => one.acts.map((act) => ({ c: n + 1, at: iso(act.at), by: act.by, op: act.operatorId, type: act.type, data: act.data }))))}::json)
      as a(c bigint, at timestamptz, by text, op text, type text, data jsonb)`.execute(db)
  await sql`insert into message (conversation_id, seq, channel_id, direction, author, content, created_at)
    select c, seq, 'sms', direction, by, '{"text":""}', at from json_to_recordset(${JSON.stringify(histories.flatMap((one, n) => one.said.map((said, seq) => ({ c: n + 1, seq: seq + 1, direction: said.direction, by: said.by, at: iso(said.at) }))))}::json)
      as m(c bigint, seq int, direction text, by text, at timestamptz)`.execute(db)
  await sql`insert into delivery (message_id, conversation_id, thread_id, channel_id, seq, key, state)
    select m.id, m.conversation_id, 1, 'sms', m.seq, gen_random_uuid(), d.state from json_to_recordset(${JSON.stringify(histories.flatMap((one, n) => one.said.flatMap(({ delivery }, seq) => (delivery ? [{ c: n + 1, seq: seq + 1, state: delivery }] : []))))}::json)
      as d(c bigint, seq int, state text) join message m on m.conversation_id = d.c and m.seq = d.seq`.execute(db)
  await sql`insert into call (conversation_id, room, state, asked_by, asked_at, started_at, ended_at, expires_at)
    select c, room, state, 'citizen', asked, started, ended, asked from json_to_recordset(${JSON.stringify(histories.flatMap((one, n) => one.calls.map((call, k) => (
      { c: n + 1, room: `room-${n}-${k}`, state: call.state, asked: iso(call.asked), started: call.started && iso(call.started), ended: call.ended && iso(call.ended) }))))}::json)
      as k(c bigint, room text, state text, asked timestamptz, started timestamptz, ended timestamptz)`.execute(db)
  const survey = (subject: string, given: 'score' | 'callScore') => sql`insert into survey (conversation_id, identity_id, subject, state, score, expires_at)
    select c, c, ${subject}, 'scored', score, now() from json_to_recordset(${JSON.stringify(histories.flatMap((one, n) => (one[given] ? [{ c: n + 1, score: one[given] }] : [])))}::json) as s(c bigint, score int)`.execute(db)
  await survey('conversation', 'score')
  await survey('call', 'callScore')
  while (await keepFacts({ db, calendar: () => calendar, calendarOf: (id) => id, targetsOf }) >= factsAtOnce);
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

/** Counted the other way round: from each begin all of the time to its end, and away with each sleep. */
function isKept(all: Random[], until: number, isAnewWhenAwake: boolean, which: 'answer' | 'resolution'): boolean | null {
  const acts = all.filter(({ at }) => at <= until)
  const wakes = ['woke', 'citizen-returned', 'assign', 'move', 'close']
  const isAsleepAt = (n: number) => acts.slice(0, n).findLast(({ type }) => type === 'snooze' || wakes.includes(type))?.type === 'snooze'
  const departmentAt = (n: number) => String(acts.slice(0, n + 1).findLast(({ type }) => type === 'move')?.data.to ?? (all.some(({ type }) => type === 'hand-off' || type === 'assign') ? 'geral' : ''))
  const isWithPeopleAt = (n: number) => ['hand-off', 'move', 'assign', 'reopen'].includes(acts.slice(0, n).findLast(({ type }) => ['hand-off', 'move', 'assign', 'close', 'reopen'].includes(type))?.type ?? '')
  const begins = acts.flatMap(({ type, at }, n) => (
    (['hand-off', 'move', 'reopen', 'assign'].includes(type) && !isWithPeopleAt(n)) || (type === 'move' && departmentAt(n) !== departmentAt(n - 1)) || (isAnewWhenAwake && isAsleepAt(n) && wakes.includes(type) && type !== 'close')
      ? [{ at, department: departmentAt(n) }] : []))
  const kept = begins.flatMap(({ at, department }, n) => {
    const target = targetsOf(department)[which]
    if (target === undefined) return []
    const to = Math.min(begins[n + 1]?.at ?? until, acts.find((act) => act.type === 'close' && act.at > at)?.at ?? until)
    let took = openByMinutes(at, to)
    for (const [k, act] of acts.entries()) {
      if (act.type !== 'snooze' || isAsleepAt(k) || act.at < at || act.at >= to) continue
      took -= openByMinutes(act.at, Math.min(to, acts.slice(k).find(({ type }) => wakes.includes(type))?.at ?? until))
    }
    return took <= target
  })
  return kept.length === 0 ? null : kept.every(Boolean)
}

function naive({ acts, said, opened, closed }: Told) {
  let handed: number | null = null
  let firstTake: number | null = null
  let isTakenUnasked = false
  for (const { type, at } of acts) {
    if (handed === null && ['hand-off', 'move', 'assign', 'reopen'].includes(type)) { handed = at; isTakenUnasked = type === 'assign' }
    if (type === 'assign' && firstTake === null) firstTake = at
  }
  let answered: number | null = null
  for (const { direction, by, at } of said) if (answered === null && handed !== null && direction === 'out' && by === 'operator' && at >= handed) answered = at
  // Second by second would be as good: the stretches from being taken to the end, without those asleep.
  let [handling, handlingOpen, since]: [number, number, number | null] = [0, 0, firstTake]
  for (const { type, at } of acts) {
    if (closed === null || firstTake === null || at < firstTake || at > closed) continue
    if (type === 'snooze' && since !== null) { handling += at - since; handlingOpen += openByMinutes(since, at); since = null }
    else if (since === null && ['woke', 'citizen-returned', 'close', 'assign', 'move'].includes(type)) since = at
  }
  if (since !== null && closed !== null) { handling += closed - since; handlingOpen += openByMinutes(since, closed) }
  const span = (from: number | null, to: number | null) => (from === null || to === null ? null : { clock: to - from, open: openByMinutes(from, to) })
  const first = span(handed, answered)
  return {
    promised: {
      answer: answered === null ? null : isKept(acts, answered, true, 'answer'), resolution: closed === null ? null : isKept(acts, closed, false, 'resolution'),
    },
    handed, first, wait: isTakenUnasked ? null : span(handed, firstTake),
    handling: closed !== null && firstTake !== null ? { clock: handling, open: handlingOpen } : null, resolution: span(opened, closed),
  }
}

function quantile(values: (number | null | undefined)[], at: number): number | null {
  const sorted = values.filter((value) => value !== null && value !== undefined).sort((a, b) => a - b)
  if (sorted.length === 0) return null
  const place = (sorted.length - 1) * at
  const low = sorted[Math.floor(place)]!
  return low + (sorted[Math.ceil(place)]! - low) * (place - Math.floor(place))
}

/** The whole line again, by counting what stands in the histories. */
function recount(key: string, mine: Told[]): Line {
  const counted = mine.map(naive)
  const acts = (type: string, check: (data: Record<string, unknown>) => boolean = () => true) => mine.reduce((sum, { acts: all }) => sum + all.filter((act) => act.type === type && check(act.data)).length, 0)
  const said = (check: (one: Told['said'][number]) => boolean) => mine.reduce((sum, one) => sum + one.said.filter(check).length, 0)
  const mean = (values: (number | null)[]) => {
    const given = values.filter((value) => value !== null)
    return given.length === 0 ? null : given.reduce((sum, value) => sum + value, 0) / given.length
  }
  const times = (name: 'first' | 'wait' | 'handling' | 'resolution', as: string) => Object.fromEntries((['clock', 'open'] as const).flatMap((kind) => [0.5, 0.9].map((at) => (
    [`${as}${kind === 'open' ? 'Open' : ''}P${at * 100}`, quantile(counted.map((one) => one[name]?.[kind]), at)]))))
  const called = mine.flatMap(({ calls }) => calls)
  return {
    key, conversations: mine.length, closed: mine.filter(({ closed }) => closed !== null).length, handed: counted.filter(({ handed }) => handed !== null).length,
    botAlone: mine.filter((one, n) => one.said.some(({ by }) => by === 'bot') && counted[n]!.handed === null).length,
    noAnswer: mine.filter((one) => one.acts.some(({ type }) => type === 'miss')).length,
    helpful: acts('judge', ({ helpful }) => helpful === true), unhelpful: acts('judge', ({ helpful }) => helpful === false), reopened: acts('reopen'), moved: acts('move'),
    messagesIn: said(({ direction }) => direction === 'in'), messagesBot: said(({ by }) => by === 'bot'), messagesOperator: said(({ by, direction }) => by === 'operator' && direction === 'out'),
    ...times('first', 'firstResponse'), ...times('wait', 'wait'), ...times('handling', 'handling'), ...times('resolution', 'resolution'),
    answeredInTime: counted.filter(({ promised }) => promised.answer === true).length, answeredLate: counted.filter(({ promised }) => promised.answer === false).length,
    settledLate: counted.filter(({ promised }) => promised.resolution === false).length,
    scores: mine.filter(({ score }) => score !== null).length, score: mean(mine.map(({ score }) => score)), satisfied: mine.filter(({ score }) => score !== null && score >= 4).length,
    callsAsked: acts('call-asked'), callsTaken: called.filter(({ started }) => started !== null).length, callsMissed: acts('call-missed') + acts('call-declined') + acts('call-expired'),
    callMinutes: mine.reduce((sum, one) => sum + one.acts.reduce((ms, { data }) => ms + (typeof data.ms === 'number' ? data.ms : 0), 0), 0) / 60_000,
    callScores: mine.filter(({ callScore }) => callScore !== null).length, callScore: mean(mine.map(({ callScore }) => callScore)),
    failed: said(({ delivery }) => delivery === 'failed'), unknown: said(({ delivery }) => delivery === 'unknown'),
  } as Line
}

/** As seen when all of it is over. */
const kept = () => keepReports(pool.db, () => new Date('2027-06-01T00:00:00Z'))

const lastTaker = ({ acts }: Told) => acts.filter(({ type }) => type === 'assign').at(-1)?.operatorId ?? ''
const onTheWall = (given: Told, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Lisbon', ...options }).format(given.opened)
const groups: Record<Grouping, (told: Told) => string> = {
  all: () => 'all', channel: ({ channel }) => channel, department: ({ department }) => department ?? '', topic: ({ topic }) => topic ?? '', language: ({ language }) => language, operator: lastTaker,
  day: (told) => onTheWall(told, { year: 'numeric', month: '2-digit', day: '2-digit' }), hour: (told) => onTheWall(told, { hour: '2-digit', hourCycle: 'h23' }),
}

test('every figure of 1,000 random histories, in every grouping, is what a naive recount gives, days of the clock change included', async () => {
  for (const [by, keyOf] of Object.entries(groups) as [Grouping, (told: Told) => string][]) {
    const lines = await kept().of(everyone, period, by)
    expect(await report(pool.db, everyone, period, by)).toEqual(lines)
    const keys = [...new Set(histories.map(keyOf))]
    expect(lines.map(({ key }) => key).toSorted(), by).toEqual(keys.toSorted())
    for (const line of lines) {
      const want = recount(line.key, histories.filter((told) => keyOf(told) === line.key))
      expect(Object.keys(line).toSorted()).toEqual(Object.keys(want).toSorted())
      for (const [name, value] of Object.entries(want)) {
        const got = line[name as keyof Line]
        if (typeof value === 'number') expect(got, `${by} ${line.key} ${name}`).toBeCloseTo(value, 3)
        else expect(got, `${by} ${line.key} ${name}`).toEqual(value)
      }
    }
  }
}, 60_000)

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

test('what changes later is worked out again, and a report of days that are over is kept until then', async () => {
  const reports = kept()
  const reopened = async () => (await reports.of(everyone, period, 'all'))[0]!.reopened
  const before = await reopened()
  expect(await reports.of(everyone, period, 'all')).toBe(await reports.of(everyone, period, 'all'))
  await sql`insert into activity (conversation_id, at, author, type) values (1, '2026-12-01', 'operator', 'reopen')`.execute(pool.db)
  await sql`update conversation set changed_at = now() where id = 1`.execute(pool.db)
  while (await keepFacts({ db: pool.db, calendar: () => calendar, calendarOf: (id) => id, targetsOf }) >= factsAtOnce);
  const row = await sql<{ reopened: number }>`select reopened from conversation_fact where conversation_id = 1`.execute(pool.db)
  expect(row.rows[0]!.reopened).toBe(histories[0]!.acts.filter(({ type }) => type === 'reopen').length + 1)
  expect(await reopened()).toBe(before + 1)
  // Others see others: what was kept for one is not shown to another, nor for other days.
  const [theirs] = await reports.of({ ...everyone, role: 'operator', departments: ['outro'] }, period, 'all')
  expect(theirs!.conversations).toBe(histories.filter(({ department }) => department === null).length)
  const [sms] = await reports.of(everyone, period, 'all', { channel: 'sms' })
  expect(sms!.conversations).toBe(histories.filter(({ channel }) => channel === 'sms').length)
  expect(await reports.of(everyone, { ...period, to: new Date('2026-01-02T00:00:00Z') }, 'all')).toEqual([])
})

test('a cell that looks like a formula is text in every file', async () => {
  const lines = await report(pool.db, everyone, period, 'all')
  const { head, rows } = tableOf(lines, () => '=HYPERLINK("http://evil.example","x")', 'pt')
  expect(toCsv(head, rows)).toContain('"\'=HYPERLINK(""http://evil.example"",""x"")"')
  const [first] = await readSheet(await toXlsx(head, rows)).then((sheet) => sheet.slice(1))
  expect(first![0]).toBe('=HYPERLINK("http://evil.example","x")')
})

test('the spreadsheet opened by another library has the same cells: numbers as numbers, and nothing where there is nothing', async () => {
  const { head, rows } = tableOf(await report(pool.db, everyone, period, 'operator'), (key) => key || '—', 'pt')
  expect(await readSheet(await toXlsx(head, rows))).toEqual([head, ...rows])
  expect(rows.flat().filter((cell) => typeof cell === 'number').length).toBeGreaterThan(50)
  expect(head.slice(0, 2)).toEqual(['Grupo', 'Conversas'])
})
