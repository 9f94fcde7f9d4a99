/** What is promised next, and how it stands: far, near (as its department wants to be warned), or past. */

import type { ConversationSummary } from '../../src/operator-api.types.ts'
import { useSession } from './session-data.tsx'
import { useNow } from './ui/use-now.ts'

export interface Due {
  at: string
  state: 'far' | 'near' | 'past'
}
type Promised = Pick<ConversationSummary, 'dueAt' | 'state' | 'departmentId'>

export function dueOf({ dueAt, state, departmentId }: Promised, warnBefore: (id: string | null) => number, now: number): Due | undefined {
  // What sleeps promises nothing until it wakes.
  if (dueAt === null || (state !== 'waiting' && state !== 'assigned')) return undefined
  const left = Date.parse(dueAt) - now
  return { at: dueAt, state: left < 0 ? 'past' : left <= warnBefore(departmentId) ? 'near' : 'far' }
}

export function useDue(conversation: Promised): Due | undefined {
  const { departments } = useSession()
  return dueOf(conversation, (id) => departments.find((one) => one.id === id)?.warnBefore ?? 0, useNow())
}
