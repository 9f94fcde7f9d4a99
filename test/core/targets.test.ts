/** What a department promises, in its own open hours: an answer, and that all is settled. */

import { sql } from 'kysely'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Responder } from '../../src/core/model.ts'
import { keepFacts } from '../../src/numbers/keep-facts.ts'
import type { ConversationSummary, Counts, Page, Session } from '../../src/operator-api.types.ts'
import { type SignedIn, signIn } from '../harness/browserless.ts'
import { type Harness, startGateway } from '../harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../harness/plain-channel.ts'

const toWater: Responder = (state, input) => ({
  actions: input.type === 'message' && input.content.text === 'Bom dia' ? [{ do: 'say', content: { text: 'Em que posso ajudar?' } }] : [{ do: 'hand-off', reason: 'asked', departmentId: 'aguas' }], state,
})
/** Friday, ten minutes before the doors close. In winter Lisbon is on UTC. */
const friday = Date.parse('2026-01-09T16:50:00Z')
let clock = friday
let folder: string
let vendor: PlainVendor
let gateway: Harness
let ana: SignedIn

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'balcao-targets-'))
  const calendar = path.join(folder, 'calendar.yaml')
  await writeFile(calendar, 'version: 1\ntimezone: Europe/Lisbon\nholidays: { national: false }\nhours: { mon-fri: ["09:00-17:00"] }\n')
  vendor = await plainVendor()
  gateway = await startGateway({
    channels: { linha: { kind: 'plain', vendorUrl: vendor.url, department: 'aguas' } }, kinds: { plain: plainKind() }, respond: toWater, now: () => new Date(clock),
    config: {
      calendar,
      departments: {
        geral: { name: { pt: 'Geral', en: 'General' } }, urbanismo: { name: { pt: 'Urbanismo', en: 'Planning' }, sla: { resolution: '2h' } },
        aguas: { name: { pt: 'Águas', en: 'Water' }, sla: { firstResponse: '30m', resolution: '8h', warnBefore: '10m' } },
      },
    },
  })
  ana = await signIn(gateway, 'ana@valeformoso.example', { departments: ['aguas', 'geral', 'urbanismo'] })
})
afterAll(async () => {
  await gateway?.close()
  await vendor?.close()
  await rm(folder, { recursive: true, force: true })
})

let n = 0
async function write(from: string, text = 'A água está turva'): Promise<ConversationSummary> {
  n += 1
  const answer = await fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ messages: [{ id: `m${n}`, from, text, name: from }] }) })
  expect(answer.ok).toBe(true)
  return read(from)
}
async function read(name: string): Promise<ConversationSummary> {
  const { rows } = await ana.get<Page<ConversationSummary>>('/api/conversations?view=all')
  return rows.find(({ citizen }) => citizen.name === name)!
}
const act = async (row: ConversationSummary, ...actions: object[]) => {
  n += 1
  expect((await ana.call('POST', `/api/conversations/${row.id}/act`, { clientId: `targets-${n}`, actions })).status).toBe(200)
  return read(row.citizen.name!)
}
const due = () => ana.get<Page<ConversationSummary>>('/api/conversations?view=due').then(({ rows }) => rows.map(({ citizen }) => citizen.name))

test('an answer promised in 30 minutes, asked for ten minutes before the doors close, is due at 09:20 on Monday', async () => {
  const { departments } = await ana.get<Session>('/api/session')
  expect(departments.map(({ id, warnBefore }) => [id, warnBefore])).toEqual([['geral', null], ['urbanismo', 300_000], ['aguas', 600_000]])
  const maria = await write('maria')
  expect(maria.dueAt).toBe('2026-01-12T09:20:00.000Z')
  // A second word does not move what was promised at the first.
  clock = Date.parse('2026-01-12T09:05:00Z')
  expect((await write('maria')).dueAt).toBe('2026-01-12T09:20:00.000Z')
})

