import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Operator } from '../../../src/core/model.ts'
import { countAlike, countsFor, countViews } from '../../../src/core/store/counts.ts'
import { type Cursor, listConversations, type View } from '../../../src/core/store/lists.ts'
import { openPool, type Pool } from '../../../src/core/store/schema.ts'
import { type FreshDatabase, freshDatabase } from '../../database.ts'

let database: FreshDatabase
let pool: Pool
const now = new Date()

beforeAll(async () => {
  database = await freshDatabase()
  pool = openPool(database.url, 2, (error) => { throw error })
  // Every mixture of state, department, owner, deadline, failure and mention that the rules of the table allow.
  await sql`insert into citizen (id) select n from generate_series(1, 700) n`.execute(pool.db)
  await sql`insert into conversation (reference, citizen_id, state, operator_id, department_id, wake_at, waiting_since, closed_at, channel_id, due_at, failed_deliveries, unanswered, mentioned)
    select 'BAL-' || n, n, state, case when state = 'assigned' or state = 'snoozed' and n % 2 = 0 then 'op-' || n % 4 end,
      case when state in ('waiting', 'snoozed') or n % 3 > 0 then (array['aguas', 'geral', 'obras'])[1 + n % 11 % 3] end,
      case when state = 'snoozed' then ${now}::timestamptz end, case when state = 'waiting' then ${now}::timestamptz end, case when state = 'closed' then ${now}::timestamptz end, 'linha',
      case when n % 13 < 4 then ${now}::timestamptz + (n % 13 - 2) * interval '1 hour' end, case when n % 17 < 3 then 1 else 0 end, n % 5 < 2,
      case n % 19 when 0 then array['op-1'] when 1 then array['op-1', 'op-2'] else '{}' end
    from (select n, (array['bot', 'waiting', 'assigned', 'snoozed', 'closed'])[1 + n % 7 % 5] as state from generate_series(1, 700) n) each`.execute(pool.db)
})
afterAll(async () => {
  await pool.close()
  await database.drop()
})

const who = (id: string, role: Operator['role'], departments: string[]): Operator => ({ id, name: id, email: `${id}@x.example`, role, departments })

async function listed(operator: Operator, view: View, department?: string): Promise<number> {
  let [count, after]: [number, Cursor | undefined] = [0, undefined]
  for (;;) {
    const { rows, next } = await listConversations(pool.db, operator, { view, department }, after, 100)
    count += rows.filter(({ dueAt }) => view !== 'due' || dueAt! < now).length
    if (!next) return count
    after = next
  }
}

test.each([
  who('op-1', 'admin', ['aguas', 'geral', 'obras']), who('op-1', 'operator', ['aguas']), who('op-2', 'supervisor', ['geral', 'obras']), who('op-3', 'operator', []), who('op-9', 'operator', ['obras']),
])('each view of $id, $role of $departments, has as many as its list', async (operator) => {
  const counts = countsFor(operator, await countAlike(pool.db, now))
  expect(await countViews(pool.db, operator, now)).toEqual(counts)
  for (const view of ['mine', 'waiting', 'bot', 'snoozed', 'problems', 'unanswered', 'mentions'] as const) expect(counts[view], view).toBe(await listed(operator, view))
  expect(counts.late).toBe(await listed(operator, 'due'))
  for (const id of operator.departments) expect(counts.departments[id], id).toMatchObject({ open: await listed(operator, 'department', id), waiting: await listed(operator, 'waiting', id) })
})
