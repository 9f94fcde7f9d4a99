/** Reports of days that are over, kept until one of their facts is worked out anew: a year beside the year before is half as much work. */

import { sql } from 'kysely'
import type { Operator } from '../core/model.ts'
import type { Db } from '../core/store/schema.ts'
import { type Grouping, type Line, type Narrowing, type Period, report, within } from './report.ts'

const most = 100

export interface KeptReports { of(operator: Operator, period: Period, by: Grouping, narrowing?: Narrowing): Promise<Line[]> }

export function keepReports(db: Db, now: () => Date): KeptReports {
  const kept = new Map<string, { stamp: string; lines: Line[] }>()
  return {
    async of(operator, period, by, narrowing = {}) {
      // Of a day that goes on, facts change all the time: to look whether they did would be in vain.
      if (period.to > now()) return report(db, operator, period, by, narrowing)
      const key = JSON.stringify([operator.role === 'admin' || operator.departments.toSorted(), period, by, narrowing])
      // First the stamp, then the report: what changes in between makes it new once too often, never once too seldom.
      const { rows: [stamped] } = await sql<{ stamp: string }>`
        select count(*) || ' ' || coalesce(max(computed_at)::text, '') as stamp from conversation_fact f where ${within(operator, period, narrowing)}`.execute(db)
      const known = kept.get(key)
      kept.delete(key)
      const fresh = known?.stamp === stamped!.stamp ? known : { stamp: stamped!.stamp, lines: await report(db, operator, period, by, narrowing) }
      kept.set(key, fresh)
      if (kept.size > most) kept.delete(kept.keys().next().value!)
      return fresh.lines
    },
  }
}
