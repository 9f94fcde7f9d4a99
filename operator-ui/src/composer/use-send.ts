/** Sends once: the same words of the same draft have one name, however often a key is pressed and in however many tabs. */

import { useCallback, useRef, useState } from 'react'
import type {
  ConversationDetail,
  ConversationSummary,
  OperatorAction,
  UploadedFile,
} from '../../../src/operator-api.types.ts'
import { useRawAct } from '../act.ts'
import { clientIdFor, nextDraft } from '../client-id.ts'
import { pending } from '../pending.ts'
import { useToast } from '../ui/toast.tsx'
import { type Draft, tellSent } from './use-draft.ts'

export interface Crossed {
  conversation: ConversationSummary | undefined
  message: string
  force(): Promise<boolean>
}

export function useSend({
  conversation,
  draft,
  onSent,
}: {
  conversation: ConversationDetail
  draft: Draft
  onSent(): void
}) {
  const act = useRawAct()
  const toast = useToast()
  const [crossed, setCrossed] = useState<Crossed>()
  const latest = useRef({ conversation, draft, onSent })
  latest.current = { conversation, draft, onSent }

  const send = useCallback(
    async (
      kind: 'reply' | 'note',
      text: string,
      attachments: UploadedFile[],
      actions: OperatorAction[],
      force = false,
    ): Promise<boolean> => {
      const { conversation: seen } = latest.current
      const { id } = seen
      const clientId = clientIdFor(id, [kind, text, attachments.map(({ source }) => source)])
      if (pending.has(clientId) && !force) return false
      const one = { clientId, conversationId: id, kind, text, attachments, actions, at: new Date().toISOString() }
      pending.set({ ...one, state: 'sending' })
      latest.current.draft.set(kind, '')
      latest.current.onSent()
      const outcome = await act(seen, actions, {
        clientId,
        seen: { lastSeq: seen.lastSeq, operatorId: seen.operatorId },
        ...(force && { force: true }),
      })
      if (outcome.type === 'done') {
        nextDraft(id)
        tellSent(id, kind, text)
        pending.drop(clientId)
        return true
      }
      if (outcome.type === 'crossed') {
        pending.drop(clientId)
        // The words go back where they were written; nothing was sent.
        latest.current.draft.set(kind, text)
        setCrossed({
          conversation: outcome.conversation,
          message: outcome.message,
          force: () => send(kind, text, attachments, actions, true),
        })
        return false
      }
      if (outcome.status === 0 || outcome.status >= 500) {
        pending.set({ ...one, state: 'not-sent', problem: outcome.message })
        // Kept on the gateway too, as soon as it can be reached.
        return false
      }
      pending.drop(clientId)
      latest.current.draft.set(kind, text)
      toast({ text: outcome.message, kind: 'bad' })
      return false
    },
    [act, toast],
  )

  return { send, crossed, clearCrossed: useCallback(() => setCrossed(undefined), []) }
}
