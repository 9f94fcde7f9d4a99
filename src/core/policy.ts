/** Who may see and do what. One place for lists, pages, live updates, search and exports. */

import { type RawBuilder, sql } from 'kysely'
import type { ConversationState, DepartmentId, Operator, OperatorId } from './model.ts'

/** As a condition in SQL over the table (or alias) `conversation`: what is not seen here does not exist for this operator. */
export function visibleTo(operator: Operator, alias = 'conversation'): RawBuilder<boolean> {
  const table = sql.ref(alias)
  if (operator.role === 'admin') return sql<boolean>`true`
  return sql<boolean>`(${table}.department_id is null or ${table}.department_id = any(${operator.departments}::text[]) or ${table}.operator_id = ${operator.id})`
}

/** The same rule over a row in memory, for live updates. */
export function maySee(operator: Operator, conversation: { departmentId: DepartmentId | null; operatorId: OperatorId | null }): boolean {
  return operator.role === 'admin' || conversation.departmentId === null
    || operator.departments.includes(conversation.departmentId) || conversation.operatorId === operator.id
}

export type Permission =
  | 'reply' | 'note' | 'take' | 'assign' | 'move' | 'hand-back' | 'snooze' | 'close' | 'reopen' | 'tag' | 'prioritise' | 'call'
  | 'register' | 'link' | 'merge' | 'split'

const whileOpen: Permission[] = ['reply', 'note', 'assign', 'move', 'snooze', 'close', 'tag', 'prioritise', 'call', 'register', 'link', 'merge', 'split']
const whenClosed: Permission[] = ['note', 'reopen', 'tag', 'register', 'link', 'merge', 'split']

/** What this operator may do with a conversation that they can see. */
export function permissions(operator: Operator, conversation: { state: ConversationState; operatorId: OperatorId | null }): Permission[] {
  const can = new Set<Permission>(conversation.state === 'closed' ? whenClosed : whileOpen)
  if (conversation.state !== 'closed') {
    if (conversation.state !== 'assigned' || conversation.operatorId !== operator.id) can.add('take')
    if (conversation.state !== 'bot') can.add('hand-back')
  }
  return [...can]
}
