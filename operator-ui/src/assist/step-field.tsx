/** One question of a form, as a field fit for its kind of answer. */

import type { FormStepView, GivenAnswers, SentFile } from '../../../src/operator-api.types.ts'
import { covered, isCoveredFact } from '../sensitive.ts'
import { Field } from '../ui/field.tsx'
import { useWords } from '../words.ts'
import { FileAnswer } from './file-answer.tsx'

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
  offered,
  isFirst,
  isMissing,
  onChange,
  onSettled,
}: {
  step: FormStepView
  answer: Answer
  /** Files that the citizen has sent. */
  offered: SentFile[]
  isFirst: boolean
  isMissing: boolean
  onChange(answer: Answer): void
  /** Time to have it read: the field was left, or something was chosen. */
  onSettled(answer?: Answer): void
}) {
  const words = useWords()
  const { text = '', chosen } = answer
  const isOther = step.shown !== null && step.shown !== text && step.choices.length === 0
  const hint = [
    step.ask !== step.label && step.ask,
    isOther && text !== '' && words.assist.understood(step.shown ?? ''),
  ]
    .filter(Boolean)
    .join(' ')
  const error = step.problem ?? (isMissing ? words.assist.missing : undefined)
  if (step.type === 'file') {
    return <FileAnswer {...{ step, answer, offered, isFirst, error, onSettled }} />
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
                {words.assist.known(isCoveredFact(step.type) ? covered(step.known) : step.known)}
              </button>
            )}
          </div>
        )
      }
    </Field>
  )
}
