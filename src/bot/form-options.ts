/** What a form offers to press at each moment, and what each of it does. */

import { holds } from './condition.ts'
import type { FormMemory } from './memory.ts'
import type { Form, Step } from './shape/form.ts'
import { phrasesIn } from './shape/text.ts'
import { facts, mark, word, write, type Turn } from './turn.ts'
import type { Choice } from './understand/phrases.ts'

export interface Option extends Choice {
  /** A manner that says the same: «claro» is yes. */
  manner?: string
  does:
    | { what: 'pick'; value: string; shown: string }
    | { what: 'use'; known: string }
    | { what: 'skip' | 'send' | 'choose' | 'back' | 'cancel' }
    | { what: 'correct'; step: string }
}

/** Choices of a form begin with these, so that a late press on an old button is known for what it is. */
const marks = ['pick:', 'use:', 'skip:', 'leave:', 'confirm:', 'correct:']
export const isFormOffer = (id: string) => marks.some((each) => id.startsWith(each))

/** The name of a step beyond the rulebook: on buttons and fields, which live on in the chat. */
export const stepMark = (form: Pick<FormMemory, 'id'>, step: Step) => mark(`${form.id} ${step.id}`)

export function stepOptions(turn: Turn, form: FormMemory, step: Step): Option[] {
  const at = stepMark(form, step)
  const pick = (value: string, label: string, more: Partial<Option> = {}): Option => ({
    id: `pick:${at}:${value}`,
    label,
    does: { what: 'pick', value, shown: label },
    ...more,
  })
  const options: Option[] = []
  if (step.type === 'choice') {
    const those = facts(turn, turn.book.forms[form.id]?.department, form.slots)
    for (const choice of step.choices.filter(({ when }) => holds(when, those))) {
      const phrases = phrasesIn(choice.phrases, turn.language, turn.book.languages[0])
      options.push(pick(choice.value, write(turn, choice.label), { phrases }))
    }
  }
  if (step.type === 'yes-no') {
    options.push(pick('yes', word(turn, 'yes'), { manner: 'yes' }), pick('no', word(turn, 'no'), { manner: 'no' }))
  }
  const known = step.prefill === undefined ? undefined : knownOf(turn, step.prefill)
  if (known)
    options.push({
      id: `use:${at}`,
      label: word(turn, 'form-use', { known }),
      phrases: [known],
      does: { what: 'use', known },
    })
  if (step.optional) {
    const phrases = [
      'saltar',
      'passar',
      'seguinte',
      'não tenho',
      'não sei',
      'skip',
      'next',
      'saltar',
      'no tengo',
      'passer',
    ]
    options.push({ id: `skip:${at}`, label: word(turn, 'form-skip'), phrases, manner: 'no', does: { what: 'skip' } })
  }
  return options
}

/** Buttons beside a field; where there is none, these are words to write. */
export function leaveOptions(turn: Turn, form: FormMemory, step: Step): Option[] {
  const at = stepMark(form, step)
  return [
    { id: `leave:${at}:back`, label: word(turn, 'form-back'), does: { what: 'back' } },
    { id: `leave:${at}:cancel`, label: word(turn, 'form-cancel'), does: { what: 'cancel' } },
  ]
}

export function confirmOptions(turn: Turn): Option[] {
  return [
    {
      id: 'confirm:send',
      label: word(turn, 'form-send'),
      phrases: ['sim', 'yes', 'ok', 'confirmar'],
      manner: 'yes',
      does: { what: 'send' },
    },
    {
      id: 'confirm:correct',
      label: word(turn, 'form-correct'),
      phrases: ['alterar', 'mudar', 'change'],
      manner: 'no',
      does: { what: 'choose' },
    },
    { id: 'confirm:cancel', label: word(turn, 'form-cancel'), does: { what: 'cancel' } },
  ]
}

export function correctOptions(turn: Turn, shape: Form, form: FormMemory): Option[] {
  return shape.steps
    .filter(({ id }) => Object.hasOwn(form.slots, id) || form.skipped.includes(id))
    .map((step) => ({
      id: `correct:${step.id}`,
      label: write(turn, step.label ?? step.ask).slice(0, 60),
      does: { what: 'correct', step: step.id },
    }))
}

export function knownOf(turn: Pick<Turn, 'context'>, path: string): string | undefined {
  const name = path.slice('citizen.'.length)
  const { citizen } = turn.context
  if (name === 'name') return citizen.name ?? undefined
  return Object.hasOwn(citizen.attributes, name) ? citizen.attributes[name] : undefined
}
