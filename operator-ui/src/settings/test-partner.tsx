/** Where nobody can be written to who never wrote: the admin writes first, and says which of those who wrote they are. */

import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ChannelView, TestMessageResult, TestPartner as Partner } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { get, post } from '../api.ts'
import { called } from '../citizen/called.ts'
import { useNames } from '../session-data.tsx'
import { useAsk } from '../ui/ask.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { useSpeech } from '../words.ts'
import { TestOutcome } from './test-outcome.tsx'

/** Whoever has just written looks for themselves here at once. */
const lookAgainMs = 4_000

export function TestPartner({ channel }: { channel: ChannelView }) {
  const { words } = useSpeech()
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="test-message" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.settings.channel.testMessage.title}</summary>
      {isOpen && <Partners channel={channel} />}
    </details>
  )
}

function Partners({ channel }: { channel: ChannelView }) {
  const { words, clock } = useSpeech()
  const names = useNames()
  const ask = useAsk()
  const say = words.settings.channel.testMessage
  const path = `/api/admin/channels/${encodeURIComponent(channel.id)}`
  const [threadId, setThreadId] = useState('')
  const partners = useQuery({
    queryKey: ['admin', 'test-partners', channel.id],
    queryFn: ({ signal }) => get<Partner[]>(`${path}/test-partners`, signal),
    refetchInterval: lookAgainMs,
  })
  const sending = useMutation({ mutationFn: () => post<TestMessageResult>(`${path}/test-message`, { threadId }) })
  const nameOf = (one: Partner) => called({ id: one.citizenId, label: one.name }, words)
  const chosen = partners.data?.find((one) => one.threadId === threadId)
  const send = async () => {
    if (!chosen || sending.isPending) return
    const isOwn = await ask({
      title: say.askTitle(nameOf(chosen)),
      text: say.ask(nameOf(chosen), names.kind(channel.kind)),
      yes: say.askYes,
    })
    if (isOwn) sending.mutate()
  }
  return (
    <div className="test-partner">
      <p>
        {Object.hasOwn(say.first, channel.kind) ? (say.first as Record<string, string>)[channel.kind] : say.first.other}{' '}
        {channel.kind === 'webchat' && (
          <a href={`/channels/${encodeURIComponent(channel.id)}/chat`} target="_blank" rel="noopener noreferrer">
            {say.openChat}
          </a>
        )}
      </p>
      <Field
        label={say.partner}
        hint={partners.data?.length === 0 ? say.nobody : undefined}
        error={sending.error ? plainly(sending.error, words) : undefined}
      >
        {(ids) => (
          <div className="field-with-button">
            <select
              {...ids}
              value={chosen ? threadId : ''}
              onChange={(event) => {
                setThreadId(event.target.value)
                sending.reset()
              }}
            >
              <option value="">{say.choose}</option>
              {partners.data?.map((one) => (
                <option key={one.threadId} value={one.threadId}>
                  {nameOf(one)} · {clock.time(one.at)} · {one.reference}
                </option>
              ))}
            </select>
            <Button icon="send" busy={sending.isPending} disabled={!chosen} onClick={() => void send()}>
              {say.send}
            </Button>
          </div>
        )}
      </Field>
      <TestOutcome result={sending.data} />
    </div>
  )
}
