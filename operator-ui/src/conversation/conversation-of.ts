/** In which open conversation a message stands. */

import type { QueryClient } from '@tanstack/react-query'
import type { Thread } from '../timeline.ts'

export function conversationOf(client: QueryClient, messageId: string): string | undefined {
  for (const [key, thread] of client.getQueriesData<Thread>({ queryKey: ['timeline'] })) {
    if (thread?.entries.some(({ id }) => id === messageId)) return String(key[1])
  }
  return undefined
}
