/** A form given as a whole, by an operator together with the citizen: the same steps, conditions and validators. */

import type { BotContext, Content, Language } from '../core/model.ts'
import { holds } from './condition.ts'
import { knownOf } from './form-options.ts'
import { submit } from './form-send.ts'
import { accept, type Accepted, type Refused } from './forms/accept.ts'
import type { FormMemory } from './memory.ts'
import type { Rulebook } from './rulebook.ts'
import type { Form, Step } from './shape/form.ts'
import { facts, today, word, write, type Turn, type Voice } from './turn.ts'

export interface FormOffer {
  id: string
  title: string
  topic: string | null
  department: string | null
}
/** One step that applies, with what was made of what was given. */
export interface StepGiven {
  id: string
  type: Step['type']
  label: string
  ask: string
  optional: boolean
  choices: { value: string; label: string }[]
  kinds: readonly ('image' | 'audio' | 'video' | 'file')[] | null
  /** What we know of the citizen already and would fit here. */
  known: string | null
  /** As it was understood; null: not given, or it will not do. */
  shown: string | null
  problem: string | null
}

type Reading = Voice & Pick<Turn, 'today'>
const around = (book: Rulebook, context: BotContext, language: Language): Reading => ({
  book,
  context,
  language,
  today: today({ book, context }),
})

/** Those that an operator can hand in; one that only looks something up has nothing to hand in. */
export function formsFor(book: Rulebook, context: BotContext, reader: Language): FormOffer[] {
  const voice = around(book, context, reader)
  return Object.entries(book.forms).flatMap(([id, form]) =>
    form.look
      ? []
      : [{ id, title: write(voice, form.title), topic: form.topic ?? null, department: form.department ?? null }],
  )
}

/** undefined: there is no such form. Texts are in the language of the operator who reads them. */
export function readGiven(
  book: Rulebook,
  id: string,
  given: Record<string, Content>,
  context: BotContext,
  reader: Language,
): StepGiven[] | undefined {
  const form = formOf(book, id)
  const voice = around(book, context, reader)
  return form && read(voice, form, given).steps.map((each) => present(voice, each))
}

/** Nothing is done where an answer is missing or will not do: core sees no submission, and refuses. */
export function submitGiven(turn: Turn, id: string, given: Record<string, Content>): void {
  const form = formOf(turn.book, id)
  if (!form) return
  const { steps, slots } = read(turn, form, given)
  if (steps.some(({ step, answer }) => (answer ? 'reason' in answer : !step.optional))) return
  turn.trace(`form.${id}`)
  if (turn.memory.form?.id === id) delete turn.memory.form
  const files = steps.flatMap(({ step }) => (step.type === 'file' ? (given[step.id]?.attachments ?? []) : []))
  submit(turn, form, { id, slots }, files)
}

function formOf(book: Rulebook, id: string): Form | undefined {
  const form = Object.hasOwn(book.forms, id) ? book.forms[id] : undefined
  return form?.look ? undefined : form
}

interface Read {
  steps: { step: Step; choices: StepGiven['choices']; answer: Accepted | Refused | undefined }[]
  slots: FormMemory['slots']
}

function read(voice: Reading, form: Form, given: Record<string, Content>): Read {
  const slots: FormMemory['slots'] = {}
  const steps: Read['steps'] = []
  for (const step of form.steps) {
    if (!holds(step.when, facts(voice, form.department, slots))) continue
    const content = Object.hasOwn(given, step.id) ? given[step.id] : undefined
    const choices = choicesOf(voice, form, step, slots)
    const answer = content && isGiven(content) ? answerTo(voice, step, content, choices) : undefined
    steps.push({ step, choices, answer })
    if (answer && 'value' in answer) {
      slots[step.id] = { type: step.type, value: answer.value.slice(0, 4000), shown: answer.shown.slice(0, 4000) }
    }
  }
  return { steps, slots }
}

const isGiven = ({ text, chosen, attachments }: Content) =>
  text.trim() !== '' || chosen !== undefined || (attachments?.length ?? 0) > 0

function answerTo(voice: Reading, step: Step, content: Content, choices: StepGiven['choices']): Accepted | Refused {
  const choice = choices.find(({ value }) => value === content.chosen)
  if (choice) return { value: choice.value, shown: choice.label }
  return accept(step, content, { today: voice.today, attached: word(voice, 'form-attached') })
}

function choicesOf(voice: Reading, form: Form, step: Step, slots: FormMemory['slots']): StepGiven['choices'] {
  if (step.type === 'yes-no') {
    return [
      { value: 'yes', label: word(voice, 'yes') },
      { value: 'no', label: word(voice, 'no') },
    ]
  }
  if (step.type !== 'choice') return []
  const those = facts(voice, form.department, slots)
  return step.choices
    .filter(({ when }) => holds(when, those))
    .map(({ value, label }) => ({ value, label: write(voice, label) }))
}

function present(voice: Reading, { step, choices, answer }: Read['steps'][number]): StepGiven {
  const limit = answer && 'reason' in answer ? answer.limit : undefined
  const attribute = step.remember === undefined ? undefined : `citizen.${step.remember}`
  const known = [step.prefill, attribute].flatMap((path) => (path && knownOf(voice, path)) || [])[0] ?? null
  return {
    id: step.id,
    type: step.type,
    label: write(voice, step.label ?? step.ask),
    ask: write(voice, step.ask),
    optional: step.optional,
    choices,
    kinds: step.type === 'file' ? (step.kinds ?? null) : null,
    known: known !== null && 'value' in accept(step, { text: known }, { today: voice.today, attached: '' }) ? known : null,
    shown: answer && 'value' in answer ? answer.shown : null,
    problem:
      answer && 'reason' in answer
        ? step.invalid
          ? write(voice, step.invalid)
          : word(voice, answer.reason, {
              limit: typeof limit === 'string' ? new Date(`${limit}T12:00:00Z`) : limit,
            })
        : null,
  }
}
