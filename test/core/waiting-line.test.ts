import { sql } from 'kysely'
import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSignals, type Signals } from '../../src/core/signals.ts'
import { openPool, type Pool } from '../../src/core/store/pool.ts'
import { openWaitingLine, type WaitingLine } from '../../src/core/waiting-line.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'

let database: FreshDatabase
let pool: Pool
let signals: Signals
let line: WaitingLine
let due: (() => void)[] = []
let moved: string[] = []

beforeEach(async () => {
  database = await freshDatabase()
  // One connection: what is asked after the line was read is answered after it.
  pool = openPool(database.url, 1, (error) => { throw error })
  signals = await openSignals(database.url, pino({ level: 'silent' }))
  due = []
  moved = []
  line = openWaitingLine({ db: pool.db, signals, later: (call) => {
    due.push(call)
    return () => undefined
  } })
  line.onMove((id) => moved.push(id))
})
afterEach(async () => {
  line.close()
  await signals.close()
  await pool.close()
  await database.drop()
})

const wait = async (id: number, departmentId: string, minute: number) => {
  await sql`insert into citizen (id) values (${id})`.execute(pool.db)
  await sql`insert into conversation (id, reference, citizen_id, state, department_id, waiting_since, channel_id)
    values (${id}, ${`BAL-${id}`}, ${id}, 'waiting', ${departmentId}, ${new Date(Date.UTC(2026, 0, 5, 9, minute))}, 'linha')`.execute(pool.db)
}
const leave = async (id: number) => {
  await sql`update conversation set state = 'bot', waiting_since = null where id = ${id}`.execute(pool.db)
  signals.tell({ type: 'changed', changes: [{ conversationId: String(id) }] })
}
/** What was put off happens, and what it begins comes to its end. */
const aSecondLater = async () => {
  for (const call of due.splice(0)) call()
  await sql`select 1`.execute(pool.db)
}

test('each department has a line of its own, in the order in which people came', async () => {
  await wait(1, 'aguas', 0)
  await wait(2, 'obras', 1)
  await wait(3, 'aguas', 2)
  expect(await Promise.all([line.placeOf('1', 'aguas'), line.placeOf('2', 'obras'), line.placeOf('3', 'aguas')])).toEqual([1, 1, 2])
})

test('when one leaves, those behind are told, and nobody else', async () => {
  await wait(1, 'aguas', 0)
  await wait(2, 'aguas', 1)
  await wait(3, 'aguas', 2)
  await wait(4, 'obras', 3)
  for (const [id, department] of [['1', 'aguas'], ['3', 'aguas'], ['4', 'obras']] as const) await line.placeOf(id, department)
  await leave(2)
  await aSecondLater()
  expect(moved).toEqual(['3'])
  expect(await line.placeOf('3', 'aguas')).toBe(2)
})

test('whoever comes stands behind all, and is put right where others came before', async () => {
  await wait(1, 'aguas', 5)
  await line.placeOf('1', 'aguas')
  // From another process, of which nothing was heard.
  await wait(2, 'aguas', 6)
  await wait(3, 'aguas', 7)
  expect(await line.placeOf('3', 'aguas')).toBe(2)
  await aSecondLater()
  expect(moved).toEqual(['3'])
  expect(await line.placeOf('3', 'aguas')).toBe(3)
})

test('a hundred who leave in one second are one reading', async () => {
  for (let id = 1; id <= 100; id += 1) await wait(id, 'aguas', id % 60)
  await line.placeOf('100', 'aguas')
  for (let id = 1; id < 100; id += 1) await leave(id)
  expect(due).toHaveLength(1)
})

test('after nobody has looked for a while, the line is read anew', async () => {
  await wait(1, 'aguas', 0)
  await wait(2, 'aguas', 1)
  await line.placeOf('1', 'aguas')
  await leave(1)
  await aSecondLater()
  await leave(2)
  await wait(3, 'aguas', 2)
  expect(await line.placeOf('3', 'aguas')).toBe(1)
})
