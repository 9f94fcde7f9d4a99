/** The video calls of a conversation that still concern the operator: their state, and accept, decline with a text, or join. */

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import type { CallView, ConversationDetail } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { useNames } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'
import { ask, callsKey, goInto, useWithin } from './calls.ts'
import { callWords } from './words.ts'
import './call.css'

const live: CallView['state'][] = ['asked', 'ringing', 'accepted', 'active']

export function CallPanel({ conversation }: { conversation: ConversationDetail }) {
  const { words, language, clock } = useSpeech()
  const says = callWords[language]
  const names = useNames()
  const toast = useToast()
  const client = useQueryClient()
  const within = useWithin()
  const ids = useId()
  const [busy, setBusy] = useState<string>()
  const [refusing, setRefusing] = useState<string>()
  const [text, setText] = useState('')
  const calls = conversation.calls.filter((call) => live.includes(call.state))
  if (calls.length === 0) return null

  const run = async (call: CallView, work: () => Promise<unknown>) => {
    setBusy(call.id)
    await work().catch((problem: unknown) => toast({ text: plainly(problem, words), kind: 'bad' }))
    await client.invalidateQueries({ queryKey: callsKey })
    setBusy(undefined)
  }
  const join = (call: CallView) =>
    run(call, async () => {
      if (call.state === 'asked' || call.state === 'ringing') await ask(call.id, 'accept')
      goInto(call.id, conversation.id)
    })
  const refuse = (call: CallView) => (event: FormEvent) => {
    event.preventDefault()
    void run(call, () => ask(call.id, 'decline', { text: text.trim() || says.declineDefault })).then(() => setRefusing(undefined))
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
              {call.waitingSince && call.state !== 'active' ? ` · ${says.citizenWaits}` : ''}
            </small>
          </p>
          {(call.state === 'asked' || call.state === 'ringing') && (
            <>
              <Button look="primary" busy={busy === call.id} onClick={() => void join(call)}>
                {words.call.accept}
              </Button>
              <Button
                look="quiet"
                aria-expanded={refusing === call.id}
                onClick={() => {
                  setText(says.declineDefault)
                  setRefusing(refusing === call.id ? undefined : call.id)
                }}
              >
                {words.call.decline}
              </Button>
            </>
          )}
          {(call.state === 'accepted' || call.state === 'active') && within?.callId !== call.id && (
            <Button look="primary" busy={busy === call.id} onClick={() => void join(call)}>
              {words.call.join}
            </Button>
          )}
          {refusing === call.id && (
            <form className="call-refusal" onSubmit={refuse(call)}>
              <label htmlFor={`${ids}text`}>{says.declineWith}</label>
              <textarea id={`${ids}text`} rows={2} maxLength={2000} value={text} onChange={(event) => setText(event.target.value)} />
              <Button type="submit" look="danger" busy={busy === call.id}>
                {words.call.decline}
              </Button>
              <Button look="quiet" onClick={() => setRefusing(undefined)}>
                {says.cancel}
              </Button>
            </form>
          )}
        </div>
      ))}
    </section>
  )
}
