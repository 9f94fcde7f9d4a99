/** To another department: first to which, then with what word for those who receive it. */

import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { ConversationDetail } from '../../../src/operator-api.types.ts'
import { useAct } from '../act.ts'
import { useNames, useSession } from '../session-data.tsx'
import { Chooser } from '../ui/chooser.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { DialogFoot } from '../ui/dialog-foot.tsx'
import { Field } from '../ui/field.tsx'
import { inLanguage, useSpeech } from '../words.ts'

export function MoveDialog({ conversation, onClose }: { conversation: ConversationDetail; onClose(): void }) {
  const { words, language } = useSpeech()
  const session = useSession()
  const [to, setTo] = useState<string>()
  if (to) return <Word conversation={conversation} to={to} onClose={onClose} />
  return (
    <Chooser
      keepOpen
      title={words.action.moveTo}
      options={session.departments.map((one) => ({
        id: one.id,
        label: inLanguage(one.name, language),
        checked: one.id === conversation.departmentId,
        ...(!one.open && { detail: words.views.closedNow }),
      }))}
      onChoose={({ id }) => setTo(id)}
      onClose={onClose}
    />
  )
}

function Word({ conversation, to, onClose }: { conversation: ConversationDetail; to: string; onClose(): void }) {
  const { words } = useSpeech()
  const names = useNames()
  const act = useAct()
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent | KeyboardEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    const done = await act(conversation, { do: 'move', departmentId: to, ...(note.trim() && { note: note.trim() }) })
    setBusy(false)
    if (done) onClose()
  }
  return (
    <Dialog title={words.action.moveInto(names.department(to))} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Field label={words.action.moveNote} hint={words.action.moveNoteHint} optional>
          {(ids) => (
            <textarea
              {...ids}
              rows={3}
              value={note}
              onChange={(event) => setNote(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) void submit(event)
              }}
            />
          )}
        </Field>
        <DialogFoot yes={words.action.moveNow} busy={busy} onNo={onClose} />
      </form>
    </Dialog>
  )
}
