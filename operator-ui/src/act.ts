/** Carries out what the operator wants, shows it at once, and asks before crossing a colleague. */

import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { ActRequest, ActResult, ConversationSummary, OperatorAction } from '../../src/operator-api.types.ts'
import { ApiError, post } from './api.ts'
import { newId } from './client-id.ts'
import { applyConversations } from './live/apply.ts'
import { keys } from './queries.ts'
import { useSession } from './session-data.tsx'
import { refreshTimeline } from './timeline.ts'
import { useAsk } from './ui/ask.tsx'
import { useToast } from './ui/toast.tsx'
import { useWords, type Words } from './words.ts'

export type Outcome =
  | { type: 'done'; result: ActResult }
  | { type: 'crossed'; conversation: ConversationSummary | undefined; replied: string | undefined; message: string }
  | { type: 'failed'; message: string; status: number }

export type Act = (
  conversation: Pick<ConversationSummary, 'id'>,
  actions: OperatorAction[],
  options?: Partial<ActRequest>,
) => Promise<Outcome>

/** Says nothing to the operator: the composer has words of its own for what went wrong. */
export function useRawAct(): Act {
  const client = useQueryClient()
  const words = useWords()
  const me = useSession().operator.id
  return useCallback(
    async (conversation, actions, options = {}) => {
      const body: ActRequest = { clientId: newId(), actions, ...options }
      try {
        const result = await post<ActResult>(`/api/conversations/${encodeURIComponent(conversation.id)}/act`, body)
        // Moved out of the operator's own sight: only its id comes back.
        const isSeen = result.conversation.version !== undefined
        applyConversations(client, isSeen ? [result.conversation] : [], isSeen ? [] : [conversation.id], me)
        void refreshTimeline(client, conversation.id)
        void client.invalidateQueries({ queryKey: keys.conversation(conversation.id) })
        void client.invalidateQueries({ queryKey: keys.counts })
        return { type: 'done', result }
      } catch (problem) {
        const refusal = problem instanceof ApiError ? problem.refusal : undefined
        if (refusal?.conversation) applyConversations(client, [refusal.conversation], [], me)
        if (problem instanceof ApiError && problem.status === 409) {
          void refreshTimeline(client, conversation.id)
          return {
            type: 'crossed',
            conversation: refusal?.conversation,
            replied: refusal?.operatorId,
            message: problem.message,
          }
        }
        return {
          type: 'failed',
          message: plainly(problem, words),
          status: problem instanceof ApiError ? problem.status : 0,
        }
      }
    },
    [client, words, me],
  )
}

/** For buttons and keys: says how it went, and asks where a colleague would be crossed. */
export function useAct(): (conversation: ConversationSummary, ...actions: OperatorAction[]) => Promise<boolean> {
  const act = useRawAct()
  const ask = useAsk()
  const toast = useToast()
  const words = useWords()
  const { operators } = useSession()
  return useCallback(
    async (conversation, ...actions) => {
      const seen = { lastSeq: conversation.lastSeq, operatorId: conversation.operatorId }
      let outcome = await act(conversation, actions, { seen })
      if (outcome.type === 'crossed') {
        const owner = operators.find(
          ({ id }) => id === (outcome.type === 'crossed' ? outcome.conversation?.operatorId : null),
        )
        const sure = await ask({
          title: words.collision.title,
          text: owner ? words.collision.ownerTake(owner.name) : outcome.message,
          yes: words.collision.take,
        })
        if (!sure) return false
        outcome = await act(conversation, actions, { seen, force: true })
      }
      if (outcome.type === 'done') return true
      toast({ text: outcome.message, kind: 'bad' })
      return false
    },
    [act, ask, toast, words, operators],
  )
}

export function plainly(problem: unknown, words: Words): string {
  if (!(problem instanceof ApiError)) return words.problem.failed
  if (problem.status === 0) return words.problem.offline
  if (problem.refusal?.message) return problem.refusal.message
  if (problem.status === 404) return words.problem.gone
  if (problem.status === 413) return words.problem.tooBig
  if (problem.status === 429) return words.problem.tooMany
  return words.problem.failed
}
