/** Joins another address to this citizen: which one, and how the operator knows. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { CitizenView, ConversationDetail } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { get, post } from '../api.ts'
import { keys } from '../queries.ts'
import { useNames } from '../session-data.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { DialogFoot } from '../ui/dialog-foot.tsx'
import { Field } from '../ui/field.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { useToast } from '../ui/toast.tsx'
import { useWords } from '../words.ts'
import { called } from './called.ts'

export function LinkDialog({ conversation, onClose }: { conversation: ConversationDetail; onClose(): void }) {
  const words = useWords()
  const names = useNames()
  const client = useQueryClient()
  const toast = useToast()
  const [q, setQ] = useState('')
  const [identityId, setIdentityId] = useState<string>()
  const [proof, setProof] = useState<string>('asked')
  const found = useQuery({
    queryKey: ['citizens', q.trim()],
    queryFn: ({ signal }) => get<CitizenView[]>(`/api/citizens?${new URLSearchParams({ q: q.trim() })}`, signal),
    enabled: q.trim().length > 2,
  })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!identityId) return
    try {
      await post(`/api/citizens/${encodeURIComponent(conversation.people.id)}/link`, { identityId, proof })
      toast({ text: words.citizen.linked })
      void client.invalidateQueries({ queryKey: keys.conversation(conversation.id) })
      onClose()
    } catch (problem) {
      toast({ text: plainly(problem, words), kind: 'bad' })
    }
  }
  const others = (found.data ?? []).filter(({ id }) => id !== conversation.people.id)
  return (
    <Dialog title={words.citizen.linkTitle} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <Field label={words.citizen.linkFind}>
          {(ids) => (
            <input
              {...ids}
              type="search"
              value={q}
              onChange={(event) => {
                setQ(event.target.value)
                setIdentityId(undefined)
              }}
            />
          )}
        </Field>
        <fieldset className="radio-list">
          <legend className="visually-hidden">{words.citizen.identities}</legend>
          {others.flatMap((citizen) =>
            citizen.identities.map((identity) => (
              <label key={identity.id}>
                <input
                  type="radio"
                  name="identity"
                  checked={identityId === identity.id}
                  onChange={() => setIdentityId(identity.id)}
                />
                <span>
                  <b>
                    <bdi>{called(citizen, words)}</bdi>
                  </b>
                  <small>
                    {names.kind(identity.channelKind)} · <bdi>{withoutControls(identity.address)}</bdi>
                  </small>
                </span>
              </label>
            )),
          )}
          {found.data && others.length === 0 && <p className="quiet">{words.action.noMatch}</p>}
        </fieldset>
        <Field label={words.citizen.linkProof}>
          {(ids) => (
            <select {...ids} value={proof} onChange={(event) => setProof(event.target.value)}>
              {Object.entries(words.citizen.proofs).map(([key, label]) => (
                <option key={key} value={key}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <DialogFoot yes={words.citizen.linkDo} disabled={!identityId} onNo={onClose} />
      </form>
    </Dialog>
  )
}
