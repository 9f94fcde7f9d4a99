/** The answers of a form, read by the gateway as they are given: what does not fit is said at its field, and what follows from an answer appears. */

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import type {
  ConversationDetail,
  FormOffer,
  FormReading,
  FormStepView,
  GivenAnswers,
} from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { post } from '../api.ts'
import { DialogFoot } from '../ui/dialog-foot.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { useSpeech } from '../words.ts'
import { StepField } from './step-field.tsx'

export function FormFields({
  conversation,
  form,
  before,
  onCancel,
  onReady,
}: {
  conversation: ConversationDetail
  form: FormOffer
  before: GivenAnswers
  onCancel(): void
  onReady(given: GivenAnswers, steps: FormStepView[]): void
}) {
  const { words, language } = useSpeech()
  const client = useQueryClient()
  const [given, setGiven] = useState(before)
  /** What the gateway was asked about: a word half written is no mistake. */
  const [asked, setAsked] = useState(before)
  const [isChecked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const fields = useRef<HTMLFormElement>(null)
  const readingOf = (answers: GivenAnswers) => ({
    queryKey: ['form', conversation.id, form.id, language, answers],
    queryFn: () =>
      post<FormReading>(
        `/api/conversations/${encodeURIComponent(conversation.id)}/forms/${encodeURIComponent(form.id)}`,
        { given: answers, language },
      ),
    staleTime: 60_000,
  })
  const reading = useQuery({ ...readingOf(asked), placeholderData: keepPreviousData })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem('')
    setAsked(given)
    try {
      const { steps, complete } = await client.fetchQuery(readingOf(given))
      if (complete) return onReady(given, steps)
      setChecked(true)
      // Drawn first: then the first field that is marked takes the focus.
      requestAnimationFrame(() => fields.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())
    } catch (error) {
      setProblem(plainly(error, words))
    } finally {
      setBusy(false)
    }
  }
  if (reading.error && !reading.data) {
    return <Failed problem={reading.error} onRetry={() => void reading.refetch()} />
  }
  if (!reading.data) return <Loading />
  return (
    <form ref={fields} className="form" noValidate onSubmit={(event) => void submit(event)}>
      <p className="dialog-text">{words.assist.intro}</p>
      {reading.data.steps.map((step, index) => (
        <StepField
          key={step.id}
          step={step}
          answer={given[step.id] ?? {}}
          offered={reading.data.sent}
          isFirst={index === 0}
          isMissing={isChecked && !step.optional && step.shown === null}
          onChange={(answer) => setGiven((now) => ({ ...now, [step.id]: answer }))}
          onSettled={(answer) => {
            const next = answer ? { ...given, [step.id]: answer } : given
            setGiven(next)
            setAsked(next)
          }}
        />
      ))}
      {problem && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      <DialogFoot yes={words.assist.next} busy={busy} onNo={onCancel} />
    </form>
  )
}
