/** Sends once: the same words of the same draft have one name, however often a key is pressed and in however many tabs. */

import { useCallback, useRef, useState } from 'react'
import type {
  ActRequest,
  ConversationDetail,
  ConversationSummary,
  OperatorAction,
  UploadedFile,
} from '../../../src/operator-api.types.ts'
import { useRawAct } from '../act.ts'
import { clientIdFor, nextDraft } from '../client-id.ts'
import { pending, type SentWith, sentWith } from '../pending.ts'
import { useToast } from '../ui/toast.tsx'
import { type Draft, tellSent } from './use-draft.ts'

export interface Crossed {
  conversation: ConversationSummary | undefined
  /** Who wrote in between; nobody: it was taken. */
  replied: string | undefined
  message: string
  /** What was to follow the reply: close, snooze. */
  after: OperatorAction[]
}

type Seen = NonNullable<ActRequest['seen']>
const seenIn = ({ lastSeq, operatorId }: ConversationSummary): Seen => ({ lastSeq, operatorId })

export function useSend({
  conversation,
  draft,
  onSent,
  onBack,
}: {
  conversation: ConversationDetail
  draft: Draft
  onSent(): void
  /** Nothing was sent: what went with the words belongs to them again. */
  onBack(sent: SentWith): void
}) {
  const act = useRawAct()
  const toast = useToast()
  const [crossed, setCrossed] = useState<Crossed>()
  const latest = useRef({ conversation, draft, onSent, onBack })
  latest.current = { conversation, draft, onSent, onBack }
  // A colleague's reply that came while this one was written may stand above it unread: it is asked about all the same.
  const begun = useRef<Seen>(undefined)
  begun.current = draft.reply.trim() ? (begun.current ?? seenIn(conversation)) : undefined

  const send = useCallback(
    async (
      kind: 'reply' | 'note',
      text: string,
      attachments: UploadedFile[],
      actions: OperatorAction[],
      force = false,
    ): Promise<boolean> => {
      const { conversation: open } = latest.current
      const { id } = open
      const seen = begun.current ?? seenIn(open)
      const name = latest.current.draft.nameOf(kind)
      const clientId = clientIdFor(name, [kind, text, attachments.map(({ source }) => source)])
      if (pending.has(clientId)) return false
      const at = new Date().toISOString()
      const one = { clientId, draft: name, conversationId: id, kind, text, attachments, actions, at, seen }
      pending.set({ ...one, state: 'sending' })
      setCrossed(undefined)
      nextDraft(id)
      latest.current.draft.set(kind, '')
      latest.current.onSent()
      const outcome = await act(open, actions, {
        clientId,
        seen,
        ...(force && { force: true }),
      })
      if (outcome.type === 'done') {
        tellSent(id, kind, text)
        pending.sent(clientId, actions)
        latest.current.draft.done(kind)
        return true
      }
      if (outcome.type === 'failed' && (outcome.status === 0 || outcome.status >= 500)) {
        pending.set({ ...one, state: 'not-sent', isCutOff: true, problem: outcome.message })
        return false
      }
      // Refused: the words go back where they were written, and nothing was sent.
      pending.drop(clientId)
      latest.current.draft.giveBack(kind, text, name)
      latest.current.onBack(sentWith(actions))
      if (outcome.type === 'crossed') {
        const { conversation: found, replied, message } = outcome
        begun.current = found && seenIn(found)
        setCrossed({ conversation: found, replied, message, after: actions.slice(1) })
      } else toast({ text: outcome.message, kind: 'bad' })
      return false
    },
    [act, toast],
  )

  return { send, crossed, clearCrossed: useCallback(() => setCrossed(undefined), []) }
}
