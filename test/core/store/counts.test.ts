import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Operator } from '../../../src/core/model.ts'
import { openSignals, type Signals } from '../../../src/core/signals.ts'
import { type Alike, countsFor } from '../../../src/core/store/counts.ts'
import { type Cursor, listConversations, type View } from '../../../src/core/store/lists.ts'
import { openPool, type Pool } from '../../../src/core/store/pool.ts'
import { openTally, type Tally } from '../../../src/core/tally.ts'
import { type Backlog, backlogOf } from '../../../src/numbers/backlog.ts'
import { chance as chanceOf } from '../../operator-ui/stand-in/chance.ts'
import { type FreshDatabase, freshDatabase } from '../../database.ts'

let database: FreshDatabase
let pool: Pool
let signals: Signals
let tally: Tally
let clock = 0
const now = new Date()

beforeAll(async () => {
  database = await freshDatabase()
  pool = openPool(database.url, 2, (error) => { throw error })
  // Every mixture of state, department, owner, deadline, failure and mention that the rules of the table allow.
  await sql`insert into citizen (id) select n from generate_series(1, 700) n`.execute(pool.db)
  await sql`insert into conversation (reference, citizen_id, state, operator_id, department_id, wake_at, waiting_since, closed_at, channel_id, due_at, failed_deliveries, unanswered, mentioned)
    select 'BAL-' || n, n, state, case when state = 'assigned' or state = 'snoozed' and n % 2 = 0 then 'op-' || n % 4 end,
      case when state in ('waiting', 'snoozed') or n % 3 > 0 then (array['aguas', 'geral', 'obras'])[1 + n % 11 % 3] end,
      case when state = 'snoozed' then ${now}::timestamptz end, case when state = 'waiting' then ${now}::timestamptz - n * 7 % 50 * interval '1 minute' end, case when state = 'closed' then ${now}::timestamptz end, 'linha',
      case when n % 13 < 4 then ${now}::timestamptz + (n % 13 - 2) * interval '1 hour' end, case when n % 17 < 3 then 1 else 0 end, n % 5 < 2,
      case n % 19 when 0 then array['op-1'] when 1 then array['op-1', 'op-2'] else '{}' end
    from (select n, (array['bot', 'waiting', 'assigned', 'snoozed', 'closed'])[1 + n % 7 % 5] as state from generate_series(1, 700) n) each`.execute(pool.db)
  signals = await openSignals(database.url, pino({ level: 'silent' }))
  tally = openTally({ db: pool.db, signals, now: () => now, clock: () => clock })
})
afterAll(async () => {
  tally.close()
  await signals.close()
  await pool.close()
  await database.drop()
})

const who = (id: string, role: Operator['role'], departments: string[]): Operator => ({ id, name: id, email: `${id}@x.example`, role, departments })

async function listed(operator: Operator, view: View, department?: string): Promise<number> {
  let [count, after]: [number, Cursor | undefined] = [0, undefined]
  for (;;) {
    const { rows, next } = await listConversations(pool.db, operator, { view, department }, after, 50)
    count += rows.filter(({ dueAt }) => view !== 'due' || dueAt! < now).length
    if (!next) return count
    after = next
  }
}

const operators = [
  who('op-1', 'admin', ['aguas', 'geral', 'obras']), who('op-1', 'operator', ['aguas']), who('op-2', 'supervisor', ['geral', 'obras']), who('op-3', 'operator', []), who('op-9', 'operator', ['obras']),
]
test.each(operators)('each view of $id, $role of $departments, has as many as its list', async (operator) => {
  const counts = countsFor(operator, await tally.read())
  for (const view of ['mine', 'waiting', 'bot', 'snoozed', 'problems', 'unanswered', 'mentions'] as const) expect(counts[view], view).toBe(await listed(operator, view))
  expect(counts.late).toBe(await listed(operator, 'due'))
  for (const id of operator.departments) expect(counts.departments[id], id).toMatchObject({ open: await listed(operator, 'department', id), waiting: await listed(operator, 'waiting', id) })
})

const isBacklogRight = async (operator: Operator) => {
  const { rows } = await sql<Backlog>`select department_id as "departmentId", count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'assigned')::int as assigned,
      count(*) filter (where state = 'snoozed')::int as snoozed, min(waiting_since) filter (where state = 'waiting') as "oldestWaiting", count(*) filter (where state <> 'snoozed' and least(due_at, resolve_by) < ${now})::int as overdue
    from conversation where state in ('waiting', 'assigned', 'snoozed') and department_id is not null and ${operator.role === 'admin' ? sql`true` : sql`department_id = any(${operator.departments}::text[])`}
    group by 1 order by 1`.execute(pool.db)
  expect(backlogOf(operator, await tally.read())).toEqual(rows)
}
test.each(operators)('the backlog of $id, $role of $departments, and its age are what a count of the table gives', isBacklogRight)

