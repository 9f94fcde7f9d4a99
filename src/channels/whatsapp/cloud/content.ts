/**
 * One WhatsApp message → what it says.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
 */

import type { Attachment, ContactCard, Content, MediaKind } from '../../../core/model.ts'
import { withCards } from '../contacts.ts'
import { fields, type Fields, list, number, text, word } from '../../fields.ts'

export function contentOf(message: Fields): Content {
  const type = word(message.type) ?? 'unknown'
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined
  const content = read?.(fields(message[type]) ?? {}, message) ?? { text: '', unsupported: type }
  const advertisement = referral(fields(message.referral))
  return advertisement ? { ...content, quoted: advertisement } : content
}

type Reader = (body: Fields, message: Fields) => Content | undefined

const readers: Record<string, Reader> = {
  text: (body) => ({ text: text(body.body) ?? '' }),
  image: (body) => media('image', body),
  video: (body) => media('video', body),
  audio: (body) => media('audio', body, body.voice === true ? 'voice' : undefined),
  document: (body) => media('file', body),
  sticker: (body) => media('image', body, 'sticker'),
  location,
  contacts: (_, message) => contacts(message),
  interactive,
  // A quick reply of a template: the payload was ours.
  button: (body) => chosen(word(body.payload) ?? word(body.text), text(body.text)),
  order: (body) => ({ text: order(body), unsupported: 'order' }),
  system: (body) => ({ text: text(body.body) ?? '', ...(!word(body.body) && { unsupported: 'system' }) }),
  unsupported: (body) => ({ text: '', unsupported: word(body.type) ?? 'unsupported' }),
}

function media(kind: MediaKind, body: Fields, role?: Attachment['role']): Content | undefined {
  const id = word(body.id)
  if (!id) return undefined
  const name = word(body.filename)
  return {
    text: text(body.caption) ?? '',
    attachments: [
      {
        kind,
        source: `media:${id}`,
        mimeType: word(body.mime_type) ?? 'application/octet-stream',
        ...(name && { name }),
        ...(role && { role }),
      },
    ],
  }
}

function location(body: Fields): Content | undefined {
  const latitude = number(body.latitude)
  const longitude = number(body.longitude)
  if (latitude === undefined || longitude === undefined) return undefined
  const name = word(body.name)
  const address = word(body.address)
  return { text: '', location: { latitude, longitude, ...(name && { name }), ...(address && { address }) } }
}

function contacts(message: Fields): Content | undefined {
  // Sent by pressing "share my number": Meta vouches that it is the sender's own.
  const own = word(message.origin)?.startsWith('contact_request') ?? false
  const cards = list(message.contacts).map((card) => cardOf(card, own))
  return cards.length > 0 ? withCards(cards) : undefined
}

function cardOf(card: Fields, own: boolean): ContactCard {
  const name = fields(card.name) ?? {}
  const parts = [word(name.first_name), word(name.last_name)].filter(Boolean).join(' ')
  const emails = list(card.emails)
    .map((entry) => word(entry.email))
    .filter((email) => email !== undefined)
  return {
    name: word(name.formatted_name) ?? parts,
    phones: list(card.phones)
      .map((phone) => word(phone.phone) ?? word(phone.wa_id))
      .filter((phone) => phone !== undefined),
    ...(emails.length > 0 && { emails }),
    ...(own && { own }),
  }
}

function interactive(body: Fields): Content {
  const type = word(body.type) ?? 'interactive'
  const reply = fields(body[type]) ?? {}
  if (type === 'button_reply' || type === 'list_reply') {
    const title = text(reply.title)
    return chosen(word(reply.id) ?? title, title)
  }
  // A form ("flow") that the citizen filled in: its answers are JSON of the town's own making.
  const answers = [text(reply.body), text(reply.response_json)].filter(Boolean).join('\n')
  return { text: answers, unsupported: type }
}

const chosen = (id: string | undefined, label: string | undefined): Content => ({
  text: label ?? id ?? '',
  ...(id && { chosen: id }),
})

function order(body: Fields): string {
  const items = list(body.product_items)
    .map((item) => `${number(item.quantity) ?? 1} × ${word(item.product_retailer_id) ?? '?'}`)
  return [text(body.text), ...items].filter(Boolean).join('\n')
}

/** The advertisement or post that brought the citizen here. */
function referral(from: Fields | undefined): string | undefined {
  if (!from) return undefined
  return [word(from.headline), word(from.body), word(from.source_url)].filter(Boolean).join('\n') || undefined
}
