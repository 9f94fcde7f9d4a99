/** A confirmed form: registered with a receipt, or asked of a connection, whose answer comes as a turn of its own. */

import { noteOf } from './form-note.ts'
import { understood, lead } from './lead.ts'
import { shownSlots, type FormMemory } from './memory.ts'
import type { Form } from './shape/form.ts'
import { distinct, offerOf, person, say, word, write, type Turn } from './turn.ts'
import type { Values } from './interpolate.ts'

/** Longer than any connection may take. */
export const lookPatience = 60_000

export function sendForm(turn: Turn, shape: Form, form: FormMemory): void {
  const { memory, context } = turn
  const answers = Object.fromEntries(Object.entries(form.slots).map(([id, slot]) => [id, slot.value]))
  turn.trace(`form.${form.id}`)
  delete memory.form
  understood(turn)
  memory.receipts += 1
  const number = context.reference.replace(/^[A-Z]+-/, '')
  const receipt = `${shape.receipt}-${number}${memory.receipts > 1 ? `-${memory.receipts}` : ''}`
  const attributes = Object.fromEntries(
    shape.steps.flatMap((step) =>
      step.remember !== undefined && Object.hasOwn(answers, step.id) ? [[step.remember, answers[step.id]!]] : [],
    ),
  )
  if (Object.keys(attributes).length > 0) turn.actions.push({ do: 'register', attributes })
  if (shape.look) {
    memory.waiting = { id: receipt, form: form.id, slots: form.slots, at: context.now.getTime() }
    say(turn, word(turn, 'look-waiting'))
    turn.actions.push({
      do: 'request',
      id: receipt,
      connection: shape.look.connection,
      path: shape.look.path,
      body: answers,
    })
    return
  }
  turn.actions.push({
    do: 'submit',
    form: form.id,
    receipt,
    answers,
    ...(shape.submit === 'inbox' ? {} : { connection: shape.submit.connection, path: shape.submit.path }),
  })
  if (shape.submit === 'inbox') turn.actions.push({ do: 'note', text: noteOf(turn, form, receipt) })
  const values = { receipt, slots: shownSlots(form) }
  say(turn, shape.done ? write(turn, shape.done, values) : word(turn, 'form-done', values))
  if (shape.then) lead(turn, shape.then, 'form')
}

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