test('once answered, what counts is until when all is to be settled: eight open hours from the hand-over', async () => {
  const answered = await act(await read('maria'), { do: 'take' }, { do: 'reply', text: 'Vamos ver.' })
  expect(answered.dueAt).toBe('2026-01-12T16:50:00.000Z')
  clock = Date.parse('2026-01-12T10:00:00Z')
  expect((await write('maria')).dueAt).toBe('2026-01-12T10:30:00.000Z')
})

test('the list of deadlines has the nearest first, and counts what is late', async () => {
  const rui = await write('rui')
  await act(rui, { do: 'take' }, { do: 'reply', text: 'Já vemos.' })
  const eva = await write('eva')
  expect(await due()).toEqual(['maria', 'eva', 'rui'])
  expect((await ana.get<Counts>('/api/counts')).late).toBe(0)
  clock = Date.parse('2026-01-12T10:31:00Z')
  expect((await ana.get<Counts>('/api/counts')).late).toBe(2)
  const backlog = (await ana.get<{ backlog: { departmentId: string; overdue: number }[] }>('/api/numbers?from=2026-01-01&to=2026-02-01')).backlog
  expect(backlog).toMatchObject([{ departmentId: 'aguas', overdue: 2 }])
  await act(eva, { do: 'snooze', until: '2026-01-13T10:00:00Z' })
  // What sleeps is nobody's fault.
  expect(await due()).toEqual(['maria', 'rui'])
  expect((await ana.get<Counts>('/api/counts')).late).toBe(1)
})

test('what a colleague answered on the town’s own phone is answered', async () => {
  const promised = (await write('zita')).dueAt
  expect(promised).not.toBeNull()
  clock += 4 * 60_000
  const answer = await fetch(`${gateway.url}/channels/linha`, { method: 'POST', body: JSON.stringify({ echoes: [{ id: 'own-1', to: 'zita', text: 'Já vamos a caminho.' }] }) })
  clock -= 4 * 60_000
  expect(answer.ok).toBe(true)
  // What is left is until when all is to be settled.
  expect((await read('zita')).dueAt).not.toBe(promised)
  await act(await read('zita'), { do: 'take' }, { do: 'close', survey: false })
})

test('another department promises anew, one without targets promises nothing, and the end ends all promises', async () => {
  const moved = await act(await read('rui'), { do: 'move', departmentId: 'urbanismo' })
  expect(moved.dueAt).toBe('2026-01-12T12:31:00.000Z')
  expect((await act(moved, { do: 'move', departmentId: 'geral' })).dueAt).toBeNull()
  expect((await act(await read('maria'), { do: 'close', survey: false })).dueAt).toBeNull()
})

test('what wakes late has its answer’s time again, and as much to settle all as it had when it fell asleep', async () => {
  clock = Date.parse('2026-01-14T09:00:00Z')
  const eva = await gateway.until('awake', async () => { const row = await read('eva'); return row.state === 'waiting' && row })
  expect(eva.dueAt).toBe('2026-01-14T09:30:00.000Z')
  // Asked for at 10:00 on Monday, asleep from 10:31 on: 7 h 29 min of eight hours are left on Wednesday morning.
  const answered = await act(eva, { do: 'take' }, { do: 'reply', text: 'Já temos resposta.' })
  expect(answered.dueAt).toBe('2026-01-14T16:29:00.000Z')
  // Put to sleep twice, and woken by being taken: both sleeps are one.
  await act(answered, { do: 'snooze', until: '2026-01-15T10:00:00Z' })
  clock = Date.parse('2026-01-14T10:00:00Z')
  await act(answered, { do: 'snooze', until: '2026-01-16T10:00:00Z' })
  clock = Date.parse('2026-01-15T09:00:00Z')
  expect((await act(answered, { do: 'take' })).dueAt).toBe('2026-01-15T16:29:00.000Z')
})

test('what was late when it fell asleep is late when it wakes', async () => {
  clock = Date.parse('2026-01-16T09:00:00Z')
  await act(await read('eva'), { do: 'snooze', until: '2026-01-19T10:00:00Z' })
  clock = Date.parse('2026-01-19T09:00:00Z')
  expect((await act(await read('eva'), { do: 'take' })).dueAt).toBe('2026-01-15T16:29:00.000Z')
})

