/** A message of Telegram's → content. https://core.telegram.org/bots/api#message */

import type { Attachment, ContactCard, Content, Location } from '../../core/model.ts'
import { clean, type Fields, fields, label, list, number, word } from '../fields.ts'
import { aside, service } from './aside.ts'
import { blocksOf, richWords } from './rich.ts'
import { id } from './values.ts'

/** undefined: the chat changed, nobody said anything. */
export function contentOf(message: Fields): Content | undefined {
  const content = saidIn(message)
  const quoted = quotedIn(message)
  return content && quoted ? { ...content, quoted } : content
}

function saidIn(message: Fields): Content | undefined {
  const text =
    typeof message.text === 'string'
      ? withLinks(message.text, message.entities)
      : withLinks(message.caption, message.caption_entities)
  const attachment = attachmentOf(message)
  if (attachment) {
    const emoji = word(fields(message.sticker)?.emoji)
    return { text: text || (attachment.role === 'sticker' && emoji ? emoji : ''), attachments: [attachment] }
  }
  const location = locationOf(message)
  if (location) return { text, location }
  const contact = contactOf(message)
  if (contact) return { text, contact }
  if (typeof message.text === 'string') return withPayload(text)
  const rich = fields(message.rich_message)
  if (rich) return richContent(rich)
  const paid = list(fields(message.paid_media)?.paid_media).flatMap((media) => attachmentOf(media) ?? [])
  if (paid.length > 0) return { text, attachments: paid }
  const dice = fields(message.dice)
  if (dice) return { text: [word(dice.emoji), number(dice.value)].filter((part) => part !== undefined).join(' ') }
  if (Object.keys(message).some((key) => service.has(key))) return undefined
  const kind = Object.keys(message).find((key) => !aside.has(key)) ?? 'unknown'
  return { text: text || wordsOf(fields(message[kind])), unsupported: clean(kind).slice(0, 64) }
}

function richContent(rich: Fields): Content {
  const blocks = blocksOf(rich)
  const attachments = blocks.flatMap((block) => attachmentOf({ ...block, voice: block.voice_note }) ?? [])
  const location = blocks.map(locationOf).find((place) => place !== undefined)
  const text = richWords(rich)
  const isEmpty = !text && !location && attachments.length === 0
  return {
    text,
    ...(attachments.length > 0 && { attachments }),
    ...(location && { location }),
    ...(isEmpty && { unsupported: 'rich_message' }),
  }
}

/** What people can read of a kind that we cannot show: a poll, a checklist, a game, a gift. */
function wordsOf(body: Fields | undefined): string {
  const said = ['question', 'title', 'description', 'text', 'prize_description', 'data'].map((key) => word(body?.[key]))
  const points = [...list(body?.options), ...list(body?.tasks)]
    .map((point) => `${point.completion_date ? '✓' : '–'} ${word(point.text) ?? ''}`)
  return [...said, ...points].filter(Boolean).join('\n')
}

/** Whose words these are when not the citizen's own, and which part of which message they answer. */
function quotedIn(message: Fields): string | undefined {
  const from = nameOf(fields(message.forward_origin))
  const external = fields(message.external_reply)
  const quote = fields(message.quote)
  const part = quote && (external || quote.is_manual === true) ? word(quote.text) : undefined
  const names = [from, external && nameOf(fields(external.origin))].flatMap((name) => (name ? [`↪ ${name}`] : []))
  return [...names, part].filter(Boolean).join('\n') || undefined
}

/** https://core.telegram.org/bots/api#messageorigin: a user, one who hides, a chat or a channel. */
function nameOf(origin: Fields | undefined): string | undefined {
  const who = fields(origin?.sender_user) ?? fields(origin?.sender_chat) ?? fields(origin?.chat)
  const name = [label(who?.first_name), label(who?.last_name)].filter(Boolean).join(' ')
  return name || (label(who?.title) ?? label(origin?.sender_user_name))
}

/** t.me/<bot>?start=<payload> is a button on a poster or a page: pressed, it says which one. */
function withPayload(text: string): Content {
  const command = /^(\/\w{1,32})@\w+(?=\s|$)/.exec(text)
  const words = command ? command[1]! + text.slice(command[0].length) : text
  const payload = /^\/start ([\w-]{1,64})$/.exec(words)?.[1]
  return payload === undefined ? { text: words } : { text: words, chosen: payload }
}

