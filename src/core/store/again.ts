/** Does a transaction again that lost against one who locks the same rows in another order: nothing of it has happened. */

import type { Db, Trx } from './schema.ts'

const deadlock = '40P01'
const tries = 5

/** `work` may run several times, each in a transaction of its own. */
export async function untilNoDeadlock<T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (left === 0 || (error as { code?: unknown }).code !== deadlock) throw error
    }
  }
}
