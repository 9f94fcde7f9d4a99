/** The video calls of a conversation that still concern the operator: their state, and accept, decline or join. */

import { useState } from 'react'
import type { CallView, ConversationDetail } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { post } from '../api.ts'
import { useNames } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'
import './call.css'

const live: CallView['state'][] = ['asked', 'ringing', 'accepted', 'active']

export function CallPanel({ conversation }: { conversation: ConversationDetail }) {
  const { words, clock } = useSpeech()
  const names = useNames()
  const toast = useToast()
  const [busy, setBusy] = useState<string>()
  const calls = conversation.calls.filter((call) => live.includes(call.state))
  if (calls.length === 0) return null

  const answer = async (call: CallView, what: 'accept' | 'decline') => {
    setBusy(call.id)
    await post(`/api/calls/${encodeURIComponent(call.id)}/${what}`).catch((problem: unknown) =>
      toast({ text: plainly(problem, words), kind: 'bad' }),
    )
    setBusy(undefined)
  }
  return (
    <section className="calls" aria-label={words.call.region}>
      {calls.map((call) => (
        <div key={call.id} className="call" data-state={call.state}>
          <Icon name="video" />
          <p>
            <strong>
              {words.call.title}: {words.call[call.state]}
            </strong>
            <small>
              {words.call.askedBy(call.askedBy === 'citizen' ? words.call.citizen : names.operator(call.operatorId))},{' '}
              {clock.time(call.askedAt)}
            </small>
          </p>
          {call.state === 'asked' && call.askedBy === 'citizen' && (
            <>
              <Button look="primary" busy={busy === call.id} onClick={() => void answer(call, 'accept')}>
                {words.call.accept}
              </Button>
              <Button look="quiet" busy={busy === call.id} onClick={() => void answer(call, 'decline')}>
                {words.call.decline}
              </Button>
            </>
          )}
          {(call.state === 'ringing' || call.state === 'accepted' || call.state === 'active') && (
            <a
              className="button primary"
              href={`/api/calls/${encodeURIComponent(call.id)}/join`}
              target="_blank"
              rel="noopener"
            >
              {words.call.join}
            </a>
          )}
        </div>
      ))}
    </section>
  )
}
