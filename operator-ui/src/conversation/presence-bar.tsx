/** Who else is here: said before anybody crosses anybody. */

import { useEffect } from 'react'
import type { ConversationDetail } from '../../../src/operator-api.types.ts'
import { tellGone, tellHere, usePresence } from '../presence.ts'
import { useNames } from '../session-data.tsx'
import { Icon } from '../ui/icon.tsx'
import { useSpeech } from '../words.ts'

/** The gateway forgets us unless we say again that we are here. */
const againMs = 10_000

export function PresenceBar({ conversation }: { conversation: ConversationDetail }) {
  const { words, locale } = useSpeech()
  const names = useNames()
  const live = usePresence(conversation.id)
  const { id } = conversation

  useEffect(() => {
    tellHere(id)
    const timer = window.setInterval(() => tellHere(id), againMs)
    return () => {
      window.clearInterval(timer)
      tellGone(id)
    }
  }, [id])

  const present = (live?.present ?? []).filter(({ operatorId }) => !names.isMe(operatorId))
  const list = (those: typeof present) =>
    new Intl.ListFormat(locale).format(those.map(({ operatorId }) => names.operator(operatorId)))
  const typing = present.filter((one) => one.typing)
  const viewing = present.filter((one) => !one.typing)
  return (
    <div className="presence" role="status">
      {live?.citizenTyping && (
        <span className="presence-citizen">
          <span className="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {words.thread.citizenTyping}
        </span>
      )}
      {typing.length > 0 && (
        <span className="presence-typing">
          <Icon name="edit" size={16} />
          {words.collision.typing(list(typing), typing.length > 1)}
        </span>
      )}
      {viewing.length > 0 && (
        <span>
          <Icon name="eye" size={16} />
          {words.collision.viewing(list(viewing), viewing.length > 1)}
        </span>
      )}
    </div>
  )
}
