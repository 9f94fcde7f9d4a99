/** What did not get through while the line was cut goes by itself when it is back: under the same name, and with what was seen then. */

import { useCallback } from 'react'
import { useRawAct } from '../act.ts'
import { pending } from '../pending.ts'

/** What was written longer ago may have been overtaken: its writer decides. */
const freshMs = 5 * 60_000

export function useResend(): () => void {
  const act = useRawAct()
  return useCallback(() => {
    for (const one of pending.all()) {
      if (!one.isCutOff || one.state !== 'not-sent' || Date.now() - Date.parse(one.at) > freshMs) continue
      pending.set({ ...one, state: 'sending' })
      void act({ id: one.conversationId }, one.actions, { clientId: one.clientId, ...(one.seen && { seen: one.seen }) }).then((outcome) => {
        if (outcome.type === 'done') pending.sent(one.clientId, one.actions)
        else pending.set({ ...one, isCutOff: outcome.type === 'failed' && (outcome.status === 0 || outcome.status >= 500), problem: outcome.message })
      })
    }
  }, [act])
}
