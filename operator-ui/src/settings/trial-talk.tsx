/** The conversation that is tried: what was written, what came back as that channel shows it, and what else the bot did. */

import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { BotCatalogue, TrialInput, TrialTurn } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { useNames } from '../session-data.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { RichText } from '../ui/rich-text.tsx'
import { useSpeech } from '../words.ts'
import { WhyView } from './trial-why.tsx'
import type { useTrial } from './use-trial.ts'

export function TrialTalk({ trial: { turns, trial, say }, kind, nameOf }: { trial: ReturnType<typeof useTrial>; kind: string; nameOf(ref: string): string }) {
  const { words } = useSpeech()
  const wording = words.settings.trial
  const [text, setText] = useState('')
  const end = useRef<HTMLDivElement>(null)
  const answers = turns.length === 0 ? [] : (trial.data?.turns ?? [])
  useEffect(() => {
    if (answers.length > 0) end.current?.scrollIntoView({ block: 'nearest' })
  }, [answers.length, trial.data])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    say({ text: text.trim() })
    setText('')
  }
  return (
    <div className="trial-talk" data-kind={kind}>
      <div className="trial-log" role="log" aria-label={wording.log} tabIndex={0}>
        {turns.length === 0 && <p className="quiet">{wording.empty}</p>}
        {turns.map(({ input }, n) => {
          const answer = answers[n]
          return (
            <div key={n} className="trial-turn">
              <Written input={input} />
              {answer && <Answered turn={answer} isLast={n === turns.length - 1} nameOf={nameOf} onSay={say} />}
            </div>
          )
        })}
        {trial.isFetching && answers.length < turns.length && <p className="quiet">{wording.thinking}</p>}
        {trial.error && (
          <p className="form-problem" role="alert">
            {plainly(trial.error, words)}{' '}
            <Button look="quiet" onClick={() => void trial.refetch()}>
              {words.app.retry}
            </Button>
          </p>
        )}
        <div ref={end} />
      </div>
      <form className="trial-write" onSubmit={submit}>
        <input aria-label={wording.write} placeholder={wording.write} value={text} maxLength={10_000} autoComplete="off" onChange={(event) => setText(event.target.value)} />
        <IconButton icon="send" label={wording.send} type="submit" />
      </form>
    </div>
  )
}

function Written({ input }: { input: TrialInput }) {
  const say = useSpeech().words.settings.trial
  if ('result' in input) return <p className="trial-note">{input.result ? say.answeredWell : say.answeredBadly}</p>
  if ('start' in input) return <p className="trial-note">{say.givenBack}</p>
  const isPressed = 'press' in input
  return (
    <p className="trial-citizen" data-pressed={isPressed}>
      {isPressed && <span className="visually-hidden">{say.pressed} </span>}
      <bdi>{isPressed ? input.label : input.text}</bdi>
    </p>
  )
}

function Answered({ turn, isLast, nameOf, onSay }: { turn: TrialTurn; isLast: boolean; nameOf(ref: string): string; onSay(input: TrialInput): void }) {
  const { words } = useSpeech()
  const names = useNames()
  const say = words.settings.trial
  const isAsking = isLast && turn.done.some((action) => action.do === 'request')
  const isWithPeople = isLast && (turn.silent || turn.done.some((action) => action.do === 'hand-off'))
  return (
    <>
      {turn.parts.map((part, n) => (
        <div key={n} className="trial-bot">
          <RichText text={part.text} block />
          {part.choices.length > 0 && (
            <ul className="trial-choices">
              {part.choices.map((choice) => (
                <li key={choice.id}>
                  <Button onClick={() => onSay({ press: choice.id, label: choice.label })}>{choice.label}</Button>
                </li>
              ))}
            </ul>
          )}
        </div>
      ))}
      {turn.silent && <p className="trial-note">{say.silent}</p>}
      {turn.done.map((action, n) => (
        <p key={n} className="trial-note">
          <Icon name="bolt" size={14} /> {doneInWords(action)}
        </p>
      ))}
      {turn.why && <WhyView why={turn.why} nameOf={nameOf} />}
      {isAsking && (
        <p className="trial-asks">
          <Button onClick={() => onSay({ result: true })}>{say.answerWell}</Button>
          <Button onClick={() => onSay({ result: false })}>{say.answerBadly}</Button>
        </p>
      )}
      {isWithPeople && (
        <p className="trial-asks">
          <Button icon="undo" onClick={() => onSay({ start: true })}>
            {words.action.handBack}
          </Button>
        </p>
      )}
    </>
  )

  function doneInWords(action: TrialTurn['done'][number]): string {
    switch (action.do) {
      case 'hand-off':
        return say.done.handOff(action.departmentId ? names.department(action.departmentId) : '')
      case 'submit':
        return say.done.submit(action.title, action.receipt)
      case 'request':
        return say.done.request(action.connection)
      case 'answered':
        return say.done.answered(nameOf(`answer.${action.answer}`))
      case 'miss':
        return say.done.miss
      case 'set-language':
        return say.done.language(words.languageName[action.language])
      case 'set-topic':
        return say.done.topic(names.topic(action.topic))
      case 'register':
        return say.done.register(Object.keys(action.attributes).join(', '))
      default:
        return Object.hasOwn(say.done.others, action.do) ? (say.done.others[action.do] ?? action.do) : action.do
    }
  }
}

/** By the question, as people know it. */
export function namerOf({ answers }: BotCatalogue, language: 'pt' | 'en'): (ref: string) => string {
  const known = new Map(answers.map(({ ref, question }) => [ref, question[language] ?? question.pt ?? Object.values(question)[0] ?? ref]))
  return (ref) => known.get(ref) ?? ref
}
