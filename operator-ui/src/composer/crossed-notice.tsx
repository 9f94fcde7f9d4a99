/** A colleague was quicker: nothing was sent, the new state is above, and the operator decides. */

import { useNames } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.ts'
import type { Crossed } from './use-send.ts'

export function CrossedNotice({ crossed, onSend, onReview }: { crossed: Crossed; onSend(): void; onReview(): void }) {
  const words = useWords()
  const names = useNames()
  const owner = crossed.conversation?.operatorId
  return (
    <div className="crossed" role="alert">
      <Icon name="users" />
      <p>
        <strong>{words.collision.title}</strong>
        {crossed.replied
          ? words.collision.replied(names.operator(crossed.replied))
          : words.collision.owned(owner ? names.operator(owner) : words.collision.someone)}
      </p>
      <Button look="primary" onClick={onReview}>
        {words.collision.review}
      </Button>
      <Button look="quiet" onClick={onSend}>
        {words.collision.send}
      </Button>
    </div>
  )
}