test('who takes what sleeps, before anybody has answered, has the answer’s time again, in the list as in the numbers', async () => {
  clock = Date.parse('2026-01-20T09:00:00Z')
  const nuno = await write('nuno')
  expect(nuno.dueAt).toBe('2026-01-20T09:30:00.000Z')
  clock = Date.parse('2026-01-20T09:10:00Z')
  await act(nuno, { do: 'snooze', until: '2026-01-21T10:00:00Z' })
  clock = Date.parse('2026-01-20T12:00:00Z')
  expect((await act(nuno, { do: 'take' })).dueAt).toBe('2026-01-20T12:30:00.000Z')
  clock = Date.parse('2026-01-20T12:29:00Z')
  await act(nuno, { do: 'reply', text: 'Já vimos.' })
})

test('who takes it straight from the bot has the answer’s time from then on, in the list as in the numbers', async () => {
  clock = Date.parse('2026-01-22T09:00:00Z')
  for (const name of ['lia', 'ivo']) expect(await write(name, 'Bom dia')).toMatchObject({ state: 'bot', dueAt: null, unanswered: false })
  clock = Date.parse('2026-01-22T10:00:00Z')
  for (const name of ['lia', 'ivo']) expect(await act(await read(name), { do: 'take' })).toMatchObject({ state: 'assigned', dueAt: '2026-01-22T10:30:00.000Z', unanswered: true })
  clock = Date.parse('2026-01-22T10:20:00Z')
  // Another word of the citizen's does not put off what is due.
  expect((await write('ivo', 'Bom dia')).dueAt).toBe('2026-01-22T10:30:00.000Z')
  await act(await read('lia'), { do: 'reply', text: 'Bom dia, Lia.' })
  clock = Date.parse('2026-01-22T10:31:00Z')
  expect(await due()).toContain('ivo')
  expect(await act(await read('ivo'), { do: 'reply', text: 'Desculpe a espera.' })).toMatchObject({ unanswered: false })
})

test('the numbers say how many promises were kept', async () => {
  const { pool } = gateway.gateway
  const { parseCalendar } = await import('../../src/core/calendar-file.ts')
  const calendar = parseCalendar('version: 1\ntimezone: Europe/Lisbon\nholidays: { national: false }\nhours: { mon-fri: ["09:00-17:00"] }\n', 'calendar.yaml')
  const target = { answer: 1_800_000, resolution: 28_800_000 }
  // The gateway's own worker may have it in hand at this moment.
  await gateway.until('the facts', async () => await keepFacts({ db: pool.db, calendar: () => calendar, calendarOf: (id) => id, targetsOf: (id) => (id === 'aguas' ? target : {}) }) > 0)
  const facts = await pool.db.selectFrom('conversation').innerJoin('citizen', 'citizen.id', 'conversation.citizen_id').select(['citizen.name', 'conversation.id']).execute()
  const kept = async (name: string) => {
    const { id } = facts.find((one) => one.name === name)!
    return (await sql<{ answered: boolean | null; resolved: boolean | null }>`select answered_in_time as answered, resolved_in_time as resolved from conversation_fact where conversation_id = ${id}`.execute(pool.db)).rows[0]
  }
  const { rows: onOwnPhone } = await sql`select first_response_ms as ms, answered_in_time as kept, messages_operator as words
    from conversation_fact join message using (conversation_id) where external_id = 'own-1'`.execute(pool.db)
  expect(onOwnPhone).toEqual([{ ms: '240000', kept: true, words: 1 }])
  // 15 open minutes to the first answer, 101 to the end.
  expect(await kept('maria')).toEqual({ answered: true, resolved: true })
  expect(await kept('nuno')).toEqual({ answered: true, resolved: null })
  expect(await kept('lia')).toEqual({ answered: true, resolved: null })
  expect(await kept('ivo')).toEqual({ answered: false, resolved: null })
  // Answered in time by the one who had it then; what the others promise does not undo that. Not closed yet.
  expect(await kept('rui')).toEqual({ answered: true, resolved: null })
})
