/** A gateway of an older build starts on a database that a newer one has brought ahead. */

import { expect, test } from 'vitest'
import { isMigrated, migrate } from '../../src/core/store/migrate.ts'
import { openPool } from '../../src/core/store/pool.ts'
import { freshDatabase } from '../database.ts'

test('after a rollback, steps that only the newer build knows are left as they are', async () => {
  const database = await freshDatabase()
  const { db, pool, close } = openPool(database.url, 1, () => undefined)
  await pool.query(`insert into kysely_migration (name, timestamp) values ('999-of-the-next-build', '2100-01-01T00:00:00.000Z')`)
  await pool.query('alter table conversation add column planted text')
  await migrate(db)
  expect(await isMigrated(db)).toBe(true)
  expect((await pool.query(`select from kysely_migration where name = '999-of-the-next-build'`)).rowCount).toBe(1)
  await pool.query('select planted from conversation')
  await close()
  await database.drop()
})

test('an empty database is brought up to date, and one that misses a step is not', async () => {
  const database = await freshDatabase({ migrated: false })
  const { db, pool, close } = openPool(database.url, 1, () => undefined)
  expect(await isMigrated(db)).toBe(false)
  await migrate(db)
  expect(await isMigrated(db)).toBe(true)
  await pool.query('delete from kysely_migration where name = (select max(name) from kysely_migration)')
  expect(await isMigrated(db)).toBe(false)
  await close()
  await database.drop()
})
