/** Several cards come in one WhatsApp message; one can be shown as a card, the others are written out. */

import type { ContactCard, Content } from '../../core/model.ts'

export function withCards(cards: ContactCard[], text = ''): Content {
  const [first, ...others] = cards
  if (!first) return { text }
  return { text: [text, ...others.map(inWords)].filter(Boolean).join('\n'), contact: first }
}

export const inWords = (card: ContactCard): string =>
  [card.name, ...card.phones, ...(card.emails ?? [])].filter(Boolean).join(', ')
