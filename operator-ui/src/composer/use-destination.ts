/** Where a reply would go, by what, and what stands in its way. */

import { useState } from 'react'
import type { ChannelView, ConversationDetail, ThreadView } from '../../../src/operator-api.types.ts'
import { useNames } from '../session-data.tsx'
import { useNow } from '../ui/use-now.ts'
import { useWords } from '../words.ts'

export interface Destination {
  thread: ThreadView | undefined
  channel: ChannelView | undefined
  /** Set where it is another than that of the conversation. */
  threadId: string | undefined
  choose(threadId: string): void
  /** Why nothing can be sent there, in words. */
  stop: string | undefined
  /** The channel's window is over: an approved template can still go. */
  onlyTemplate: boolean
}

export function useDestination(conversation: ConversationDetail): Destination {
  const words = useWords()
  const names = useNames()
  const now = useNow()
  const [threadId, choose] = useState(conversation.threadId)
  const thread =
    conversation.threads.find(({ id }) => id === threadId) ??
    conversation.threads.find(({ id }) => id === conversation.threadId)
  const channel = names.channel(thread?.channelId ?? conversation.channelId)
  const initiate = channel?.capabilities.initiate
  const isWindowOver = thread?.windowEndsAt != null && Date.parse(thread.windowEndsAt) < now
  const onlyTemplate = isWindowOver && typeof initiate === 'object' && initiate.otherwise === 'template'
  const stop = () => {
    if (!conversation.may.includes('reply')) {
      return conversation.state === 'closed' ? words.composer.closed : words.composer.mayNot
    }
    if (thread?.blocked) return words.composer.blocked
    if (thread?.optedOut) return words.composer.optedOut
    return isWindowOver && !onlyTemplate ? words.composer.windowNothing : undefined
  }
  return {
    thread,
    channel,
    threadId: threadId !== null && threadId !== conversation.threadId ? threadId : undefined,
    choose,
    stop: stop(),
    onlyTemplate,
  }
}
