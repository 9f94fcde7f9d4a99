/** A form in a conversation: asks step by step, goes back, corrects, confirms, sends. */

import type { Content } from '../core/model.ts'
import { holds } from './condition.ts'
import { fieldOf } from './form-field.ts'
import { sendForm } from './form-send.ts'
import { confirmOptions, correctOptions, isFormOffer, leaveOptions, stepMark, stepOptions, type Option } from './form-options.ts'
import { accept } from './forms/accept.ts'
import { handOff } from './hand-off.ts'
import { choosing, confirming, shownSlots, type FormMemory } from './memory.ts'
import type { Form, Step } from './shape/form.ts'
import { textIn } from './shape/text.ts'
import { matchChoice } from './understand/phrases.ts'
import { distinct, facts, offerOf, person, say, word, write, type Turn } from './turn.ts'

export function startForm(turn: Turn, id: string): void {
  const { memory, book } = turn
  const form = book.forms[id]!
  if (form.topic && memory.topic !== form.topic) turn.actions.push({ do: 'set-topic', topic: form.topic })
  memory.topic = form.topic ?? memory.topic
  memory.department = form.department ?? memory.department
  delete memory.helpful
  Object.assign(memory, { misses: 0, fragments: 0, recent: [] })
  memory.form = { id, slots: {}, skipped: [], asked: '', invalid: 0 }
  const lines = form.intro ? [write(turn, form.intro)] : []
  if (form.intro && textIn(form.intro, turn.language) === undefined) lines.unshift(word(turn, 'untranslated'))
  askForm(turn, lines.join('\n\n'))
}

/** Asks whatever comes next, after a word before it. */
export function askForm(turn: Turn, before = ''): void {
  const { form, shape } = open(turn)
  const step = form.asked === choosing ? undefined : nextStep(turn, shape, form)
  const lines = before === '' ? [] : [before]
  let options: Option[]
  if (form.asked === choosing) {
    lines.push(word(turn, 'form-which'))
    options = correctOptions(turn, shape, form)
  } else if (step) {
    form.asked = step.id
    turn.trace(`step.${form.id}.${step.id}`)
    lines.push(write(turn, step.ask, { slots: shownSlots(form) }))
    options = stepOptions(turn, form, step)
  } else {
    form.asked = confirming
    if (shape.confirm) lines.push(write(turn, shape.confirm, { slots: shownSlots(form) }))
    else lines.push(summary(turn, shape, form), word(turn, 'form-confirm'))
    options = confirmOptions(turn)
  }
  say(turn, lines.join('\n\n'), distinct(options), step && fieldOf(turn, form, step))
}

/** `aside` answers a question that is no answer to the form; false when it was none. */
export function answerForm(
  turn: Turn,
  content: Content,
  manner: string | undefined,
  aside: (isCertain: boolean) => boolean,
): void {
  const { form, shape } = open(turn)
  const { step, options } = asked(turn)
  const left = step && leaveOptions(turn, form, step).find(({ id }) => id === content.chosen)
  const picked = left ?? pick(options, content, manner, step)
  if (picked) return carryOut(turn, form, shape, step, picked)
  if (!step) return aside(false) ? undefined : refuse(turn, form, word(turn, 'invalid-choice'))
  // In a free text anything may be the answer: only what asks is taken for a question.
  const isFree = step.type === 'text' || step.type === 'location'
  if (isFree && asks.test(content.text) && aside(true)) return
  const answered = accept(step, content, { today: turn.today, attached: word(turn, 'form-attached') })
  if ('value' in answered) return keep(turn, form, shape, step, answered)
  if (!isFree && aside(false)) return
  const limit = typeof answered.limit === 'string' ? new Date(`${answered.limit}T12:00:00Z`) : answered.limit
  refuse(
    turn,
    form,
    step.invalid ? write(turn, step.invalid, { slots: shownSlots(form) }) : word(turn, answered.reason, { limit }),
  )
}

function asked(turn: Turn): { step: Step | undefined; options: Option[] } {
  const { form, shape } = open(turn)
  if (form.asked === choosing) return { step: undefined, options: correctOptions(turn, shape, form) }
  const step = shape.steps.find(({ id }) => id === form.asked)
  return { step, options: step ? stepOptions(turn, form, step) : confirmOptions(turn) }
}

/** Pressed late, or twice: a button or a field of another question than the one that is asked now. */
export function isLate(turn: Turn, { chosen, answers }: Content): boolean {
  const isPress = chosen !== undefined && isFormOffer(chosen)
  if (!isPress && answers === undefined) return false
  const { form } = turn.memory
  if (!form) return true
  const { step, options } = asked(turn)
  if (answers !== undefined) return !step || answers !== stepMark(form, step)
  return ![...options, ...(step ? leaveOptions(turn, form, step) : [])].some(({ id }) => id === chosen)
}

const asks =
  /\?\s*$|^\s*(?:como|quando|onde|qual|quais|quanto|quantos|quem|posso|o que|a que horas|how|when|where|what|which|can|cómo|cuándo|dónde|qué|comment|quand|où|quel)\s/i

