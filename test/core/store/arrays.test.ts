import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { columns } from '../../../src/core/store/arrays.ts'
import { type FreshDatabase, freshDatabase } from '../../database.ts'

interface Row { int: number | null; bigint: string | null; boolean: boolean | null; text: string | null; at: Date | null; json: object | null }
const rows = columns<Row>(1, {
  int: ['int', ({ int }) => int], bigint: ['bigint', ({ bigint }) => bigint], boolean: ['boolean', ({ boolean }) => boolean], text: ['text', ({ text }) => text],
  at: ['timestamptz', ({ at }) => at], json: ['jsonb', ({ json }) => json],
})
let database: FreshDatabase
let client: pg.Client
beforeAll(async () => {
  database = await freshDatabase({ migrated: false })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})
const through = async (given: Row[]) => (await client.query<Row>({ name: 'through', text: `select * from ${rows.sql} as e`, values: rows.values(given) })).rows

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of)
const unit = fc.oneof(fc.constantFrom('"', '\\', '{', ',', '\n', 'ã', '€', '😀', 'NULL'), fc.string({ maxLength: 3 }).filter((text) => !text.includes('\0')))
const text = fc.array(unit, { maxLength: 20 }).map((units) => units.join(''))
const row: fc.Arbitrary<Row> = fc.record({
  int: maybe(fc.integer({ min: -2_147_483_648, max: 2_147_483_647 })), bigint: maybe(fc.maxSafeInteger().map(String)), boolean: maybe(fc.boolean()), text: maybe(text),
  at: maybe(fc.date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })), json: maybe(fc.record({ text, tags: fc.array(text) })),
})

test('whatever goes in comes out again, row by row', async () => {
  await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 8 }), async (given) => {
    expect(await through(given)).toEqual(given)
  }), { numRuns: 200 })
})

test('what PostgreSQL cannot store is replaced, and what is larger than ever before has room', async () => {
  const none = { int: null, bigint: null, boolean: null, at: null }
  expect(await through([{ ...none, text: 'a\0b \ud800', json: { text: 'a\0b \ud800 \\u0000' } }])).toEqual([{ ...none, text: 'a\ufffdb \ufffd', json: { text: 'a\ufffdb \ufffd \\u0000' } }])
  const long = randomBytes(3_000_000).toString('hex')
  for (const size of [long.length, 3]) expect((await through([{ ...none, text: long.slice(0, size), json: null }]))[0]!.text).toBe(long.slice(0, size))
})

test('a time that is none is refused, and none is made of it', () => {
  expect(() => rows.values([{ int: 1, bigint: null, boolean: null, text: null, at: new Date('nunca'), json: null }])).toThrow(RangeError)
})