/** A link behind other words would be lost in plain text. Offsets are UTF-16 units, as ours are. */
function withLinks(value: unknown, entities: unknown): string {
  if (typeof value !== 'string') return ''
  const links = list(entities)
    .flatMap(({ type, offset, length, url }) => {
      const at = number(offset)
      const size = number(length)
      return type === 'text_link' && typeof url === 'string' && at !== undefined && size !== undefined
        ? [{ from: at, to: at + size, url }]
        : []
    })
    .filter(({ from, to, url }) => from >= 0 && to > from && to <= value.length && value.slice(from, to) !== url)
    .toSorted((one, other) => other.to - one.to)
  let text = value
  for (const { to, url } of links) text = `${text.slice(0, to)} (${url})${text.slice(to)}`
  return clean(text)
}

function attachmentOf(message: Fields): Attachment | undefined {
  const photo = largest(message.photo)
  if (photo) return attachment('image', photo, 'image/jpeg')
  const sticker = fields(message.sticker)
  if (sticker) {
    if (sticker.is_animated === true) return attachment('file', sticker, 'application/x-tgsticker', 'sticker')
    if (sticker.is_video === true) return attachment('video', sticker, 'video/webm', 'sticker')
    return attachment('image', sticker, 'image/webp', 'sticker')
  }
  // An animation comes with itself as a document, for clients that know only those.
  for (const [key, kind, mimeType] of kinds) {
    const file = fields(message[key])
    const found = file && attachment(kind, file, mimeType, key === 'voice' ? 'voice' : undefined)
    if (found) return found
  }
  return undefined
}

const kinds = [
  ['animation', 'video', 'video/mp4'],
  ['voice', 'audio', 'audio/ogg'],
  ['video_note', 'video', 'video/mp4'],
  ['video', 'video', 'video/mp4'],
  ['audio', 'audio', 'audio/mpeg'],
  ['document', 'file', 'application/octet-stream'],
] as const

function attachment(
  kind: Attachment['kind'],
  file: Fields,
  usual: string,
  role?: Attachment['role'],
): Attachment | undefined {
  const source = word(file.file_id)
  if (!source) return undefined
  const name = label(file.file_name) ?? label([word(file.performer), word(file.title)].filter(Boolean).join(' – '))
  const bytes = number(file.file_size)
  const mimeType = word(file.mime_type) ?? usual
  return { kind, source, mimeType, ...(name && { name }), ...(bytes !== undefined && { bytes }), ...(role && { role }) }
}

function largest(photo: unknown): Fields | undefined {
  const area = (size: Fields) => (number(size.width) ?? 0) * (number(size.height) ?? 0)
  return list(photo)
    .filter((size) => word(size.file_id))
    .toSorted((one, other) => area(other) - area(one))[0]
}

function locationOf(message: Fields): Location | undefined {
  const venue = fields(message.venue)
  const place = fields(venue?.location) ?? fields(message.location)
  const latitude = number(place?.latitude)
  const longitude = number(place?.longitude)
  if (latitude === undefined || longitude === undefined) return undefined
  const name = word(venue?.title)
  const address = word(venue?.address)
  return { latitude, longitude, ...(name && { name }), ...(address && { address }) }
}

function contactOf(message: Fields): ContactCard | undefined {
  const contact = fields(message.contact)
  const phone = word(contact?.phone_number)
  if (!contact || !phone) return undefined
  const name = [label(contact.first_name), label(contact.last_name)].filter(Boolean).join(' ')
  const emails = Array.from((word(contact.vcard) ?? '').matchAll(/^EMAIL[^:\r\n]*:([^\r\n]+)/gim), ([, address]) =>
    address!.trim(),
  )
  // Only the button that asks for it sends the citizen's own card with the citizen's own id.
  const own = id(contact.user_id) !== undefined && id(contact.user_id) === id(fields(message.from)?.id)
  const others = Array.from((word(contact.vcard) ?? '').matchAll(/^(?:item\d+\.)?TEL[^:\r\n]*:(?:tel:)?([^\r\n]+)/gim), ([, other]) => other!.trim())
  const phones = [international(phone), ...others].filter(
    (one, at, all) => all.findIndex((other) => digits(other) === digits(one)) === at,
  )
  return {
    name,
    phones,
    ...(emails.length > 0 && { emails }),
    ...(own && { own }),
  }
}

const digits = (phone: string): string => phone.replace(/\D/g, '')
function international(phone: string): string {
  const number = /^\+?(\d{7,15})$/.exec(phone.replace(/[\s()-]/g, ''))
  return number ? `+${number[1]}` : phone
}
