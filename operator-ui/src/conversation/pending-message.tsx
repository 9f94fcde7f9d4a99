/** A message that the gateway has not confirmed yet: on its way, or not sent and why. Never shown as sent before it is. */

import type { ConversationDetail } from '../../../src/operator-api.types.ts'
import { useRawAct } from '../act.ts'
import { type GivenBack, type Pending, pending as pendings, sentWith } from '../pending.ts'
import { useSession } from '../session-data.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Icon } from '../ui/icon.tsx'
import { RichText } from '../ui/rich-text.tsx'
import { useWords } from '../words.ts'

export function PendingMessage({
  pending,
  conversation,
  onGiveBack,
}: {
  pending: Pending
  conversation: ConversationDetail
  onGiveBack(given: GivenBack): void
}) {
  const words = useWords()
  const act = useRawAct()
  const { operator } = useSession()
  const again = async () => {
    pendings.set({ ...pending, state: 'sending' })
    const outcome = await act(conversation, pending.actions, {
      clientId: pending.clientId,
      seen: { lastSeq: conversation.lastSeq, operatorId: conversation.operatorId },
    })
    if (outcome.type === 'done') pendings.sent(pending.clientId, pending.actions)
    else pendings.set({ ...pending, state: 'not-sent', isCutOff: outcome.type === 'failed' && outcome.status === 0, problem: outcome.message })
  }
  const giveBack = () => {
    pendings.drop(pending.clientId)
    onGiveBack({ kind: pending.kind, text: pending.text, draft: pending.draft, ...sentWith(pending.actions) })
  }
  return (
    <article
      className="message"
      data-side={pending.kind === 'note' ? 'note' : 'out'}
      data-author="operator"
      data-pending={pending.state}
    >
      <header className="message-head">
        <Avatar name={operator.name} id={operator.id} size={24} />
        <bdi className="message-name">{operator.name}</bdi>
      </header>
      <div className="message-line">
        <div className="bubble">
          <RichText block text={pending.text} />
          {pending.attachments.map((file) => (
            <div key={file.source} className="file">
              <Icon name="file" />
              <span>
                <bdi>{file.name}</bdi>
              </span>
            </div>
          ))}
        </div>
      </div>
      <footer className="message-foot">
        {pending.state === 'sending' ? (
          <span className="delivery" data-state="sending">
            <Icon name="clock" size={14} />
            {words.delivery.sendingNow}
          </span>
        ) : (
          <span className="decide" role="alert">
            <span className="delivery" data-state="failed">
              <Icon name="alert" size={14} />
              {words.delivery.notSent}
            </span>
            <span>{pending.problem}</span>
            <button type="button" className="text-button" onClick={() => void again()}>
              {words.app.retry}
            </button>
            <button type="button" className="text-button" onClick={giveBack}>
              {words.app.edit}
            </button>
          </span>
        )}
      </footer>
    </article>
  )
}
