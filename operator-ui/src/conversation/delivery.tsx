/** What became of a message that we sent, why, and what can be done about it. */

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { DeliveryDecision, DeliveryView, MessageView } from '../../../src/operator-api.types.ts'
import { ApiError, post } from '../api.ts'
import { plainly } from '../act.ts'
import { type GivenBack, pending } from '../pending.ts'
import { useSession } from '../session-data.tsx'
import { refreshTimeline } from '../timeline.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { useToast } from '../ui/toast.tsx'
import { useNow } from '../ui/use-now.ts'
import { useSpeech, type Words } from '../words.ts'
import { conversationOf } from './conversation-of.ts'

const signs: Record<DeliveryView['state'], IconName> = {
  queued: 'clock',
  sending: 'clock',
  sent: 'check',
  delivered: 'checks',
  read: 'checks',
  failed: 'alert',
  unknown: 'question',
  cancelled: 'close',
}

export function Delivery({ message, onTakenBack }: { message: MessageView; onTakenBack(given: GivenBack): void }) {
  const { words, clock, language } = useSpeech()
  const { delivery } = message
  if (!delivery) return null
  const { state } = delivery
  const when = delivery.readAt ?? delivery.deliveredAt ?? delivery.sentAt
  return (
    <>
      <span className="delivery" data-state={state} title={when ? clock.full(when) : undefined}>
        <Icon name={signs[state]} size={14} />
        {words.delivery[state]}
      </span>
      {delivery.cost && delivery.cost !== 'free' && (
        <span>{words.delivery.billed(billOf(delivery.cost, words))}</span>
      )}
      {state === 'queued' && delivery.attempt === 0 && <TakeBack message={message} onTakenBack={onTakenBack} />}
      {state === 'queued' && delivery.attempt > 0 && delivery.nextAt && (
        <span>
          {reasonOf(delivery, words, language)} {words.delivery.retryAt(clock.time(delivery.nextAt))}
        </span>
      )}
      {state === 'sent' && delivery.reason === 'delayed' && <span>{words.delivery.reasons.delayed}</span>}
      {state === 'read' && delivery.reason === 'declined' && <span>{words.delivery.reasons.declined}</span>}
      {state === 'failed' && (
        <Decide message={message} text={reasonOf(delivery, words, language)} decisions={['resend', 'give-up']} />
      )}
      {state === 'unknown' && (
        <Decide message={message} text={words.delivery.unknownAsk} decisions={['arrived', 'resend', 'give-up']} />
      )}
    </>
  )
}

function billOf(cost: string, words: Words): string {
  const bills: Record<string, string> = words.delivery.bills
  return (Object.hasOwn(bills, cost) ? bills[cost] : undefined) ?? cost
}

export function reasonOf(delivery: Pick<DeliveryView, 'reason' | 'detail'>, words: Words, language: 'pt' | 'en'): string {
  const reasons: Record<string, string> = words.delivery.reasons
  const known = delivery.reason && Object.hasOwn(reasons, delivery.reason) ? reasons[delivery.reason] : undefined
  return [known ?? delivery.reason, delivery.detail?.[language]].filter(Boolean).join(' ')
}

/** Until it leaves, a reply can be taken back; the gateway alone decides whether it was in time. */
function TakeBack({ message, onTakenBack }: { message: MessageView; onTakenBack(given: GivenBack): void }) {
  const words = useSpeech().words
  const client = useQueryClient()
  const toast = useToast()
  const { undoSeconds, operator } = useSession()
  const now = useNow(500)
  const leavesAt = message.delivery?.nextAt
    ? Date.parse(message.delivery.nextAt)
    : Date.parse(message.at) + undoSeconds * 1000
  const seconds = Math.ceil((leavesAt - now) / 1000)
  if (message.operatorId !== operator.id || seconds <= 0 || seconds > undoSeconds + 2) return null
  const undo = async () => {
    try {
      await post(`/api/messages/${encodeURIComponent(message.id)}/delivery`, {
        decision: 'undo',
      } satisfies DeliveryDecision)
      const sent = pending.goneWith(message.clientId)
      onTakenBack({ kind: 'reply', text: message.text, ...(sent ?? { attachments: [] }) })
      toast({ text: sent || message.attachments.length === 0 ? words.delivery.undone : words.delivery.undoneBare })
    } catch (problem) {
      toast({
        text: problem instanceof ApiError && problem.status !== 0 ? words.delivery.undoLate : plainly(problem, words),
        kind: 'bad',
      })
    }
    const id = conversationOf(client, message.id)
    if (id) void refreshTimeline(client, id)
  }
  return (
    <button type="button" className="undo" onClick={() => void undo()}>
      <Icon name="undo" size={14} />
      {words.app.undo}
      <span aria-hidden="true"> · {words.delivery.undo(seconds)}</span>
    </button>
  )
}

function Decide({
  message,
  text,
  decisions,
}: {
  message: MessageView
  text: string
  decisions: ('resend' | 'arrived' | 'give-up')[]
}) {
  const words = useSpeech().words
  const client = useQueryClient()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const names = { resend: words.delivery.resend, arrived: words.delivery.arrived, 'give-up': words.delivery.giveUp }
  const decide = async (decision: DeliveryDecision['decision']) => {
    if (busy) return
    setBusy(true)
    await post(`/api/messages/${encodeURIComponent(message.id)}/delivery`, {
      decision,
    } satisfies DeliveryDecision).catch((problem: unknown) => toast({ text: plainly(problem, words), kind: 'bad' }))
    const id = conversationOf(client, message.id)
    if (id) await refreshTimeline(client, id)
    setBusy(false)
  }
  return (
    <span className="decide">
      <span>{text}</span>
      {decisions.map((decision) => (
        <button
          key={decision}
          type="button"
          className="text-button"
          aria-disabled={busy}
          onClick={() => void decide(decision)}
        >
          {names[decision]}
        </button>
      ))}
    </span>
  )
}
