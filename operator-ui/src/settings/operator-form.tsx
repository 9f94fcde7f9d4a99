/** A new operator, or another role and other departments for one. */

import { type FormEvent, useState } from 'react'
import type { OperatorView } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { ApiError, post, put } from '../api.ts'
import { useSession } from '../session-data.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { DialogFoot } from '../ui/dialog-foot.tsx'
import { Field } from '../ui/field.tsx'
import { inLanguage, useSpeech } from '../words.ts'

const roles = ['operator', 'supervisor', 'admin'] as const

export function OperatorForm({
  operator,
  onSaved,
  onClose,
}: {
  operator: OperatorView | undefined
  onSaved(setPasswordUrl?: string): void
  onClose(): void
}) {
  const { words, language } = useSpeech()
  const session = useSession()
  const say = words.settings.operator
  const [name, setName] = useState(operator?.name ?? '')
  const [email, setEmail] = useState(operator?.email ?? '')
  const [role, setRole] = useState(operator?.role ?? 'operator')
  const [departments, setDepartments] = useState(operator?.departments ?? [])
  const [problem, setProblem] = useState<ApiError>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    try {
      if (operator) {
        await put(`/api/admin/operators/${encodeURIComponent(operator.id)}`, { name: name.trim(), role, departments })
        onSaved()
      } else {
        const { setPasswordUrl } = await post<{ setPasswordUrl: string }>('/api/admin/operators', {
          name: name.trim(),
          email: email.trim(),
          role,
          departments,
        })
        onSaved(setPasswordUrl)
      }
    } catch (error) {
      setProblem(error instanceof ApiError ? error : new ApiError(0, undefined))
      setBusy(false)
    }
  }
  const errorOf = (field: string) => (problem?.refusal?.field === field ? problem.refusal.message : undefined)
  return (
    <Dialog title={operator ? say.edit(operator.name) : say.inviteTitle} onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        {problem && !problem.refusal?.field && (
          <p className="form-problem" role="alert">
            {plainly(problem, words)}
          </p>
        )}
        <Field label={say.name} error={errorOf('name')}>
          {(ids) => (
            <input
              {...ids}
              required
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {!operator && (
          <Field label={say.email} error={errorOf('email')}>
            {(ids) => (
              <input
                {...ids}
                type="email"
                required
                maxLength={200}
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
        )}
        <Field label={say.role} error={errorOf('role')}>
          {(ids) => (
            <select
              {...ids}
              value={role}
              onChange={(event) => setRole(roles.find((one) => one === event.target.value) ?? 'operator')}
            >
              {roles.map((one) => (
                <option key={one} value={one}>
                  {say.roles[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <fieldset className="check-list">
          <legend>{say.departments}</legend>
          {session.departments.map((department) => (
            <label key={department.id}>
              <input
                type="checkbox"
                checked={departments.includes(department.id)}
                onChange={(event) =>
                  setDepartments(
                    event.target.checked
                      ? [...departments, department.id]
                      : departments.filter((id) => id !== department.id),
                  )
                }
              />
              {inLanguage(department.name, language)}
            </label>
          ))}
        </fieldset>
        <DialogFoot yes={operator ? words.app.save : say.invite} busy={busy} onNo={onClose} />
      </form>
    </Dialog>
  )
}
