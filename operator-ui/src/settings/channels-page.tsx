/** Each channel: is it up, what came and went last, what is wrong and what to do, a test that changes nothing, and a message to oneself. */

import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { ChannelView, CheckView } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { get, post } from '../api.ts'
import { useNames, useSession } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { ChannelMark } from '../ui/channel-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { useSpeech } from '../words.ts'
import { TestMessage } from './test-message.tsx'

const PairingCode = lazy(() => import('./pairing-code.tsx'))

export function ChannelsPage() {
  const { words } = useSpeech()
  const live = useSession().channels
  const channels = useQuery({
    queryKey: ['admin', 'channels'],
    queryFn: ({ signal }) => get<ChannelView[]>('/api/admin/channels', signal),
  })
  if (channels.isPending) return <Loading />
  if (channels.error) return <Failed problem={channels.error} onRetry={() => void channels.refetch()} />
  // The state that `live` told last is newer than the answer.
  const fresh = channels.data.map((channel) => ({
    ...channel,
    state: live.find(({ id }) => id === channel.id)?.state ?? channel.state,
  }))
  return (
    <>
      <p className="intro">{words.settings.channel.intro}</p>
      <ul className="cards">
        {fresh.map((channel) => (
          <li key={channel.id}>
            <ChannelCard channel={channel} />
          </li>
        ))}
      </ul>
    </>
  )
}

function ChannelCard({ channel }: { channel: ChannelView }) {
  const { words, clock, language } = useSpeech()
  const names = useNames()
  const isAdmin = useSession().operator.role === 'admin'
  const say = words.settings.channel
  const test = useMutation({
    mutationFn: () => post<{ checks: CheckView[] }>(`/api/admin/channels/${encodeURIComponent(channel.id)}/test`),
  })
  const { state } = channel
  const when = (iso: string | null) =>
    iso ? (
      <time dateTime={iso} title={clock.full(iso)}>
        {clock.moment(iso)}
      </time>
    ) : (
      say.never
    )
  return (
    <article className="card channel" data-status={channel.enabled ? state.status : 'closed'}>
      <header>
        <ChannelMark kind={channel.kind} size={20} />
        <h2>
          {channel.name === channel.id ? names.kind(channel.kind) : channel.name}
          <small>
            {names.kind(channel.kind)} · {channel.id}
          </small>
        </h2>
        <span className="status-chip">{channel.enabled ? say.status[state.status] : say.disabled}</span>
      </header>
      <dl className="facts">
        <div>
          <dt>{say.lastIn}</dt>
          <dd>{when(state.lastInAt)}</dd>
        </div>
        {/* Where the citizen's page fetches for itself, nothing is sent that could fail. */}
        {!channel.capabilities.pull && (
          <div>
            <dt>{say.lastOut}</dt>
            <dd>{when(state.lastOutAt)}</dd>
          </div>
        )}
        {state.lastError && (
          <div>
            <dt>{say.lastError}</dt>
            <dd>
              {state.lastError} {state.lastErrorAt && <small>({when(state.lastErrorAt)})</small>}
            </dd>
          </div>
        )}
      </dl>
      {state.reason && (
        <p className="what-to-do">
          <Icon name="alert" size={18} />
          <span>
            <b>{say.whatToDo}.</b> {state.reason[language]}
          </span>
        </p>
      )}
      {state.gap && (
        <p className="what-to-do">
          <Icon name="alert" size={18} />
          {say.gap(clock.moment(state.gap.since), clock.moment(state.gap.until))}
        </p>
      )}
      {state.qr && (
        <Suspense fallback={<Loading />}>
          <PairingCode text={state.qr} />
        </Suspense>
      )}
      {isAdmin && channel.enabled && (
        <Button icon="check" busy={test.isPending} onClick={() => test.mutate()}>
          {test.isPending ? say.testing : say.test}
        </Button>
      )}
      <div role="status">
        {test.error && <p className="form-problem">{plainly(test.error, words)}</p>}
        {test.data && (
          <ul className="checks">
            {test.data.checks.map((check) => (
              <li key={check.name.en} data-ok={check.ok}>
                <Icon name={check.ok ? 'check' : 'alert'} size={16} />
                <span>
                  <b>
                    {check.name[language]}: {check.ok ? say.ok : say.bad}
                  </b>
                  <small>
                    {check.detail[language]}
                    {check.fix && <> — {check.fix[language]}</>}
                  </small>
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {isAdmin && channel.enabled && <TestMessage channel={channel} />}
    </article>
  )
}
