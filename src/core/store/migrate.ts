/** Brings the database up to date. Forward only; N processes may start at once: Kysely takes a lock. */

import { Migrator, sql } from 'kysely'
import { sql001 } from './migrations/001-start.ts'
import { sql002 } from './migrations/002-sign-in.ts'
import { sql003 } from './migrations/003-calls.ts'
import { sql004 } from './migrations/004-facts.ts'
import { sql005 } from './migrations/005-targets.ts'
import { sql006 } from './migrations/006-lasting-requests.ts'
import { sql007 } from './migrations/007-facts-outlive.ts'
import { sql008 } from './migrations/008-detail-in-english.ts'
import { sql009 } from './migrations/009-read-marks.ts'
import { sql010 } from './migrations/010-our-reactions.ts'
import type { Db } from './schema.ts'

const migrations: Record<string, string> = {
  '001-start': sql001,
  '002-sign-in': sql002,
  '003-calls': sql003,
  '004-facts': sql004,
  '005-targets': sql005,
  '006-lasting-requests': sql006,
  '007-facts-outlive': sql007,
  '008-detail-in-english': sql008,
  '009-read-marks': sql009,
  '010-our-reactions': sql010,
}

/** Throws the database's own error when a step fails; nothing of that step is kept. */
export async function migrate(db: Db): Promise<void> {
  const steps = Object.fromEntries(Object.entries(migrations).map(([name, text]) => [name, {
    up: async (trx: Db) => {
      // Behind a slow reader a migration must give way: waiting would freeze every writer behind it.
      await sql`set local lock_timeout = '2s'`.execute(trx)
      await sql.raw(text).execute(trx)
    },
  }]))
  // After a rollback the database is ahead of us: newer steps only add, so what is not known here is left as it is.
  for (const name of await done(db)) steps[name] ??= { up: async () => undefined }
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => steps } }).migrateToLatest()
  if (error) throw error
}

/** True when the schema is at least as new as this code wants. */
export async function isMigrated(db: Db): Promise<boolean> {
  const names = await done(db)
  return Object.keys(migrations).every((name) => names.has(name))
}

/** Of steps that were taken on this database. */
async function done(db: Db): Promise<Set<string>> {
  const { rows: [table] } = await sql<{ is: boolean }>`select to_regclass('kysely_migration') is not null as is`.execute(db)
  if (!table?.is) return new Set()
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
  return new Set(rows.map((row) => row.name))
}
