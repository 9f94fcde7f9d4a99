/** A command's way to the database: the server of the config, or our own, started for as long as the command runs. */

import type { Config } from '../config.ts'
import { migrate } from '../core/store/migrate.ts'
import { openPool, type Pool } from '../core/store/pool.ts'
import { openDatabase } from '../database.ts'

export async function withDatabase<T>(config: Config, work: (pool: Pool, url: string) => Promise<T>): Promise<T> {
  const database = await openDatabase({ url: config.database.url?.reveal(), folder: config.data })
  try {
    const pool = openPool(database.url, 2, (error) => console.error(error.message))
    try {
      await migrate(pool.db)
      return await work(pool, database.url)
    } finally {
      await pool.close()
    }
  } finally {
    await database.stop()
  }
}
