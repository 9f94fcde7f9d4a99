/** Gives what waits to who is there and has room; what nobody can take stays in the queue, where everybody sees it. */

import { sql } from 'kysely'
import { apply, type World } from './apply.ts'
import type { Change, Signals } from './signals.ts'
import { lock } from './store/rare.ts'
import type { Pool } from './store/pool.ts'
import { write } from './store/write.ts'

export interface Assigning {
  pool: Pool
  world: () => World
  signals: Signals
  /** How each department hands out its queue; those that are not here do it by hand. */
  policies: () => Map<string, Policy>
}

export interface Policy {
  by: 'round-robin' | 'least-loaded'
  /** How many conversations of the department one operator gets without asking for more. */
  capacity: number
}

/** Assigns the longest waiting of each department first. One process at a time. Returns how many found somebody. */
export async function assignWaiting({ pool, world, signals, policies }: Assigning): Promise<number> {
  const departments = [...policies().keys()]
  if (departments.length === 0) return 0
  const changes: Change[] = []
  await pool.db.transaction().execute(async (trx) => {
    const { rows: [mine] } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtextextended('assign', 7)) as mine`.execute(trx)
    if (!mine?.mine) return
    const { rows: waiting } = await sql<{ id: string; department: string }>`
      select id::text, department_id as department from conversation
      where state = 'waiting' and department_id = any(${departments}::text[]) order by waiting_since limit 50`.execute(trx)
    for (const { id, department } of waiting) {
      const operatorId = await whoIsFree(trx, department, policies().get(department)!, world().now)
      if (!operatorId) continue
      const held = await lock(trx, id)
      if (held?.state !== 'waiting') continue
      apply(held, { do: 'assign', operatorId }, { by: 'system' }, world())
      const change = { conversationId: id }
      await write(trx, [held], [], signals.notices({ type: 'changed', changes: [change] }))
      changes.push(change)
    }
  })
  if (changes.length > 0) signals.tell({ type: 'changed', changes })
  return changes.length
}

async function whoIsFree(trx: Parameters<typeof lock>[0], department: string, { by, capacity }: Policy, now: Date): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select o.id from operator o
    left join lateral (select count(*) as open, count(*) filter (where c.department_id = ${department}) as here from conversation c where c.operator_id = o.id and c.state = 'assigned') load on true
    left join lateral (select max(a.at) as last from activity a where a.type = 'assign' and a.data->>'to' = o.id and a.at > ${now}::timestamptz - interval '1 day') turn on true
    where ${department} = any(o.departments) and o.presence = 'online' and o.disabled_at is null
      and o.seen_at > ${now}::timestamptz - interval '60 seconds' and load.open < o.capacity and load.here < ${capacity}
    order by ${by === 'least-loaded' ? sql`load.open, turn.last nulls first` : sql`turn.last nulls first, load.open`}, o.id limit 1`.execute(trx)
  return rows[0]?.id
}
