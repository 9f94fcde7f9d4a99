/** A form as a note that operators read: in the town's first language, whatever the citizen speaks. */

import type { FormMemory } from './memory.ts'
import type { Rulebook } from './rulebook.ts'
import { textIn, type Text } from './shape/text.ts'
import type { Turn } from './turn.ts'

export function noteOf({ book }: Turn, form: Pick<FormMemory, 'id' | 'slots'>, receipt?: string): string {
  const shape = Object.hasOwn(book.forms, form.id) ? book.forms[form.id] : undefined
  const lines = (shape?.steps ?? []).flatMap((step) => {
    const slot = Object.hasOwn(form.slots, step.id) ? form.slots[step.id] : undefined
    if (!slot) return []
    const choice = step.type === 'choice' ? step.choices.find(({ value }) => value === slot.value)?.label : undefined
    return [`- ${plainly(book, step.label ?? step.ask)}: ${choice === undefined ? slot.shown : plainly(book, choice)}`]
  })
  return [`${shape ? plainly(book, shape.title) : form.id}${receipt ? ` · ${receipt}` : ''}`, ...lines].join('\n')
}

export function plainly(book: Rulebook, text: Text): string {
  return textIn(text, book.languages[0]) ?? Object.values(text)[0] ?? ''
}
