/** Facts of this installation that outlive a process: keys made at the first start, switches that admins throw. */

import { randomBytes } from 'node:crypto'
import type { Db } from './schema.ts'

export async function readSetting(db: Db, name: string): Promise<unknown> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value
}

/** A secret of this installation, made once: 256 bits. All processes get the same one. */
export async function ownKey(db: Db, name: string): Promise<Buffer> {
  await db.insertInto('setting').values({ name, value: JSON.stringify(randomBytes(32).toString('base64')) })
    .onConflict((conflict) => conflict.doNothing()).execute()
  return Buffer.from(await readSetting(db, name) as string, 'base64')
}
