/** One question of a form, as a field fit for its kind of answer. */

import { type ChangeEvent, useState } from 'react'
import type { FormStepView, GivenAnswers, UploadedFile } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { request } from '../api.ts'
import { Field } from '../ui/field.tsx'
import { useWords } from '../words.ts'

type Answer = GivenAnswers[string]

const modes: Partial<Record<FormStepView['type'], 'numeric' | 'decimal' | 'email' | 'tel'>> = {
  nif: 'numeric',
  'postal-code': 'numeric',
  number: 'decimal',
  email: 'email',
  phone: 'tel',
}

export function StepField({
  step,
  answer,
  isFirst,
  isMissing,
  onChange,
  onSettled,
}: {
  step: FormStepView
  answer: Answer
  isFirst: boolean
  isMissing: boolean
  onChange(answer: Answer): void
  /** Time to have it read: the field was left, or something was chosen. */
  onSettled(answer?: Answer): void
}) {
  const words = useWords()
  const [state, setState] = useState<{ busy: boolean; problem?: string }>({ busy: false })
  const { text = '', chosen, files = [] } = answer
  const isOther = step.shown !== null && step.shown !== text && step.choices.length === 0 && step.type !== 'file'
  const hint = [
    step.ask !== step.label && step.ask,
    state.busy && words.assist.uploading,
    isOther && text !== '' && words.assist.understood(step.shown ?? ''),
  ]
    .filter(Boolean)
    .join(' ')
  const error = state.problem ?? step.problem ?? (isMissing ? words.assist.missing : undefined)
  const upload = async (event: ChangeEvent<HTMLInputElement>) => {
    const picked = [...(event.target.files ?? [])].slice(0, 10)
    setState({ busy: true })
    try {
      const uploaded = await Promise.all(
        picked.map((file) =>
          request<UploadedFile>('POST', `/api/attachments?${new URLSearchParams({ name: file.name })}`, file),
        ),
      )
      setState({ busy: false })
      onSettled({ files: uploaded })
    } catch (problem) {
      setState({ busy: false, problem: plainly(problem, words) })
    }
  }
  return (
    <Field label={step.label} optional={step.optional} hint={hint || undefined} error={error}>
      {(ids) =>
        step.choices.length > 0 ? (
          <select
            {...ids}
            autoFocus={isFirst}
            value={chosen ?? ''}
            onChange={({ target }) => onSettled(target.value ? { chosen: target.value } : {})}
          >
            <option value="">{words.assist.choice}</option>
            {step.choices.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        ) : step.type === 'file' ? (
          <>
            <input
              {...ids}
              autoFocus={isFirst}
              type="file"
              multiple
              accept={step.kinds?.map((kind) => (kind === 'file' ? '*/*' : `${kind}/*`)).join(',')}
              onChange={(event) => void upload(event)}
            />
            {files.length > 0 && <p className="field-hint">{files.map(({ name }) => name).join(', ')}</p>}
          </>
        ) : step.type === 'text' || step.type === 'location' ? (
          <textarea
            {...ids}
            autoFocus={isFirst}
            rows={step.type === 'text' ? 3 : 2}
            maxLength={4000}
            value={text}
            onChange={({ target }) => onChange({ text: target.value })}
            onBlur={() => onSettled()}
          />
        ) : (
          <div className="field-with-button">
            <input
              {...ids}
              autoFocus={isFirst}
              autoComplete="off"
              inputMode={modes[step.type] ?? 'text'}
              maxLength={300}
              value={text}
              onChange={({ target }) => onChange({ text: target.value })}
              onBlur={() => onSettled()}
            />
            {step.known !== null && text === '' && (
              <button type="button" className="text-button" onClick={() => onSettled({ text: step.known ?? '' })}>
                {words.assist.known(step.known)}
              </button>
            )}
          </div>
        )
      }
    </Field>
  )
}
