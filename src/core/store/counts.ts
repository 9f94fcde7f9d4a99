/** How many conversations each view has: counted once for everybody, added up for each by what they may see. */

import { sql } from 'kysely'
import type { ConversationState, DepartmentId, Operator, OperatorId } from '../model.ts'
import { maySee, visibleTo } from '../policy.ts'
import type { Db } from './schema.ts'

/** Conversations that are alike in all that decides who sees them where. */
export interface Alike {
  departmentId: DepartmentId | null
  operatorId: OperatorId | null
  state: ConversationState
  /** Counted apart: one conversation can mention many. */
  mentioned: OperatorId | null
  count: number
  unanswered: number
  problems: number
  late: number
}

/** All that is open, and what is closed with a message that did not arrive. Its work grows with what is open, not with the years. */
export async function countAlike(db: Db, now: Date, operator?: Operator): Promise<Alike[]> {
  const seen = operator ? visibleTo(operator, 'c') : sql`true`
  const { rows } = await sql<Alike>`
    select department_id as "departmentId", operator_id as "operatorId", state, null as mentioned, count(*)::int as count,
      count(*) filter (where unanswered and state in ('waiting', 'assigned'))::int as unanswered, count(*) filter (where failed_deliveries > 0)::int as problems,
      count(*) filter (where state in ('waiting', 'assigned') and least(due_at, resolve_by) < ${now})::int as late
    from (
      select department_id, operator_id, state, unanswered, failed_deliveries, due_at, resolve_by from conversation c where state <> 'closed' and ${seen}
      union all
      select department_id, operator_id, state, unanswered, failed_deliveries, due_at, resolve_by from conversation c where failed_deliveries > 0 and state = 'closed' and ${seen}) each
    group by department_id, operator_id, state
    union all
    select department_id, operator_id, state, who, count(*)::int, 0, 0, 0 from conversation c, unnest(mentioned) who
    where state <> 'closed' and mentioned <> '{}' and ${seen} group by department_id, operator_id, state, who`.execute(db)
  return rows
}

export interface CountRow { mine: number; waiting: number; bot: number; snoozed: number; problems: number; unanswered: number; mentions: number; late: number; departments: Record<string, { open: number; waiting: number }> }

export function countsFor(operator: Operator, all: Alike[]): CountRow {
  const counts: CountRow = { mine: 0, waiting: 0, bot: 0, snoozed: 0, problems: 0, unanswered: 0, mentions: 0, late: 0, departments: {} }
  for (const id of operator.departments) counts.departments[id] = { open: 0, waiting: 0 }
  for (const alike of all) {
    if (!maySee(operator, alike)) continue
    const { state, departmentId, count } = alike
    if (alike.mentioned !== null) {
      if (alike.mentioned === operator.id) counts.mentions += count
      continue
    }
    if (state === 'assigned' && alike.operatorId === operator.id) counts.mine += count
    if (state === 'waiting' || state === 'bot' || state === 'snoozed') counts[state] += count
    counts.unanswered += alike.unanswered
    counts.problems += alike.problems
    counts.late += alike.late
    if (state === 'closed' || departmentId === null || (operator.role !== 'admin' && !operator.departments.includes(departmentId))) continue
    const department = counts.departments[departmentId] ??= { open: 0, waiting: 0 }
    department.open += count
    if (state === 'waiting') department.waiting += count
  }
  return counts
}

export async function countViews(db: Db, operator: Operator, now: Date): Promise<CountRow> {
  return countsFor(operator, await countAlike(db, now, operator))
}
