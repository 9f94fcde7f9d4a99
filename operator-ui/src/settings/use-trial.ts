/** A conversation with the bot that exists only on this page: every turn is played again from the first one on. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { RulebookChange, Trial, TrialInput, TrialRequest } from '../../../src/operator-api.types.ts'
import { post } from '../api.ts'

export type Stage = Pick<TrialRequest, 'kind' | 'channelId' | 'at' | 'language'>

export function useTrial(stage: Stage, change?: RulebookChange) {
  const [turns, setTurns] = useState<TrialRequest['turns']>([])
  const last = useRef(0)
  const request: TrialRequest = { ...stage, turns, ...(change && { change }) }
  const trial = useQuery({
    queryKey: ['bot', 'trial', request],
    queryFn: () => post<Trial>('/api/admin/bot/trial', request),
    placeholderData: keepPreviousData,
    enabled: turns.length > 0,
    gcTime: 0,
    retry: false,
  })
  return {
    turns,
    trial,
    say(input: TrialInput) {
      const now = Date.now()
      // As long as it really took: what follows at once belongs to what was written before.
      const after = last.current === 0 ? 0 : Math.min(600, Math.max(1, Math.round((now - last.current) / 1000)))
      last.current = now
      setTurns((said) => [...said, { input, after }])
    },
    restart() {
      last.current = 0
      setTurns([])
    },
  }
}
