/** Operators as the command line deals with them: by e-mail, in the database, without a running gateway. */

import { openAuth } from '../auth.ts'
import type { Config } from '../config.ts'
import type { Role } from '../core/model.ts'
import type { Pool } from '../core/store/pool.ts'
import { ownKey } from '../core/store/settings.ts'
import { openLog } from '../log.ts'

export interface Operators {
  /** Gives the link that sets the password, once. Throws when the e-mail is taken. */
  add(operator: { email: string; name: string; role: Role; departments: string[] }): Promise<string>
  list(): Promise<{ email: string; name: string; role: Role; departments: string[]; disabled: boolean }[]>
  /** Also ends the sessions. false: there is nobody with this e-mail. */
  disable(email: string): Promise<boolean>
  enable(email: string): Promise<boolean>
  /** A link that sets a new password, once. undefined: there is nobody with this e-mail. */
  reset(email: string): Promise<string | undefined>
}

export async function openOperators(config: Config, { db }: Pool): Promise<Operators> {
  const auth = await openAuth({ db, key: await ownKey(db, 'auth-key'), publicUrl: () => config.server.publicUrl, log: openLog({ level: 'silent' }) })
  const find = (email: string) => db.selectFrom('operator').select(['id', 'disabled_at']).where('email', '=', email.trim().toLowerCase()).executeTakeFirst()
  return {
    async add(operator) {
      if (await find(operator.email)) throw new Error(`there is an operator with the e-mail ${operator.email} already`)
      return (await auth.invite(operator)).url
    },
    async list() {
      const rows = await db.selectFrom('operator').select(['email', 'name', 'role', 'departments', 'disabled_at']).orderBy('name').execute()
      return rows.map(({ disabled_at, ...rest }) => ({ ...rest, disabled: disabled_at !== null }))
    },
    async disable(email) {
      const found = await find(email)
      if (!found) return false
      await db.updateTable('operator').set({ disabled_at: new Date() }).where('id', '=', found.id).execute()
      await auth.signOutEverywhere(found.id)
      return true
    },
    async enable(email) {
      const found = await find(email)
      if (found) await db.updateTable('operator').set({ disabled_at: null }).where('id', '=', found.id).execute()
      return found !== undefined
    },
    async reset(email) {
      return await find(email) ? (await auth.invite({ email })).url : undefined
    },
  }
}
