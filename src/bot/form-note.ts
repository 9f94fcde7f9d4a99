/** A form as a note that operators read: in the town's first language, whatever the citizen speaks. */

import type { FormMemory } from './memory.ts'
import { textIn, type Text } from './shape/text.ts'
import type { Turn } from './turn.ts'

export function noteOf(turn: Turn, form: FormMemory, receipt?: string): string {
  const shape = Object.hasOwn(turn.book.forms, form.id) ? turn.book.forms[form.id] : undefined
  const plain = (text: Text) => textIn(text, turn.book.languages[0]) ?? Object.values(text)[0] ?? ''
  const lines = (shape?.steps ?? []).flatMap((step) => {
    const slot = Object.hasOwn(form.slots, step.id) ? form.slots[step.id] : undefined
    if (!slot) return []
    const choice = step.type === 'choice' ? step.choices.find(({ value }) => value === slot.value)?.label : undefined
    return [`- ${plain(step.label ?? step.ask)}: ${choice === undefined ? slot.shown : plain(choice)}`]
  })
  return [`${shape ? plain(shape.title) : form.id}${receipt ? ` · ${receipt}` : ''}`, ...lines].join('\n')
}
