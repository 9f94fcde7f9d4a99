import pg from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase } from '../database.ts'

test('a test file has a migrated, empty database of its own', async () => {
  const { url, drop } = await freshDatabase()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query('select count(*)::int as n from kysely_migration')
  expect(rows[0].n).toBeGreaterThan(0)
  await client.end()
  await drop()
})
