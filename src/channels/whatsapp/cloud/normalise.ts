/**
 * Meta's webhook → what happened.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
 */

import type { InboundEvent, ReceiptState, Sender } from '../../../core/model.ts'
import { fields, type Fields, list, word } from '../../fields.ts'
import { time } from '../time.ts'
import { contentOf } from './content.ts'
import { inWords } from './failures.ts'
import type { CloudPayload } from './payload.ts'
import { contactOf, phoneOf, senderOf } from './sender.ts'

export function normalise(payload: CloudPayload): InboundEvent[] {
  return list(fields(payload.body)?.entry)
    .flatMap((entry) => list(entry.changes))
    .flatMap((change) => changeOf(change, payload.phoneNumberId))
}

function changeOf(change: Fields, phoneNumberId: string): InboundEvent[] {
  const field = word(change.field) ?? 'unknown'
  const value = fields(change.value)
  if (!value) return []
  const number = word(fields(value.metadata)?.phone_number_id)
  if (number !== undefined && number !== phoneNumberId) return [{ type: 'ignored', reason: 'for another number' }]
  if (field === 'messages')
    return [
      ...list(value.messages).flatMap((message) => messageOf(message, list(value.contacts))),
      ...list(value.statuses).flatMap(statusOf),
      ...list(value.errors).map((): InboundEvent => ({ type: 'ignored', reason: 'account error' })),
    ]
  if (field === 'smb_message_echoes' || field === 'message_echoes') {
    return list(value.message_echoes).flatMap((message) => echoOf(message, list(value.contacts)))
  }
  return [{ type: 'ignored', reason: field }]
}

function messageOf(message: Fields, contacts: Fields[]): InboundEvent[] {
  const externalId = word(message.id)
  const phone = phoneOf(message.from)
  const userId = word(message.from_user_id) ?? userIdOf(contacts, phone)
  const from = moved(senderOf(phone, userId, contactOf(contacts, phone, userId), externalId), fields(message.system))
  if (!externalId || !from) return []
  if (word(message.group_id)) return [{ type: 'ignored', reason: 'group' }]

  const at = time(message.timestamp)
  const when = at ? { at } : {}
  const type = word(message.type)
  if (type === 'reaction') {
    const reaction = fields(message.reaction)
    const target = word(reaction?.message_id)
    if (!target) return []
    return [{ type: 'reaction.changed', externalId: target, from, emoji: word(reaction?.emoji) ?? null, ...when }]
  }
  if (type === 'edit') {
    const original = word(fields(message.edit)?.original_message_id)
    const content = contentOf(fields(fields(message.edit)?.message) ?? {})
    return original ? [{ type: 'message.edited', externalId: original, from, content, ...when }] : []
  }
  if (type === 'revoke') {
    const original = word(fields(message.revoke)?.original_message_id)
    return original ? [{ type: 'message.deleted', externalId: original, ...when }] : []
  }
  // The citizen opened the chat and has not written yet.
  if (type === 'request_welcome') return [{ type: 'ignored', reason: 'request_welcome' }]

  const inReplyTo = word(fields(message.context)?.id)
  return [
    {
      type: 'message.received',
      externalId,
      from,
      content: contentOf(message),
      ...when,
      ...(inReplyTo && { inReplyTo }),
      // WhatsApp tells of a changed number in the sender's name: to be seen, not to be answered.
      ...(type === 'system' && { automatic: true }),
    },
  ]
}

/**
 * The notice of a new number or a new id is about who was known by the old one: it goes to the same conversation, and
 * answers go to the new number.
 */
function moved(from: Sender | undefined, system: Fields | undefined): Sender | undefined {
  if (!from || !system) return from
  const before = word(system.previous_user_id)
  const to = phoneOf(system.wa_id)
  return {
    ...from,
    ...(before && { aliases: [before, ...(from.aliases ?? [])] }),
    ...(to && { route: { ...from.route, to } }),
  }
}

/** A webhook with one sender may name their id in `contacts` only. */
function userIdOf(contacts: Fields[], phone: string | undefined): string | undefined {
  const contact = phone ? contactOf(contacts, phone, undefined) : contacts.length === 1 ? contacts[0] : undefined
  return word(contact?.user_id)
}

/** Written by the town in the WhatsApp Business app, on a number that both use ("coexistence"). */
function echoOf(message: Fields, contacts: Fields[]): InboundEvent[] {
  const externalId = word(message.id)
  const phone = phoneOf(message.to)
  const userId = word(message.to_user_id) ?? userIdOf(contacts, phone)
  const to = senderOf(phone, userId, contactOf(contacts, phone, userId))
  if (!externalId || !to) return []
  const at = time(message.timestamp)
  const type = word(message.type)
  if (type === 'revoke') {
    const original = word(fields(message.revoke)?.original_message_id)
    return original ? [{ type: 'message.deleted', externalId: original, ...(at && { at }) }] : []
  }
  if (type === 'edit') return [{ type: 'ignored', reason: 'own message edited in the app' }]
  if (type === 'reaction') return [{ type: 'ignored', reason: 'own reaction in the app' }]
  return [{ type: 'message.echoed', externalId, to, content: contentOf(message), ...(at && { at }) }]
}

const states: Record<string, ReceiptState> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
}

function statusOf(status: Fields): InboundEvent[] {
  const externalId = word(status.id)
  const key = word(status.biz_opaque_callback_data)
  const name = word(status.status) ?? ''
  const state = Object.hasOwn(states, name) ? states[name] : undefined
  if (!state) return [{ type: 'ignored', reason: `status ${name}` }]
  if (!externalId && !key) return []
  const at = time(status.timestamp)
  const failure = list(status.errors)[0]
  const cost = costOf(fields(status.pricing))
  return [
    {
      type: 'message.status',
      ...(externalId && { externalId }),
      ...(key && { key }),
      state,
      ...(state === 'failed' && { reason: inWords(failure) }),
      ...(cost && { cost }),
      ...(at && { at }),
    },
  ]
}

/** Meta will leave `billable` out; `type` says the same: `regular`, or one that begins with `free_`. */
function costOf(pricing: Fields | undefined): string | undefined {
  const type = word(pricing?.type)
  const billable = pricing?.billable ?? (type && !type.startsWith('free_'))
  return billable === false ? 'free' : billable === true ? word(pricing?.category) : undefined
}
