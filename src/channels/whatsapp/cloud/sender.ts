/** Who is on the other end. Since 2026 Meta names people by a "business-scoped" id, and may leave their number out. */

import type { Route, Sender } from '../../../core/model.ts'
import { fields, type Fields, word } from '../../fields.ts'

export interface CloudRoute extends Route {
  /** Digits, as Meta writes them. Preferred for sending: it keeps the number in later webhooks. */
  to?: string
  /** The business-scoped id, for those who hide their number. */
  recipient?: string
  /** The newest message of theirs: typing and read marks are told of a message, not of a person. */
  message?: string
}

export function senderOf(
  phone: string | undefined,
  userId: string | undefined,
  contact: Fields | undefined,
  message?: string,
): Sender | undefined {
  const address = userId ?? phone
  if (!address) return undefined
  const profile = fields(contact?.profile)
  const name = word(profile?.name) ?? word(profile?.username)
  const route: CloudRoute = {
    ...(phone && { to: phone }),
    ...(userId && { recipient: userId }),
    ...(message && { message }),
  }
  return {
    address,
    route,
    ...(userId && phone && { aliases: [phone] }),
    ...(name && { name }),
    ...(phone && { phone: `+${phone}` }),
  }
}

export const phoneOf = (value: unknown): string | undefined => {
  const digits = word(value)?.replace(/^\+/, '')
  return digits && /^\d{5,20}$/.test(digits) ? digits : undefined
}

/** The entry of `contacts` that belongs to this message; several senders can share one webhook. */
export function contactOf(contacts: Fields[], phone: string | undefined, userId: string | undefined): Fields | undefined {
  return contacts.find(
    (contact) => (userId && word(contact.user_id) === userId) || (phone && phoneOf(contact.wa_id) === phone),
  )
}
