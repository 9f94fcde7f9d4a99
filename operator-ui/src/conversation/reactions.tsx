/** How people reacted to a message. Our own is a button: a press takes it back. */

import type { MessageView, ReactionEmoji } from '../../../src/operator-api.types.ts'
import { useNames } from '../session-data.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { useWords } from '../words.ts'
import type { Reacting } from './use-react.ts'

export function Reactions({ reactions, react }: { reactions: MessageView['reactions']; react: Reacting | undefined }) {
  const words = useWords()
  const names = useNames()
  if (reactions.length === 0) return null
  return (
    <p className="reactions">
      {reactions.map(({ emoji, by, operatorId }) => {
        const shown = withoutControls(emoji).slice(0, 8) || '·'
        const who = words.thread.reacted(operatorId === null ? withoutControls(by) : names.operator(operatorId))
        return operatorId === null || !react ? (
          <span key={`${operatorId}-${by}-${emoji}`} title={who}>
            {shown}
          </span>
        ) : (
          <button
            key="ours"
            type="button"
            title={`${who}. ${words.reaction.takeBack}`}
            aria-label={`${shown} ${who}. ${words.reaction.takeBack}`}
            onClick={(event) => {
              // The second press of the double click that put it here.
              if (event.detail < 2) react.toggle(emoji as ReactionEmoji)
            }}
          >
            {shown}
          </button>
        )
      })}
    </p>
  )
}
