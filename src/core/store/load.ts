/** How busy each department is right now. */

import { sql } from 'kysely'
import type { Db } from './schema.ts'

/** Operators count as there when their page spoke to us within the last minute and they do not say that they are away. */
export async function departmentLoad(db: Db): Promise<Map<string, { waiting: number; operatorsOnline: number }>> {
  const { rows } = await sql<{ id: string; waiting: number; online: number }>`
    select id, sum(waiting)::int as waiting, sum(online)::int as online from (
      select department_id as id, count(*) as waiting, 0 as online from conversation where state = 'waiting' group by 1
      union all
      select unnest(departments), 0, count(*) from operator
      where presence = 'online' and seen_at > now() - interval '60 seconds' and disabled_at is null group by 1) as both_sides
    group by id`.execute(db)
  return new Map(rows.map(({ id, waiting, online }) => [id, { waiting, operatorsOnline: online }]))
}
