/** Closing: how it ended, and whether the citizen is asked. */

import { type FormEvent, useId, useState } from 'react'
import type { ConversationDetail } from '../../../src/operator-api.types.ts'
import { useAct } from '../act.ts'
import { Dialog } from '../ui/dialog.tsx'
import { DialogFoot } from '../ui/dialog-foot.tsx'
import { Field, Switch } from '../ui/field.tsx'
import { useWords } from '../words.ts'

export function CloseDialog({ conversation, onClose }: { conversation: ConversationDetail; onClose(): void }) {
  const words = useWords()
  const act = useAct()
  const list = useId()
  const [outcome, setOutcome] = useState('')
  const [survey, setSurvey] = useState(conversation.survey === null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    const done = await act(conversation, { do: 'close', survey, ...(outcome.trim() && { outcome: outcome.trim() }) })
    setBusy(false)
    if (done) onClose()
  }
  return (
    <Dialog title={words.action.closeTitle} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Field label={words.action.outcome} optional>
          {(ids) => (
            <input
              {...ids}
              list={list}
              maxLength={200}
              value={outcome}
              onChange={(event) => setOutcome(event.target.value)}
            />
          )}
        </Field>
        <datalist id={list}>
          {words.action.outcomes.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Switch label={words.action.survey} checked={survey} onChange={setSurvey} />
        <DialogFoot yes={words.action.close} busy={busy} onNo={onClose} />
      </form>
    </Dialog>
  )
}
