/** By which channel and to which address the reply goes. */

import type { ConversationDetail } from '../../../src/operator-api.types.ts'
import { shownAddress } from '../address.ts'
import { useNames } from '../session-data.tsx'
import { ChannelMark } from '../ui/channel-mark.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { useWords } from '../words.ts'

export function TargetSelect({
  conversation,
  threadId,
  onChange,
}: {
  conversation: ConversationDetail
  threadId: string
  onChange(threadId: string): void
}) {
  const words = useWords()
  const names = useNames()
  const current = conversation.threads.find(({ id }) => id === threadId)
  if (conversation.threads.length === 1 && current) {
    return (
      <span className="target">
        <ChannelMark kind={current.channelKind} size={14} />
        <span className="target-kind">{names.kind(current.channelKind)}</span>
        <bdi>{withoutControls(shownAddress(current.address, current.channelKind))}</bdi>
      </span>
    )
  }
  return (
    <label className="target">
      <span className="visually-hidden">{words.composer.replyTo}</span>
      <ChannelMark kind={current?.channelKind ?? ''} size={14} />
      <select value={threadId} onChange={(event) => onChange(event.target.value)}>
        {conversation.threads.map((thread) => (
          <option key={thread.id} value={thread.id} disabled={thread.unproven}>
            {names.kind(thread.channelKind)} · {withoutControls(shownAddress(thread.address, thread.channelKind))}
            {thread.unproven && ` · ${words.composer.unproven}`}
          </option>
        ))}
      </select>
    </label>
  )
}
