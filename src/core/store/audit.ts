/** What was done that must be accounted for; each line seals the one before. */

import { sql } from 'kysely'
import type { Db } from './schema.ts'

export interface Audited { operatorId: string | null; action: string; subject: string; at: Date }

export async function audited(db: Db, { operatorId, action, subject, at }: Audited): Promise<void> {
  await db.transaction().execute(async (trx) => {
    // One after the other: two that saw the same last line would break the chain.
    await sql`select pg_advisory_xact_lock(hashtextextended('audit', 7))`.execute(trx)
    await sql`insert into audit (operator_id, action, subject, hash, at)
      select ${operatorId}, ${action}, ${subject}, encode(sha256(convert_to(coalesce((select hash from audit order by id desc limit 1), '') || ${`${operatorId ?? ''}|${action}|${subject}`}, 'utf8')), 'hex'), ${at}`.execute(trx)
  })
}
