/**
 * Adaptive cards: only what has to be pressed or filled in. What is said stays in the message, as plain text; in a
 * TextBlock every `*` would be markup. https://adaptivecards.io/explorer
 */

import type { Choice, Field } from '../../core/model.ts'
import type { Fields } from '../fields.ts'
import type { CardWords } from './words.ts'

/** More are folded away: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/design-effective-cards */
const mostButtons = 6

/** What was filled in comes back under this name, beside what the button says of itself. */
export const filledIn = 'answer'

export function choiceCard(choices: Choice[], words: CardWords): Fields {
  if (choices.length <= mostButtons) return card([], choices.map((choice) => button(choice)))
  const labels = Object.fromEntries(choices.map(({ id, label }) => [id, label]))
  const list = {
    type: 'Input.ChoiceSet',
    // Written out, a label would be markup in some of Teams's apps.
    style: 'compact',
    placeholder: words.choose,
    choices: choices.map(({ id, label }) => ({ title: label, value: id })),
  }
  return card([input(list, words.choose, words)], [submit(words.send, { labels })])
}

/** `choices`: what may be pressed instead, such as what is known already. */
export function fieldCard(field: Field, choices: Choice[], words: CardWords): Fields {
  const { id, input: kind, label, maxLength, min, max, send, leave } = field
  const shape = {
    ...inputs[kind],
    ...(maxLength !== undefined && { maxLength }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  }
  // Pressing one of these needs nothing filled in.
  const instead = [...choices, ...leave].map((choice) => button(choice, { associatedInputs: 'none' }))
  return card([input(shape, unmarked(label), words)], [submit(send, { answers: id, input: kind }), ...instead])
}

export function linkCard(name: string, url: string, words: CardWords): Fields {
  const shown = { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: `📎 ${name}` }] }
  return card([shown], [{ type: 'Action.OpenUrl', title: words.open, url }])
}

const inputs: Record<Field['input'], Fields> = {
  line: { type: 'Input.Text' },
  lines: { type: 'Input.Text', isMultiline: true },
  email: { type: 'Input.Text', style: 'email' },
  phone: { type: 'Input.Text', style: 'tel' },
  number: { type: 'Input.Number' },
  date: { type: 'Input.Date' },
}

const input = (shape: Fields, label: string, words: CardWords): Fields => ({
  ...shape,
  id: filledIn,
  label,
  isRequired: true,
  errorMessage: words.missing,
})

const submit = (title: string, balcao: Fields): Fields => ({ type: 'Action.Submit', title, data: { balcao } })

const button = ({ id, label }: Choice, more: Fields = {}): Fields => ({
  ...submit(label, { chosen: id, label }),
  ...more,
})

/** Teams says that a label is none of its markup, but not that of which app; the question stands whole in the message. */
const unmarked = (label: string): string =>
  label
    .replace(/[*_~`[\]{}<>#\\|]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/^ ?(?:[-+]|\d{1,9}[.)]) /, '')
    .trim()

const card = (body: Fields[], actions: Fields[]): Fields => ({
  contentType: 'application/vnd.microsoft.card.adaptive',
  content: { type: 'AdaptiveCard', $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', version: '1.4', body, actions },
})
