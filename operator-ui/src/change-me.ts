/** Changes what the operator may change of themselves: seen at once, kept by the gateway, put back if it is not taken. */

import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { OperatorView } from '../../src/operator-api.types.ts'
import { plainly } from './act.ts'
import { put } from './api.ts'
import { patchSession } from './live/apply.ts'
import { keys } from './queries.ts'
import { useSession } from './session-data.tsx'
import { useToast } from './ui/toast.tsx'
import { useWords } from './words.ts'

export type MyChange = Partial<Pick<OperatorView, 'presence' | 'language' | 'capacity' | 'preferences'>>

export function useChangeMe(): (part: MyChange) => void {
  const client = useQueryClient()
  const toast = useToast()
  const words = useWords()
  const { operator } = useSession()
  return useCallback(
    (part) => {
      // An answer that left the gateway before would show the old state for a moment.
      void client.cancelQueries({ queryKey: keys.session })
      patchSession(client, (session) => ({ ...session, operator: { ...session.operator, ...part } }))
      put<OperatorView>('/api/me', part).then(
        // How long a reply waits follows from what was changed.
        () => client.invalidateQueries({ queryKey: keys.session }),
        (problem: unknown) => {
          patchSession(client, (session) => ({ ...session, operator }))
          toast({ text: plainly(problem, words), kind: 'bad' })
        },
      )
    },
    [client, toast, words, operator],
  )
}
