/** An update of Telegram's → what happened. https://core.telegram.org/bots/api#update */

import type { InboundEvent, MessageReceived } from '../../core/model.ts'
import { contentOf } from './content.ts'
import { type Fields, fields, list, word } from '../fields.ts'
import { id, time } from './values.ts'
import { isPrivate, messageId, senderOf } from './sender.ts'

export type TelegramPayload = Fields

/** Asked for by nobody here, or about places where the town does not talk. */
const notForUs = [
  'channel_post',
  'edited_channel_post',
  'inline_query',
  'chosen_inline_result',
  'shipping_query',
  'pre_checkout_query',
  'poll',
  'poll_answer',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
  'message_reaction_count',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'guest_message',
  'purchased_paid_media',
  'managed_bot',
]

export function normalise(payload: TelegramPayload): InboundEvent[] {
  const update = fields(payload)
  if (!update) return []
  const message = fields(update.message)
  if (message) return messageOf(message)
  const edited = fields(update.edited_message)
  if (edited) return editOf(edited)
  const press = fields(update.callback_query)
  if (press) return pressOf(press)
  const reaction = fields(update.message_reaction)
  if (reaction) return reactionOf(reaction)
  const member = fields(update.my_chat_member)
  if (member) return memberOf(member)
  const other = notForUs.find((type) => type in update)
  return other ? [{ type: 'ignored', reason: other }] : []
}

function messageOf(message: Fields): InboundEvent[] {
  const chat = fields(message.chat)
  const externalId = messageId(chat, message.message_id)
  const from = senderOf(chat, fields(message.from))
  if (!externalId || !from) return []
  if (!isPrivate(chat)) return [group]
  const content = contentOf(message)
  if (!content) return [{ type: 'ignored', reason: 'service message' }]

  const received: MessageReceived = { type: 'message.received', externalId, from, content }
  if (content.contact?.own) received.from = { ...from, phone: content.contact.phones[0]! }
  const at = time(message.date)
  if (at) received.at = at
  const inReplyTo = messageId(chat, fields(message.reply_to_message)?.message_id)
  if (inReplyTo) received.inReplyTo = inReplyTo
  const album = word(message.media_group_id)
  if (album) received.group = `${from.address}:${album}`
  // Bots may write to bots: two of them would answer each other for ever.
  if (fields(message.from)?.is_bot === true) received.automatic = true
  return [received]
}

function editOf(message: Fields): InboundEvent[] {
  const chat = fields(message.chat)
  const externalId = messageId(chat, message.message_id)
  const from = senderOf(chat, fields(message.from))
  if (!externalId || !from) return []
  if (!isPrivate(chat)) return [group]
  const content = contentOf(message)
  if (!content) return [{ type: 'ignored', reason: 'service message' }]
  const at = time(message.edit_date)
  return [{ type: 'message.edited', externalId, from, content, ...(at && { at }) }]
}

/** A button under one of our messages. Telegram says when the message was sent, not when the button was pressed. */
function pressOf(press: Fields): InboundEvent[] {
  const pressId = word(press.id)
  const message = fields(press.message)
  const chosen = word(press.data)
  if (!pressId || !message || chosen === undefined)
    return [{ type: 'ignored', reason: 'button of an inline message or a game' }]
  const chat = fields(message.chat)
  const from = senderOf(chat, fields(press.from))
  if (!from) return []
  if (!isPrivate(chat)) return [group]
  const buttons = (fields(message.reply_markup)?.inline_keyboard ?? []) as unknown
  const label = (Array.isArray(buttons) ? buttons : [])
    .flatMap((row) => list(row))
    .find((button) => button.callback_data === press.data)
  const inReplyTo = messageId(chat, message.message_id)
  return [
    {
      type: 'message.received',
      externalId: `press:${pressId}`,
      from,
      content: { text: word(label?.text) ?? chosen, chosen },
      ...(inReplyTo && { inReplyTo }),
    },
  ]
}

function reactionOf(reaction: Fields): InboundEvent[] {
  const chat = fields(reaction.chat)
  const externalId = messageId(chat, reaction.message_id)
  const from = senderOf(chat, fields(reaction.user))
  if (!externalId || !from) return []
  if (!isPrivate(chat)) return [group]
  const emoji = list(reaction.new_reaction).slice(0, 5).map(emojiOf).join('') || null
  const at = time(reaction.date)
  return [{ type: 'reaction.changed', externalId, from, emoji, ...(at && { at }) }]
}

/** A custom emoji is a picture with a number; a paid one is a star. */
function emojiOf(reaction: Fields): string {
  if (reaction.type === 'paid') return '⭐'
  return word(reaction.emoji) ?? '❔'
}

function memberOf(member: Fields): InboundEvent[] {
  const chat = fields(member.chat)
  const from = senderOf(chat, fields(member.from))
  if (!from || id(chat?.id) === undefined) return []
  if (!isPrivate(chat)) return [group]
  const status = fields(member.new_chat_member)?.status
  const at = time(member.date)
  if (status === 'kicked') return [{ type: 'contact.blocked', from, ...(at && { at }) }]
  if (status === 'member') return [{ type: 'contact.unblocked', from, ...(at && { at }) }]
  return [{ type: 'ignored', reason: 'membership' }]
}

const group: InboundEvent = { type: 'ignored', reason: 'group chat' }
