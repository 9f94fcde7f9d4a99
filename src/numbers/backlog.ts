/** What waits in each department, and for how long: from what is counted for the views, so that a page of numbers reads nothing for it. */

import type { Operator } from '../core/model.ts'
import type { Alike } from '../core/store/counts.ts'

export interface Backlog { departmentId: string; waiting: number; assigned: number; snoozed: number; oldestWaiting: Date | null; overdue: number }

export function backlogOf(operator: Operator, all: Alike[]): Backlog[] {
  const rows = new Map<string, Backlog>()
  for (const { departmentId, state, mentioned, count, late, oldest } of all) {
    if (departmentId === null || mentioned !== null || state === 'bot' || state === 'closed') continue
    if (operator.role !== 'admin' && !operator.departments.includes(departmentId)) continue
    const row = rows.get(departmentId) ?? { departmentId, waiting: 0, assigned: 0, snoozed: 0, oldestWaiting: null, overdue: 0 }
    row[state] += count
    row.overdue += late
    if (oldest && (!row.oldestWaiting || oldest < row.oldestWaiting)) row.oldestWaiting = oldest
    rows.set(departmentId, row)
  }
  return [...rows.values()].sort((a, b) => (a.departmentId < b.departmentId ? -1 : 1))
}
