/** A message of Telegram's → content. https://core.telegram.org/bots/api#message */

import type { Attachment, ContactCard, Content, Location } from '../../core/model.ts'
import { clean, type Fields, fields, label, list, number, word } from '../fields.ts'
import { id } from './values.ts'

/** Said about the chat, not by the citizen. */
const service = new Set([
  'new_chat_members',
  'left_chat_member',
  'new_chat_title',
  'new_chat_photo',
  'delete_chat_photo',
  'group_chat_created',
  'supergroup_chat_created',
  'channel_chat_created',
  'message_auto_delete_timer_changed',
  'migrate_to_chat_id',
  'migrate_from_chat_id',
  'pinned_message',
  'connected_website',
  'write_access_allowed',
  'proximity_alert_triggered',
  'boost_added',
  'chat_background_set',
  'forum_topic_created',
  'forum_topic_edited',
  'forum_topic_closed',
  'forum_topic_reopened',
  'general_forum_topic_hidden',
  'general_forum_topic_unhidden',
  'video_chat_scheduled',
  'video_chat_started',
  'video_chat_ended',
  'video_chat_participants_invited',
  'users_shared',
  'chat_shared',
])

/** About a message; none of them is what it says. */
const aside = new Set([
  'message_id',
  'message_thread_id',
  'direct_messages_topic',
  'from',
  'sender_chat',
  'sender_boost_count',
  'sender_business_bot',
  'date',
  'business_connection_id',
  'chat',
  'forward_origin',
  'forward_from',
  'forward_from_chat',
  'forward_from_message_id',
  'forward_signature',
  'forward_sender_name',
  'forward_date',
  'is_topic_message',
  'is_automatic_forward',
  'reply_to_message',
  'external_reply',
  'quote',
  'reply_to_story',
  'via_bot',
  'edit_date',
  'has_protected_content',
  'is_from_offline',
  'media_group_id',
  'author_signature',
  'paid_star_count',
  'entities',
  'link_preview_options',
  'effect_id',
  'caption',
  'caption_entities',
  'show_caption_above_media',
  'has_media_spoiler',
  'reply_markup',
])

/** undefined: the chat changed, nobody said anything. */
export function contentOf(message: Fields): Content | undefined {
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
  const dice = fields(message.dice)
  if (dice) return { text: [word(dice.emoji), number(dice.value)].filter((part) => part !== undefined).join(' ') }
  if (fields(message.poll)) return { text: pollInWords(fields(message.poll)!), unsupported: 'poll' }
  if (Object.keys(message).some((key) => service.has(key))) return undefined
  return { text, unsupported: clean(Object.keys(message).find((key) => !aside.has(key)) ?? 'unknown').slice(0, 64) }
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
  const name = label(file.file_name)
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
  const international = /^\+?(\d{7,15})$/.exec(phone.replace(/[\s()-]/g, ''))
  return {
    name,
    phones: [international ? `+${international[1]}` : phone],
    ...(emails.length > 0 && { emails }),
    ...(own && { own }),
  }
}

function pollInWords(poll: Fields): string {
  return [word(poll.question), ...list(poll.options).map((option) => `– ${word(option.text) ?? ''}`)]
    .filter(Boolean)
    .join('\n')
}