const sorted = (all: Alike[]) => all.map((one) => JSON.stringify(one)).sort()
/** As one who has just begun, and read everything, counts it. */
async function anew(): Promise<string[]> {
  const fresh = openTally({ db: pool.db, signals, now: () => now })
  const all = await fresh.read()
  fresh.close()
  return sorted(all)
}
const touch = (ids: number[], kind: number) => sql`update conversation set state = (array['bot', 'waiting', 'assigned', 'snoozed', 'closed'])[1 + (id + ${kind}) % 5],
  operator_id = case when (id + ${kind}) % 5 in (2, 3) then 'op-' || ${kind % 4}::int end, department_id = (array['aguas', 'geral', 'obras'])[1 + (id + ${kind}) % 3],
  wake_at = case when (id + ${kind}) % 5 = 3 then now() end, waiting_since = case when (id + ${kind}) % 5 = 1 then now() - id % 50 * interval '1 minute' end, closed_at = case when (id + ${kind}) % 5 = 4 then now() end,
  unanswered = ${kind % 2 === 0}, failed_deliveries = ${kind % 3}::int, due_at = case when ${kind % 4 < 2} then ${now}::timestamptz + ${kind % 5 - 2} * interval '1 hour' end,
  mentioned = case when ${kind % 3 === 0} then array['op-1', 'op-3'] else '{}' end where id = any(${ids}::bigint[])`.execute(pool.db)

test('after three hundred changes, read again and again while they are made, it counts what one who begins anew counts', async () => {
  const chance = chanceOf(7)
  for (let n = 0; n < 300; n += 1) {
    const ids = Array.from({ length: 1 + chance.whole(0, 3) }, () => chance.whole(1, 700))
    const done = touch(ids, chance.whole(0, 59)).then(() => signals.tell({ type: 'changed', changes: ids.map((id) => ({ conversationId: String(id) })) }))
    const read = n % 3 === 0 ? tally.read() : undefined
    await Promise.all([done, read])
    if (n % 50 !== 49) continue
    expect(sorted(await tally.read())).toEqual(await anew())
    await isBacklogRight(operators[0]!)
  }
})

test('what another process changed is counted as soon as its news is here, and all of it after a gap', async () => {
  await tally.read()
  const heard = new Promise<void>((resolve) => { const stop = signals.subscribe(() => { stop(); resolve() }) })
  const other = await openSignals(database.url, pino({ level: 'silent' }))
  await touch([5, 6, 7], 11)
  await other.broadcast({ type: 'changed', changes: ['5', '6', '7'].map((conversationId) => ({ conversationId })) })
  await heard
  expect(sorted(await tally.read())).toEqual(await anew())
  await touch([8, 9], 22)
  signals.tell({ type: 'gap' })
  expect(sorted(await tally.read())).toEqual(await anew())
  await other.close()
})

test('what was changed by hand, without a word, is counted a minute later', async () => {
  await touch([20, 21, 22, 23], 5)
  expect(sorted(await tally.read())).not.toEqual(await anew())
  clock += 61_000
  expect(sorted(await tally.read())).toEqual(await anew())
})

test('who is promised an answer by then is late from then on, and no more when it is there', async () => {
  let at = new Date(now.getTime() + 5 * 60_000)
  const passing = openTally({ db: pool.db, signals, now: () => at })
  const late = async () => (await passing.read()).reduce((sum, each) => sum + each.late, 0)
  const promised = (minutes: number | null) => sql`update conversation set due_at = ${minutes === null ? null : new Date(now.getTime() + minutes * 60_000)}, resolve_by = null where id = 400`.execute(pool.db)
  const told = () => signals.tell({ type: 'changed', changes: [{ conversationId: '400' }] })
  await sql`update conversation set state = 'assigned', operator_id = 'op-1', department_id = 'aguas', wake_at = null, closed_at = null, waiting_since = null where id = 400`.execute(pool.db)
  await promised(5)
  const before = await late()
  at = new Date(at.getTime() + 1)
  expect(await late()).toBe(before + 1)
  await promised(null)
  told()
  expect(await late()).toBe(before)
  await promised(4)
  told()
  expect(await late()).toBe(before + 1)
  passing.close()
})
