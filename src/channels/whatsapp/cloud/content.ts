/**
 * One WhatsApp message → what it says.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
 */

import type { Attachment, ContactCard, Content, MediaKind } from '../../../core/model.ts'
import { answersIn } from '../../answers.ts'
import { withCards } from '../contacts.ts'
import { fields, type Fields, list, number, text, word } from '../../fields.ts'

export function contentOf(message: Fields): Content {
  const type = word(message.type) ?? 'unknown'
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined
  const body = fields(message[type]) ?? {}
  const content = read?.(body, message) ?? { text: wordsOf(body), unsupported: type }
  const about = referral(fields(message.referral)) ?? product(fields(fields(message.context)?.referred_product))
  return about ? { ...content, quoted: about } : content
}

/** What people can read of a kind that we cannot show. */
const wordsOf = (body: Fields): string =>
  ['title', 'name', 'body', 'text', 'caption', 'description', 'address', 'url']
    .flatMap((key) => word(body[key]) ?? [])
    .join('\n')

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
  const page = word(body.url) ?? ''
  return { text: page, location: { latitude, longitude, ...(name && { name }), ...(address && { address }) } }
}

function contacts(message: Fields): Content | undefined {
  // Sent by pressing "share my number": Meta vouches that it is the sender's own.
  const own = word(message.origin)?.startsWith('contact_request') ?? false
  const given = list(message.contacts)
  const cards = given.map((card) => cardOf(card, own))
  const more = given.flatMap((card, at) => {
    const name = cards[at]!.name
    const lines = besides(card).filter((line) => line !== name)
    return cards.length > 1 && lines.length > 0 ? [`${name}: ${lines.join(', ')}`] : lines
  })
  return cards.length > 0 ? withCards(cards, more.join('\n')) : undefined
}

/** What a card has no place for: where somebody works and lives, pages, birthday. */
function besides(card: Fields): string[] {
  const org = fields(card.org) ?? {}
  const addresses = list(card.addresses).map((at) =>
    [at.street, [word(at.zip), word(at.city)].filter(Boolean).join(' '), at.state, at.country].flatMap((part) => word(part) ?? []).join(', '),
  )
  const pages = list(card.urls).map(({ url }) => word(url))
  return [org.company, org.department, org.title, ...addresses, ...pages, card.birthday].flatMap((part) => word(part) ?? [])
}

function cardOf(card: Fields, own: boolean): ContactCard {
  const name = fields(card.name) ?? {}
  const parts = [word(name.first_name), word(name.last_name)].filter(Boolean).join(' ')
  const emails = list(card.emails)
    .map((entry) => word(entry.email))
    .filter((email) => email !== undefined)
  return {
    name: word(name.formatted_name) || parts || (word(fields(card.org)?.company) ?? ''),
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
  if (type === 'nfm_reply') return form(reply)
  return { text: wordsOf(reply), unsupported: type }
}

/** A form ("flow") or an address that the citizen filled in. */
function form(reply: Fields): Content {
  // "Sent" is what WhatsApp writes on every form.
  const said = reply.body === 'Sent' ? undefined : text(reply.body)
  const answers = answersIn(asJson(reply.response_json), ['flow_token'])
  if (answers.length === 0) return { text: [said, text(reply.response_json)].filter(Boolean).join('\n'), unsupported: 'nfm_reply' }
  return { text: [said, ...answers].filter(Boolean).join('\n') }
}

function asJson(value: unknown): Fields {
  try {
    return fields(JSON.parse(word(value) ?? '')) ?? {}
  } catch {
    return {}
  }
}

const chosen = (id: string | undefined, label: string | undefined): Content => ({
  text: label ?? id ?? '',
  ...(id && { chosen: id }),
})

function order(body: Fields): string {
  const lines = list(body.product_items).map((item) => {
    const price = number(item.item_price) ?? word(item.item_price)
    const each = price === undefined ? '' : ` (${[String(price), word(item.currency)].filter(Boolean).join(' ')})`
    return `${number(item.quantity) ?? 1} × ${word(item.product_retailer_id) ?? '?'}${each}`
  })
  return [text(body.text), ...lines].filter(Boolean).join('\n')
}

/** The product of the town's catalogue that a question is about. */
const product = (of: Fields | undefined): string | undefined => word(of?.product_retailer_id)

/** The advertisement or post that brought the citizen here. */
function referral(from: Fields | undefined): string | undefined {
  if (!from) return undefined
  return [word(from.headline), word(from.body), word(from.source_url)].filter(Boolean).join('\n') || undefined
}
