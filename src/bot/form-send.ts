/** A confirmed form: registered with a receipt, or asked of a connection, whose answer comes as a turn of its own. */

import type { Attachment } from '../core/model.ts'
import { noteOf, plainly } from './form-note.ts'
import { understood, lead } from './lead.ts'
import { shownSlots, type FormMemory } from './memory.ts'
import type { Form } from './shape/form.ts'
import { distinct, offerOf, person, say, word, write, type Turn } from './turn.ts'
import type { Values } from './interpolate.ts'

/** Longer than any connection may take. */
export const lookPatience = 60_000

export function sendForm(turn: Turn, shape: Form, form: FormMemory): void {
  const { memory, context } = turn
  turn.trace(`form.${form.id}`)
  delete memory.form
  understood(turn)
  if (shape.look) {
    const receipt = register(turn, shape, form)
    memory.waiting = { id: receipt, form: form.id, slots: form.slots, at: context.now.getTime() }
    say(turn, word(turn, 'look-waiting'))
    const { connection, path } = shape.look
    turn.actions.push({ do: 'request', id: receipt, connection, path, body: answersOf(form) })
    return
  }
  submit(turn, shape, form)
  if (shape.then) lead(turn, shape.then, 'form')
}

/** Hands the form in, for the town and in a note for people, and tells the citizen its number. */
export function submit(turn: Turn, shape: Form, form: Pick<FormMemory, 'id' | 'slots'>, attachments: Attachment[] = []): void {
  const receipt = register(turn, shape, form)
  const where = shape.submit === 'inbox' ? {} : shape.submit
  const title = plainly(turn.book, shape.title)
  turn.actions.push({ do: 'submit', form: form.id, title, receipt, answers: answersOf(form), ...where })
  turn.actions.push({ do: 'note', text: noteOf(turn, form, receipt), ...(attachments.length > 0 && { attachments }) })
  const values = { receipt, slots: shownSlots(form) }
  say(turn, shape.done ? write(turn, shape.done, values) : word(turn, 'form-done', values))
}

/** Gives it the next number, and keeps what the form says of the citizen. */
function register(turn: Turn, shape: Form, form: Pick<FormMemory, 'slots'>): string {
  const { memory, context } = turn
  memory.receipts += 1
  const answers = answersOf(form)
  const attributes = Object.fromEntries(
    shape.steps.flatMap((step) =>
      step.remember !== undefined && Object.hasOwn(answers, step.id) ? [[step.remember, answers[step.id]!]] : [],
    ),
  )
  if (Object.keys(attributes).length > 0) turn.actions.push({ do: 'register', attributes })
  const number = context.reference.replace(/^[A-Z]+-/, '')
  return `${shape.receipt}-${number}${memory.receipts > 1 ? `-${memory.receipts}` : ''}`
}

const answersOf = ({ slots }: Pick<FormMemory, 'slots'>) =>
  Object.fromEntries(Object.entries(slots).map(([id, slot]) => [id, slot.value]))

/** What the connection answered. A result that nobody waits for is nothing. */
export function takeResult(turn: Turn, result: { id: string; ok: boolean; body: unknown }): void {
  const { memory, book } = turn
  const waiting = memory.waiting
  if (waiting?.id !== result.id) return
  delete memory.waiting
  const shape = Object.hasOwn(book.forms, waiting.form) ? book.forms[waiting.form] : undefined
  if (!shape?.look || !result.ok)
    return lookFailed(turn, shape?.look && write(turn, shape.look.failed, { slots: shownSlots(waiting) }))
  say(turn, write(turn, shape.look.say, { slots: shownSlots(waiting), result: result.body as Values }))
  if (shape.then) lead(turn, shape.then, 'form')
}

export function lookFailed(turn: Turn, text = word(turn, 'look-failed')): void {
  delete turn.memory.waiting
  say(turn, text, distinct([person(turn), offerOf(turn, 'command.menu')]))
}
