/** Keeps the filter under a name, for oneself or for everyone. */

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { ConversationFilter } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { post } from '../api.ts'
import { keys } from '../queries.ts'
import { useSession } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Switch } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import { useWords } from '../words.ts'

export function SaveViewDialog({ filter, onClose }: { filter: ConversationFilter; onClose(): void }) {
  const words = useWords()
  const client = useQueryClient()
  const toast = useToast()
  const mayShare = useSession().operator.role !== 'operator'
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!name.trim()) return
    setBusy(true)
    try {
      await post('/api/saved-views', { name: name.trim(), shared, filter })
      void client.invalidateQueries({ queryKey: keys.savedViews })
      onClose()
    } catch (problem) {
      toast({ text: plainly(problem, words), kind: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog title={words.views.saveView} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Field label={words.views.viewName}>
          {(ids) => (
            <input {...ids} required maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        {mayShare && <Switch label={words.views.share} checked={shared} onChange={setShared} />}
        <footer className="dialog-foot">
          <Button look="primary" type="submit" busy={busy}>
            {words.app.save}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
