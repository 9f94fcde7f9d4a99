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
  /** What was to follow the reply: close, snooze. */
  after: OperatorAction[]
}

export function useSend({
  conversation,
  draft,
  onSent,
  onBack,
}: {
  conversation: ConversationDetail
  draft: Draft
  onSent(): void
  /** Nothing was sent: the files belong to the text again. */
  onBack(attachments: UploadedFile[]): void
}) {
  const act = useRawAct()
  const toast = useToast()
  const [crossed, setCrossed] = useState<Crossed>()
  const latest = useRef({ conversation, draft, onSent, onBack })
  latest.current = { conversation, draft, onSent, onBack }

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
      const name = latest.current.draft.nameOf(kind)
      const clientId = clientIdFor(name, [kind, text, attachments.map(({ source }) => source)])
      if (pending.has(clientId)) return false
      const at = new Date().toISOString()
      const one = { clientId, draft: name, conversationId: id, kind, text, attachments, actions, at }
      pending.set({ ...one, state: 'sending' })
      setCrossed(undefined)
      nextDraft(id)
      latest.current.draft.set(kind, '')
      latest.current.onSent()
      const outcome = await act(seen, actions, {
        clientId,
        seen: { lastSeq: seen.lastSeq, operatorId: seen.operatorId },
        ...(force && { force: true }),
      })
      if (outcome.type === 'done') {
        tellSent(id, kind, text)
        pending.drop(clientId)
        return true
      }
      if (outcome.type === 'failed' && (outcome.status === 0 || outcome.status >= 500)) {
        pending.set({ ...one, state: 'not-sent', problem: outcome.message })
        return false
      }
      // Refused: the words go back where they were written, and nothing was sent.
      pending.drop(clientId)
      latest.current.draft.giveBack(kind, text, name)
      latest.current.onBack(attachments)
      if (outcome.type === 'crossed') {
        setCrossed({ conversation: outcome.conversation, message: outcome.message, after: actions.slice(1) })
      } else toast({ text: outcome.message, kind: 'bad' })
      return false
    },
    [act, toast],
  )

  return { send, crossed, clearCrossed: useCallback(() => setCrossed(undefined), []) }
}
