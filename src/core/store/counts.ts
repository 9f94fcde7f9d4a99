/** How many conversations each view has: counted once for everybody, added up for each by what they may see. */

import { CompiledQuery } from 'kysely'
import type { ConversationState, DepartmentId, Operator, OperatorId } from '../model.ts'
import { maySee } from '../policy.ts'
import { prepared } from './prepared.ts'
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
  /** Since when the first of them waits; null: none does. */
  oldest: Date | null
}

/** What decides in which views one conversation is counted. */
export interface Countable {
  id: string
  departmentId: DepartmentId | null
  operatorId: OperatorId | null
  state: ConversationState
  /** With people, and the last word is the citizen's. */
  unanswered: boolean
  failed: boolean
  /** With people, and promised by then. */
  dueAt: Date | null
  waitingSince: Date | null
  mentioned: OperatorId[]
}

const columns = `id::text, department_id as "departmentId", operator_id as "operatorId", state, unanswered and state in ('waiting', 'assigned') as unanswered,
  failed_deliveries > 0 as failed, case when state in ('waiting', 'assigned') then least(due_at, resolve_by) end as "dueAt",
  case when state = 'waiting' then waiting_since end as "waitingSince", mentioned`
// Two conditions, each with its index: as one they would walk through all years.
const countAll = `select ${columns} from conversation where state <> 'closed' union all
  select ${columns} from conversation where state = 'closed' and failed_deliveries > 0`
// What decides is told apart here: planned while all are open, the states would be looked up in an index of all that is open.
const countThese = prepared('countable', `select ${columns} from conversation
  where id = any($1::bigint[]) and (state || '' <> 'closed' or failed_deliveries > 0)`)

/** All that is open, and what is closed with a message that did not arrive; of these ids alone, if given. */
export async function readCountable(db: Db, ids?: string[]): Promise<Countable[]> {
  return (await db.executeQuery<Countable>(ids ? CompiledQuery.raw(countThese, [ids]) : CompiledQuery.raw(countAll))).rows
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
