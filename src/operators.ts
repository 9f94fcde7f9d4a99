/** Operators for the command line, over the same sign-in as the inbox. */

import { pino } from 'pino'
import { openAuth } from './auth.ts'
import type { OpenOperators } from './cli/user.ts'
import { migrate } from './core/store/migrate.ts'
import { openPool } from './core/store/schema.ts'
import { ownKey } from './core/store/settings.ts'

export const openOperators: OpenOperators = async (config, databaseUrl) => {
  const pool = openPool(databaseUrl, 2, () => undefined)
  await migrate(pool.db)
  const { db } = pool
  const auth = await openAuth({ db, key: await ownKey(db, 'auth-key'), publicUrl: () => config.server.publicUrl, log: pino({ level: 'silent' }) })
  const find = (email: string) => db.selectFrom('operator').selectAll().where('email', '=', email.trim().toLowerCase()).executeTakeFirst()
  return {
    async add({ email, name, role, departments }) {
      if (await find(email)) throw new Error(`there is an operator with the e-mail ${email} already`)
      const { url } = await auth.invite({ email, name, role, departments })
      return { setPasswordUrl: url }
    },
    async list() {
      const rows = await db.selectFrom('operator').selectAll().orderBy('email').execute()
      return rows.map(({ email, name, role, departments, disabled_at }) => ({ email, name, role, departments, disabled: disabled_at !== null }))
    },
    async disable(email) {
      const operator = await find(email)
      if (!operator) return false
      await db.updateTable('operator').set({ disabled_at: new Date() }).where('id', '=', operator.id).execute()
      await auth.signOutEverywhere(operator.id)
      return true
    },
    async enable(email) {
      const operator = await find(email)
      if (!operator) return false
      await db.updateTable('operator').set({ disabled_at: null }).where('id', '=', operator.id).execute()
      return true
    },
    async reset(email) {
      const operator = await find(email)
      return operator && { setPasswordUrl: (await auth.invite({ email: operator.email })).url }
    },
    close: () => pool.close(),
  }
}
