/** What to say → one message of the linked device. Its buttons and lists no longer work, so choices are numbers. */

import type { Attachment, ContactCard, Content, Location, Route } from '../../../core/model.ts'
import { inWords } from '../contacts.ts'
import { numbered, paragraphs, placeInWords } from '../words.ts'
import type { WebRoute } from './person.ts'

export interface WebRequest {
  provider: 'web'
  chat: string
  say:
    | { as: 'text'; text: string }
    | { as: 'media'; attachment: Attachment; caption: string; asDocument: boolean }
    | { as: 'location'; location: Location }
    | { as: 'card'; vcard: string }
}

export function render(content: Content, route: Route): WebRequest {
  const { chat } = route as WebRoute
  return { provider: 'web', chat, say: say(content) }
}

function say(content: Content): WebRequest['say'] {
  const [attachment, ...others] = content.attachments ?? []
  const choices = content.choices ?? []
  const { location, contact } = content
  const alone = !content.text && !attachment && choices.length === 0
  if (location && alone && !contact) return { as: 'location', location }
  if (contact && alone && !location) return { as: 'card', vcard: vcardOf(contact) }
  const text = paragraphs(
    content.text,
    ...others.map((file) => file.name ?? file.source),
    location && placeInWords(location),
    contact && inWords(contact),
    numbered(choices),
  )
  if (!attachment) return { as: 'text', text: text || '…' }
  // Sound carries no words beside it, a document does.
  return {
    as: 'media',
    attachment,
    caption: text,
    asDocument: attachment.kind === 'file' || (attachment.kind === 'audio' && text !== ''),
  }
}

function vcardOf(card: ContactCard): string {
  const clean = (text: string): string => text.replace(/[\r\n]+/g, ' ').replace(/([\\,;])/g, '\\$1')
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `FN:${clean(card.name)}`,
    `N:;${clean(card.name)};;;`,
    ...card.phones.map((phone) => `TEL;type=CELL:${clean(phone)}`),
    ...(card.emails ?? []).map((email) => `EMAIL:${clean(email)}`),
    'END:VCARD',
  ].join('\n')
}
