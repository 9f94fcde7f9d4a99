/** The last look at a form: the answers as they were understood, the citizen's consent, and then it goes. */

import { type FormEvent, Fragment, useRef, useState } from 'react'
import type { Consent } from '../../../src/core/model.ts'
import type { ConversationDetail, FormOffer, FormStepView, GivenAnswers } from '../../../src/operator-api.types.ts'
import { useRawAct } from '../act.ts'
import { newId } from '../client-id.ts'
import { useNames } from '../session-data.tsx'
import { DialogFoot } from '../ui/dialog-foot.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { useWords } from '../words.ts'

const consents: Consent[] = ['written', 'spoken', 'counter']

export function HandIn({
  conversation,
  form,
  given,
  steps,
  onBack,
  onDone,
}: {
  conversation: ConversationDetail
  form: FormOffer
  given: GivenAnswers
  steps: FormStepView[]
  onBack(): void
  onDone(receipt: string): void
}) {
  const words = useWords()
  const names = useNames()
  const act = useRawAct()
  const [consent, setConsent] = useState<Consent>()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  // The same at every attempt: what was handed in and not answered is not handed in again.
  const clientId = useRef(newId())
  const applying = new Set(steps.map(({ id }) => id))
  const answers = Object.fromEntries(Object.entries(given).filter(([id]) => applying.has(id)))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || !consent) return
    setBusy(true)
    setProblem('')
    const outcome = await act(conversation, [{ do: 'submit', form: form.id, given: answers, consent }], {
      clientId: clientId.current,
    })
    setBusy(false)
    if (outcome.type === 'done') onDone(outcome.result.receipt ?? '')
    else setProblem(outcome.message)
  }
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <h3>{words.assist.review}</h3>
      <dl className="facts hand-in">
        {steps
          .filter(({ shown }) => shown !== null)
          .map(({ id, label, shown }) => (
            <Fragment key={id}>
              <dt>{label}</dt>
              <dd dir="auto">{withoutControls(shown ?? '')}</dd>
            </Fragment>
          ))}
      </dl>
      <fieldset className="radio-list">
        <legend>{words.assist.consent}</legend>
        {consents.map((one, index) => (
          <label key={one}>
            <input
              type="radio"
              name="consent"
              required
              autoFocus={index === 0}
              checked={consent === one}
              onChange={() => setConsent(one)}
            />
            <span>{words.assist.consents[one]}</span>
          </label>
        ))}
      </fieldset>
      <p className="dialog-text">{words.assist.goes(names.kind(conversation.channelKind))}</p>
      {problem && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      <DialogFoot yes={words.assist.submit} no={words.assist.change} busy={busy} disabled={!consent} onNo={onBack} />
    </form>
  )
}
