/** One ready text. */

import { type FormEvent, useState } from 'react'
import type { QuickAnswer } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { ApiError, post, put } from '../api.ts'
import { AttachmentChips } from '../composer/attachment-chips.tsx'
import { useAttachments } from '../composer/use-attachments.ts'
import { useSession } from '../session-data.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { DialogFoot } from '../ui/dialog-foot.tsx'
import { Field } from '../ui/field.tsx'
import { inLanguage, useSpeech } from '../words.ts'

const languages = ['pt', 'en', 'es', 'fr'] as const
/** Which channel it will go out by is not known yet: the composer looks at that. The gateway has a limit of its own. */
const anything = { kinds: { file: { maxBytes: Number.POSITIVE_INFINITY } }, perMessage: 10, caption: 0 }

export function QuickAnswerForm({
  answer,
  onSaved,
  onClose,
}: {
  answer: QuickAnswer | undefined
  onSaved(): void
  onClose(): void
}) {
  const { words, language } = useSpeech()
  const { departments, operator } = useSession()
  const say = words.settings.quick
  const [draft, setDraft] = useState<Omit<QuickAnswer, 'id' | 'attachments'>>(
    answer ?? {
      shortcut: '',
      title: '',
      text: '',
      language: 'pt',
      departmentId: operator.role === 'operator' ? (operator.departments[0] ?? null) : null,
    },
  )
  const files = useAttachments(anything, answer?.attachments)
  const [problem, setProblem] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || files.busy) return
    setBusy(true)
    const { shortcut, title, text, departmentId } = draft
    const body = {
      shortcut: shortcut.trim(),
      title: title.trim(),
      text,
      departmentId,
      language: draft.language,
      attachments: files.ready,
    }
    try {
      await (answer
        ? put(`/api/quick-answers/${encodeURIComponent(answer.id)}`, body)
        : post('/api/quick-answers', body))
      onSaved()
    } catch (error) {
      setProblem(error instanceof ApiError ? error : new ApiError(0, undefined))
      setBusy(false)
    }
  }
  const errorOf = (field: string) => (problem?.refusal?.field === field ? problem.refusal.message : undefined)
  return (
    <Dialog title={answer ? answer.title : say.add} wide onClose={onClose}>
      <form className="form two" onSubmit={(event) => void submit(event)}>
        {problem && !problem.refusal?.field && (
          <p className="form-problem whole" role="alert">
            {plainly(problem, words)}
          </p>
        )}
        <Field label={say.shortcut} error={errorOf('shortcut')}>
          {(ids) => (
            <input
              {...ids}
              required
              pattern="[\p{L}\d\-]{1,40}"
              value={draft.shortcut}
              onChange={(event) => setDraft({ ...draft, shortcut: event.target.value })}
            />
          )}
        </Field>
        <Field label={say.title} error={errorOf('title')}>
          {(ids) => (
            <input
              {...ids}
              required
              maxLength={120}
              value={draft.title}
              onChange={(event) => setDraft({ ...draft, title: event.target.value })}
            />
          )}
        </Field>
        <Field label={say.department}>
          {(ids) => (
            <select
              {...ids}
              value={draft.departmentId ?? ''}
              onChange={(event) => setDraft({ ...draft, departmentId: event.target.value || null })}
            >
              {operator.role !== 'operator' && <option value="">{say.everyone}</option>}
              {departments
                .filter(({ id }) => operator.role === 'admin' || operator.departments.includes(id))
                .map((one) => (
                  <option key={one.id} value={one.id}>
                    {inLanguage(one.name, language)}
                  </option>
                ))}
            </select>
          )}
        </Field>
        <Field label={say.language}>
          {(ids) => (
            <select
              {...ids}
              value={draft.language}
              onChange={(event) =>
                setDraft({ ...draft, language: languages.find((one) => one === event.target.value) ?? 'pt' })
              }
            >
              {languages.map((one) => (
                <option key={one} value={one}>
                  {words.languageName[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="whole">
          <Field label={say.text} hint={say.variables} error={errorOf('text')}>
            {(ids) => (
              <textarea
                {...ids}
                required
                rows={7}
                maxLength={10000}
                value={draft.text}
                onChange={(event) => setDraft({ ...draft, text: event.target.value })}
              />
            )}
          </Field>
        </div>
        <div className="whole">
          <Field label={say.files} optional hint={say.filesHint} error={errorOf('attachments')}>
            {(ids) => (
              <input
                {...ids}
                type="file"
                multiple
                onChange={({ currentTarget }) => {
                  files.add([...(currentTarget.files ?? [])])
                  currentTarget.value = ''
                }}
              />
            )}
          </Field>
          <AttachmentChips files={files} />
        </div>
        <DialogFoot yes={words.app.save} busy={busy || files.busy} onNo={onClose} />
      </form>
    </Dialog>
  )
}
