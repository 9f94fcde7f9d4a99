/** A message to oneself: whether this channel sends is seen where it arrives. */

import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ChannelView, TestMessageResult } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { post } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { useSpeech } from '../words.ts'
import { TestOutcome } from './test-outcome.tsx'
import { TestPartner } from './test-partner.tsx'

/** To an address, where the channel can write to one; elsewhere to whoever has just written. */
export function TestMessage({ channel }: { channel: ChannelView }) {
  return channel.reaches ? <ToAddress channel={channel} /> : <TestPartner channel={channel} />
}

function ToAddress({ channel }: { channel: ChannelView }) {
  const { words } = useSpeech()
  const say = words.settings.channel
  const [to, setTo] = useState('')
  const sending = useMutation({
    mutationFn: () =>
      post<TestMessageResult>(`/api/admin/channels/${encodeURIComponent(channel.id)}/test-message`, { to: to.trim() }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (to.trim() && !sending.isPending) sending.mutate()
  }
  return (
    <form className="test-message" noValidate onSubmit={submit}>
      <Field
        label={say.testMessage[channel.kind === 'email' ? 'email' : 'phone']}
        error={sending.error ? plainly(sending.error, words) : undefined}
      >
        {(ids) => (
          <div className="field-with-button">
            <input
              {...ids}
              type={channel.kind === 'email' ? 'email' : 'tel'}
              maxLength={200}
              value={to}
              onChange={(event) => setTo(event.target.value)}
            />
            <Button icon="send" type="submit" busy={sending.isPending} disabled={!to.trim()}>
              {say.testMessage.send}
            </Button>
          </div>
        )}
      </Field>
      <TestOutcome result={sending.data} />
    </form>
  )
}
