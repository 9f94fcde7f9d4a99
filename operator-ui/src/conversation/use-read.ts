/** Tells the gateway what has been seen: only when the tab is looked at and the end of the thread is in sight. */

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ConversationDetail } from '../../../src/operator-api.types.ts'
import { put } from '../api.ts'
import { patchLists } from '../live/apply.ts'
import { rememberRead } from '../live/freshest.ts'
import { keys, knownSummary } from '../queries.ts'
import { useSession } from '../session-data.tsx'

export function useRead(conversation: ConversationDetail, lastSeq: number, isAtEnd: boolean): void {
  const client = useQueryClient()
  const me = useSession().operator.id
  const told = useRef(0)
  const { id, readSeq } = conversation
  useEffect(() => {
    const tell = () => {
      if (!isAtEnd || document.visibilityState !== 'visible' || lastSeq <= Math.max(readSeq, told.current)) return
      told.current = lastSeq
      rememberRead(id, lastSeq)
      client.setQueryData<ConversationDetail>(
        keys.conversation(id),
        (detail) => detail && { ...detail, readSeq: lastSeq },
      )
      const summary = knownSummary(client, id)
      if (summary) patchLists(client, new Map([[id, { ...summary, readSeq: lastSeq }]]), new Set(), me)
      put(`/api/conversations/${encodeURIComponent(id)}/read`, { seq: lastSeq }).catch(() => {
        told.current = 0
      })
    }
    tell()
    document.addEventListener('visibilitychange', tell)
    return () => document.removeEventListener('visibilitychange', tell)
  }, [client, id, lastSeq, readSeq, isAtEnd, me])
}
