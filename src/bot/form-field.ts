/** What a step wants, for channels that can show a field. */

import type { Field } from '../core/model.ts'
import { leaveOptions, stepMark } from './form-options.ts'
import { resolveDay } from './forms/accept.ts'
import { shownSlots, type FormMemory } from './memory.ts'
import type { Step } from './shape/form.ts'
import { word, write, type Turn } from './turn.ts'

/** An answer that may be longer wants more than a line. */
const longestLine = 200

/** undefined: answered by a press, or by a file. */
export function fieldOf(turn: Turn, form: FormMemory, step: Step): Field | undefined {
  const wanted = inputOf(step, turn.today)
  return (
    wanted && {
      id: stepMark(form, step),
      label: write(turn, step.label ?? step.ask, { slots: shownSlots(form) }).slice(0, 200),
      send: word(turn, 'form-answer'),
      leave: leaveOptions(turn, form, step).map(({ id, label }) => ({ id, label })),
      ...wanted,
    }
  )
}

function inputOf(step: Step, today: string): Pick<Field, 'input' | 'maxLength' | 'min' | 'max'> | undefined {
  switch (step.type) {
    case 'text':
      return { input: step.max > longestLine ? 'lines' : 'line', maxLength: step.max }
    case 'nif':
    case 'postal-code':
    case 'iban':
    case 'location':
      return { input: 'line' }
    case 'email':
    case 'phone':
      return { input: step.type }
    case 'date':
      return { input: 'date', ...bounds(step.earliest && resolveDay(step.earliest, today), step.latest && resolveDay(step.latest, today)) }
    case 'number':
      return { input: 'number', ...bounds(step.min, step.max) }
    case 'choice':
    case 'yes-no':
    case 'file':
      return undefined
  }
}

const bounds = <Bound>(min: Bound | undefined, max: Bound | undefined) => ({
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
})