function pick(
  options: Option[],
  content: Content,
  manner: string | undefined,
  step: Step | undefined,
): Option | undefined {
  if (content.chosen !== undefined) {
    const pressed = options.find(({ id }) => id === content.chosen)
    if (pressed) return pressed
  }
  // «1» answers a question for a number before it names the first choice.
  const usable = step?.type === 'number' && /\d/.test(content.text) ? [] : options
  const id = matchChoice(content.text, usable)
  const found = usable.find((option) => option.id === id)
  return found ?? usable.find(({ manner: meant }) => meant !== undefined && meant === manner)
}

function carryOut(turn: Turn, form: FormMemory, shape: Form, step: Step | undefined, { does }: Option): void {
  form.invalid = 0
  if (does.what === 'send') return sendForm(turn, shape, form)
  if (does.what === 'cancel') return cancelForm(turn)
  if (does.what === 'back') return back(turn)
  if (does.what === 'choose') {
    form.asked = choosing
    return askForm(turn)
  }
  if (does.what === 'correct') {
    form.correcting = does.step
    form.asked = does.step
    return askForm(turn)
  }
  if (!step) return askForm(turn)
  if (does.what === 'skip') {
    form.skipped.push(step.id)
    delete form.slots[step.id]
    delete form.correcting
    return askForm(turn)
  }
  if (does.what === 'pick') return keep(turn, form, shape, step, does)
  if (does.what !== 'use') return askForm(turn)
  const known = accept(step, { text: does.known }, { today: turn.today, attached: '' })
  if ('value' in known) return keep(turn, form, shape, step, known)
  refuse(turn, form, word(turn, known.reason))
}

function keep(
  turn: Turn,
  form: FormMemory,
  shape: Form,
  step: Step,
  { value, shown }: { value: string; shown: string },
): void {
  form.slots[step.id] = { type: step.type, value: value.slice(0, 4000), shown: shown.slice(0, 4000) }
  form.skipped = form.skipped.filter((id) => id !== step.id)
  form.invalid = 0
  delete form.correcting
  prune(turn, shape, form)
  askForm(turn)
}

function refuse(turn: Turn, form: FormMemory, why: string): void {
  form.invalid += 1
  if (form.invalid >= turn.book.settings.invalidAnswers) {
    return handOff(turn, turn.memory.department, 'form', word(turn, 'form-person'))
  }
  askForm(turn, form.invalid > 1 ? `${why} ${word(turn, 'form-help')}` : why)
}

export function back(turn: Turn): void {
  const { form, shape } = open(turn)
  form.invalid = 0
  if (form.asked === choosing || form.correcting !== undefined) {
    delete form.correcting
    form.asked = confirming
    return askForm(turn)
  }
  const before = shape.steps.filter(({ id }) => Object.hasOwn(form.slots, id) || form.skipped.includes(id)).at(-1)
  if (!before) return askForm(turn, word(turn, 'form-first'))
  delete form.slots[before.id]
  form.skipped = form.skipped.filter((id) => id !== before.id)
  askForm(turn)
}

export function cancelForm(turn: Turn): void {
  delete turn.memory.form
  say(turn, word(turn, 'form-cancelled'), distinct([offerOf(turn, 'command.menu'), person(turn)]))
}

/** The rulebook changed under a form: what still fits is kept. */
export function refit(turn: Turn): 'gone' | 'changed' | 'same' {
  const { memory, book } = turn
  if (!memory.form) return 'same'
  const form = memory.form
  const shape = Object.hasOwn(book.forms, form.id) ? book.forms[form.id] : undefined
  if (!shape) {
    delete memory.form
    return 'gone'
  }
  for (const [id, slot] of Object.entries(form.slots)) {
    const step = shape.steps.find((each) => each.id === id)
    const fits =
      step?.type === slot.type && (step.type !== 'choice' || step.choices.some(({ value }) => value === slot.value))
    if (!fits) delete form.slots[id]
  }
  if (form.correcting !== undefined && !shape.steps.some(({ id }) => id === form.correcting)) delete form.correcting
  prune(turn, shape, form)
  if (form.asked === choosing) return 'same'
  const due = nextStep(turn, shape, form)?.id ?? confirming
  return due === form.asked ? 'same' : 'changed'
}

/** Answers to steps that no longer apply are forgotten, so that they are neither shown nor sent. */
function prune(turn: Turn, shape: Form, form: FormMemory): void {
  const slots: FormMemory['slots'] = {}
  for (const step of shape.steps) {
    const slot = Object.hasOwn(form.slots, step.id) ? form.slots[step.id] : undefined
    if (slot && holds(step.when, facts(turn, shape.department, slots))) slots[step.id] = slot
  }
  form.slots = slots
}

function nextStep(turn: Turn, shape: Form, form: FormMemory): Step | undefined {
  const correcting = shape.steps.find(({ id }) => id === form.correcting)
  if (correcting) return correcting
  return shape.steps.find(
    (step) =>
      !Object.hasOwn(form.slots, step.id) &&
      !(step.optional && form.skipped.includes(step.id)) &&
      holds(step.when, facts(turn, shape.department, form.slots)),
  )
}

function open(turn: Turn): { form: FormMemory; shape: Form } {
  const form = turn.memory.form!
  return { form, shape: turn.book.forms[form.id]! }
}

function summary(turn: Turn, shape: Form, form: FormMemory): string {
  return shape.steps
    .flatMap((step) => {
      const slot = Object.hasOwn(form.slots, step.id) ? form.slots[step.id] : undefined
      return slot ? [`${write(turn, step.label ?? step.ask)}: ${slot.shown}`] : []
    })
    .join('\n')
}
