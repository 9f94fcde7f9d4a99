/** Files as the answer to a question: those that the citizen has sent already, and others from this machine. */

import { type ChangeEvent, useState } from 'react'
import type { FormStepView, GivenAnswers, SentFile, UploadedFile } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { request } from '../api.ts'
import { Field } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { useSpeech } from '../words.ts'

type Answer = GivenAnswers[string]

export function FileAnswer({
  step,
  answer: { files = [], sent = [] },
  offered,
  isFirst,
  error,
  onSettled,
}: {
  step: FormStepView
  answer: Answer
  offered: SentFile[]
  isFirst: boolean
  error: string | undefined
  onSettled(answer: Answer): void
}) {
  const { words, clock } = useSpeech()
  const [state, setState] = useState<{ busy: boolean; problem?: string }>({ busy: false })
  const fitting = offered.filter(({ kind }) => !step.kinds || step.kinds.includes(kind))
  const settle = (change: Answer) => {
    const next = { files, sent, ...change }
    onSettled({ ...(next.files.length > 0 && { files: next.files }), ...(next.sent.length > 0 && { sent: next.sent }) })
  }
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
      settle({ files: uploaded })
    } catch (problem) {
      setState({ busy: false, problem: plainly(problem, words) })
    }
  }
  const hint = [step.ask !== step.label && step.ask, state.busy && words.assist.uploading].filter(Boolean).join(' ')
  return (
    <Field label={step.label} optional={step.optional} hint={hint || undefined} error={state.problem ?? error}>
      {(ids) => (
        <>
          {fitting.length > 0 && (
            <fieldset className="check-list">
              <legend>{words.assist.sent}</legend>
              {fitting.map(({ id, name, kind, at }) => (
                <label key={id}>
                  <input
                    type="checkbox"
                    checked={sent.includes(id)}
                    onChange={({ target }) =>
                      settle({ sent: target.checked ? [...sent, id].slice(0, 10) : sent.filter((one) => one !== id) })
                    }
                  />
                  <Icon name="attach" size={16} />
                  <bdi>{withoutControls(name ?? words.assist.kinds[kind])}</bdi>
                  <small>{clock.short(at)}</small>
                </label>
              ))}
            </fieldset>
          )}
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
      )}
    </Field>
  )
}
