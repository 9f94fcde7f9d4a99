/** Reacts to a citizen's message; the same again takes it back. */

import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { ConversationDetail, MessageView, ReactionEmoji } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { ApiError, put } from '../api.ts'
import { useNames } from '../session-data.tsx'
import { refreshTimeline } from '../timeline.ts'
import { useToast } from '../ui/toast.tsx'
import { inLanguage, type PageLanguage, useSpeech, type Words } from '../words.ts'

export interface Reacting {
  /** What the town has put there already. */
  ours: string | undefined
  toggle(emoji: ReactionEmoji): void
}

/** undefined: not this message, not this channel, or not this operator. */
export function useReact(message: MessageView, conversation: ConversationDetail): Reacting | undefined {
  const { words, language } = useSpeech()
  const names = useNames()
  const toast = useToast()
  const client = useQueryClient()
  const isUnderWay = useRef(false)
  const takesThem = names.channel(message.channelId)?.capabilities.outbound.reactions === true
  if (!takesThem || message.direction !== 'in' || message.deletedAt || !conversation.may.includes('reply')) return undefined
  const ours = message.reactions.find(({ operatorId }) => operatorId !== null)?.emoji
  return {
    ours,
    toggle(emoji) {
      if (isUnderWay.current) return
      isUnderWay.current = true
      put(`/api/messages/${encodeURIComponent(message.id)}/reaction`, { emoji: emoji === ours ? null : emoji })
        .then(() => refreshTimeline(client, conversation.id))
        .catch((problem: unknown) => toast({ text: refusalOf(problem, words, language), kind: 'bad' }))
        .finally(() => {
          isUnderWay.current = false
        })
    },
  }
}

function refusalOf(problem: unknown, words: Words, language: PageLanguage): string {
  const refusal = problem instanceof ApiError ? problem.refusal : undefined
  if (refusal?.error === 'not-open') return words.reaction.notOpen
  if (refusal?.error === 'no-reactions') return words.reaction.impossible
  if (refusal?.detail) return words.reaction.refused(inLanguage(refusal.detail, language))
  return plainly(problem, words)
}
