/** The bot as a citizen would meet it: on which channel, when, in which language. Nothing is kept and nothing is sent. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BotCatalogue } from '../../../src/operator-api.types.ts'
import { get } from '../api.ts'
import { useNames } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'
import './bot.css'
import { namerOf, TrialTalk } from './trial-talk.tsx'
import { type Stage, useTrial } from './use-trial.ts'

export const useBotCatalogue = () => useQuery({ queryKey: ['bot', 'catalogue'], queryFn: ({ signal }) => get<BotCatalogue>('/api/admin/bot', signal), retry: false })

/** As the clock of the town shows it. */
export const wallNow = (timeZone: string) => new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date()).replace(' ', 'T')

export function TrialPage() {
  const catalogue = useBotCatalogue()
  if (catalogue.isPending) return <Loading />
  if (catalogue.error) return <Failed problem={catalogue.error} onRetry={() => void catalogue.refetch()} />
  return <Trying catalogue={catalogue.data} />
}

function Trying({ catalogue }: { catalogue: BotCatalogue }) {
  const { words, language: reader } = useSpeech()
  const names = useNames()
  const toast = useToast()
  const say = words.settings.trial
  const { channels, languages, timezone } = catalogue
  const [channelAt, setChannelAt] = useState(0)
  const [at, setAt] = useState(() => wallNow(timezone))
  const [language, setLanguage] = useState(languages[0]?.language ?? 'pt')
  const channel = channels[channelAt] ?? { id: null, kind: 'webchat', name: '' }
  const stage: Stage = { kind: channel.kind, at, language, ...(channel.id !== null && { channelId: channel.id }) }
  const trial = useTrial(stage)
  const transcript = trial.turns.length > 0 ? trial.trial.data?.transcript : undefined
  const copy = () => void navigator.clipboard.writeText(transcript ?? '').then(() => toast({ text: say.copied }))
  return (
    <>
      <p className="intro">{say.intro}</p>
      <div className="trial-stage">
        <Field label={say.channel}>
          {(ids) => (
            <select {...ids} value={channelAt} onChange={(event) => setChannelAt(Number(event.target.value))}>
              {channels.map(({ id, kind, name }, n) => (
                <option key={`${kind} ${id}`} value={n}>
                  {id === null ? say.notThere(names.kind(kind)) : name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={say.at}>
          {(ids) => <input {...ids} type="datetime-local" required value={at} onChange={(event) => event.target.value && setAt(event.target.value.slice(0, 16))} />}
        </Field>
        <Field label={say.language}>
          {(ids) => (
            <select {...ids} value={language} onChange={(event) => setLanguage(languages.find((one) => one.language === event.target.value)?.language ?? language)}>
              {languages.map((one) => (
                <option key={one.language} value={one.language}>
                  {words.languageName[one.language]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div className="trial-bar">
        <Button icon="clock" look="quiet" onClick={() => setAt(wallNow(timezone))}>
          {say.now}
        </Button>
        <Button icon="retry" look="quiet" onClick={trial.restart}>
          {say.restart}
        </Button>
        <Button icon="copy" look="quiet" disabled={!transcript} onClick={copy}>
          {say.copy}
        </Button>
      </div>
      <TrialTalk trial={trial} kind={channel.kind} nameOf={namerOf(catalogue, reader)} />
    </>
  )
}
