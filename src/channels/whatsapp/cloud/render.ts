/**
 * What to say → one body for Meta's /messages.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
 */

import type { Attachment, Choice, ContactCard, Content, Route } from '../../../core/model.ts'
import { interactive } from '../capabilities.ts'
import { inWords } from '../contacts.ts'
import { numbered, paragraphs, placeInWords } from '../words.ts'
import type { CloudRoute } from './sender.ts'

export interface CloudRequest {
  provider: 'cloud'
  /** Complete, but for the id of what is still to be uploaded, and for our key. */
  body: Record<string, unknown>
  /** Uploaded first; the id goes into `body[slot]`, or into the header of buttons. */
  upload?: { attachment: Attachment; slot: MediaSlot; inHeader: boolean }
}
export type MediaSlot = 'image' | 'audio' | 'video' | 'document' | 'sticker'

export function render(content: Content, route: Route): CloudRequest {
  const { to, recipient } = route as CloudRoute
  const request = say(content)
  return {
    ...request,
    body: {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      ...(to && { to }),
      ...(recipient && !to && { recipient }),
      ...request.body,
    },
  }
}

function say(content: Content): CloudRequest {
  if (content.template) return plain(template(content.template))
  const attachment = content.attachments?.[0]
  const choices = content.choices ?? []
  const rest = content.attachments?.slice(1).map((file) => file.name ?? file.source) ?? []
  const text = paragraphs(content.text, ...rest)
  if (attachment) return withMedia(attachment, text, choices, content)
  if (content.location && !text && choices.length === 0) return plain({ type: 'location', location: content.location })
  if (content.contact && !text && choices.length === 0) return plain(contact(content.contact))

  const words = paragraphs(
    text,
    content.location && placeInWords(content.location),
    content.contact && inWords(content.contact),
  )
  const asked = choices.length > 0 ? ask(choices, words) : undefined
  return plain(
    asked ?? { type: 'text', text: { body: paragraphs(words, numbered(choices)) || '…', preview_url: true } },
  )
}

const plain = (body: CloudRequest['body']): CloudRequest => ({ provider: 'cloud', body })

function withMedia(attachment: Attachment, text: string, choices: Choice[], content: Content): CloudRequest {
  const words = paragraphs(
    text,
    content.location && placeInWords(content.location),
    content.contact && inWords(content.contact),
  )
  const natural = slots[attachment.kind]
  // Sound carries no words beside it, a document does; and sound cannot head a set of buttons.
  const slot: MediaSlot =
    attachment.role === 'sticker' && attachment.mimeType === 'image/webp' && !words && choices.length === 0
      ? 'sticker'
      : natural === 'audio' && (words || choices.length > 0)
        ? 'document'
        : natural
  const buttons = asButtons(choices, words)
  if (buttons) {
    return {
      provider: 'cloud',
      body: {
        type: 'interactive',
        interactive: { ...buttons, header: { type: slot, [slot]: described(slot, attachment) } },
      },
      upload: { attachment, slot, inHeader: true },
    }
  }
  const caption = paragraphs(words, numbered(choices))
  return {
    provider: 'cloud',
    body: { type: slot, [slot]: { ...described(slot, attachment), ...(caption && { caption }) } },
    upload: { attachment, slot, inHeader: false },
  }
}

const slots = { image: 'image', audio: 'audio', video: 'video', file: 'document' } as const
const described = (slot: MediaSlot, attachment: Attachment): Record<string, unknown> =>
  slot === 'document' && attachment.name ? { filename: attachment.name } : {}

const ask = (choices: Choice[], text: string): Record<string, unknown> | undefined => {
  const body = asButtons(choices, text) ?? asList(choices, text)
  return body && { type: 'interactive', interactive: body }
}

function asButtons(choices: Choice[], text: string): Record<string, unknown> | undefined {
  const labels = new Set(choices.map((choice) => choice.label))
  if (choices.length === 0 || choices.length > interactive.buttons || labels.size < choices.length) return undefined
  if (!askable(choices, text, interactive.buttonLabel)) return undefined
  return {
    type: 'button',
    body: { text: text || '…' },
    action: { buttons: choices.map(({ id, label }) => ({ type: 'reply', reply: { id, title: label } })) },
  }
}

function asList(choices: Choice[], text: string): Record<string, unknown> | undefined {
  if (choices.length > interactive.rows || !askable(choices, text, interactive.rowLabel)) return undefined
  return {
    type: 'list',
    body: { text: text || '…' },
    action: {
      // The same in both of our languages, and Meta wants a word here.
      button: 'Menu',
      sections: [{ rows: choices.map(({ id, label }) => ({ id, title: label })) }],
    },
  }
}

/** Meta refuses empty or repeated ids, empty labels and long ones. Numbers in the text lose nothing. */
function askable(choices: Choice[], text: string, longest: number): boolean {
  return (
    text.length <= interactive.body &&
    new Set(choices.map((choice) => choice.id)).size === choices.length &&
    choices.every(({ id, label }) => id && label.trim() && label.length <= longest)
  )
}

function template({ name, language, parameters }: NonNullable<Content['template']>): Record<string, unknown> {
  return {
    type: 'template',
    template: {
      name,
      language: { code: language },
      ...(parameters.length > 0 && {
        components: [{ type: 'body', parameters: parameters.map((text) => ({ type: 'text', text })) }],
      }),
    },
  }
}

function contact(card: ContactCard): Record<string, unknown> {
  return {
    type: 'contacts',
    contacts: [
      {
        name: { formatted_name: card.name || card.phones[0] || '?', first_name: card.name || card.phones[0] || '?' },
        ...(card.phones.length > 0 && { phones: card.phones.map((phone) => ({ phone })) }),
        ...(card.emails && { emails: card.emails.map((email) => ({ email })) }),
      },
    ],
  }
}
