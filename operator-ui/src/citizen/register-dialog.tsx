/** Registers the citizen on the spot, in the conversation; the timeline says who did and which facts. */

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ConversationDetail } from '../../../src/operator-api.types.ts'
import { useAct } from '../act.ts'
import { keys } from '../queries.ts'
import { Dialog } from '../ui/dialog.tsx'
import { DialogFoot } from '../ui/dialog-foot.tsx'
import { Field } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import { useWords } from '../words.ts'
import { attributeKey } from './attribute-name.ts'
import { FactField } from './fact-field.tsx'
import { isNif } from '../nif.ts'

const usual = ['name', 'nif', 'email', 'phone', 'address'] as const

export function RegisterDialog({ conversation, onClose }: { conversation: ConversationDetail; onClose(): void }) {
  const words = useWords()
  const act = useAct()
  const toast = useToast()
  const client = useQueryClient()
  const { people } = conversation
  const before: Record<string, string> = { ...(people.name && { name: people.name }), ...people.attributes }
  const [values, setValues] = useState(before)
  const [other, setOther] = useState({ name: '', value: '' })
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const nif = values.nif?.replace(/\s/g, '') ?? ''
  const errors: Record<string, string | undefined> = {
    nif: nif && !isNif(nif) ? words.citizen.nifBad : undefined,
    email: values.email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(values.email) ? words.citizen.emailBad : undefined,
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (busy || Object.values(errors).some(Boolean)) return
    const given = {
      ...values,
      ...(nif && { nif }),
      ...(attributeKey(other.name) && other.value.trim() && { [attributeKey(other.name)]: other.value }),
    }
    const changed = Object.fromEntries(
      Object.entries(given)
        .map(([name, value]) => [name, value.trim()])
        .filter(([name, value]) => name && (before[name] ?? '') !== value),
    )
    if (Object.keys(changed).length === 0) return onClose()
    setBusy(true)
    const done = await act(conversation, { do: 'register', attributes: changed as Record<string, string> })
    setBusy(false)
    if (!done) return
    toast({ text: words.citizen.saved })
    void client.invalidateQueries({ queryKey: keys.conversation(conversation.id) })
    onClose()
  }
  return (
    <Dialog title={words.citizen.registerTitle} onClose={onClose}>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        {[...usual, ...Object.keys(before).filter((name) => !usual.some((one) => one === name))].map((name) => (
          <FactField
            key={name}
            name={name}
            before={before[name] ?? ''}
            value={values[name] ?? ''}
            error={checked ? errors[name] : undefined}
            onChange={(value) => setValues((now) => ({ ...now, [name]: value }))}
          />
        ))}
        <div className="row-fields">
          <Field label={words.citizen.otherName} optional>
            {(ids) => (
              <input
                {...ids}
                maxLength={60}
                value={other.name}
                onChange={(event) => setOther({ ...other, name: event.target.value })}
              />
            )}
          </Field>
          <Field label={words.citizen.otherValue}>
            {(ids) => (
              <input
                {...ids}
                maxLength={500}
                value={other.value}
                onChange={(event) => setOther({ ...other, value: event.target.value })}
              />
            )}
          </Field>
        </div>
        <DialogFoot yes={words.app.save} busy={busy} onNo={onClose} />
      </form>
    </Dialog>
  )
}
