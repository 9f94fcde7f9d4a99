/** Who is on the other end of a linked device. One person has two names there: a number and a privacy id ("LID"). */

import type { Route, Sender } from '../../../core/model.ts'
import { fields, word } from '../../fields.ts'
import type { WebPayload } from './payload.ts'

export interface WebRoute extends Route {
  /** The chat as WhatsApp names it: 351…@c.us or 123@lid. */
  chat: string
}

/** A name of WhatsApp's comes as text, or as { user, server, _serialized }. */
export const wid = (value: unknown): string | undefined => word(fields(value)?._serialized) ?? word(value)

const personal = /^(\d{5,20})(?::\d+)?@(c\.us|s\.whatsapp\.net|lid)$/

export const isPerson = (chat: string): boolean => personal.test(chat)

/** Digits for a number, as with the Cloud API, so that a town can change provider and keep its people. */
function addressOf(name: string | undefined): string | undefined {
  const [, digits, server] = personal.exec(name ?? '') ?? []
  if (!digits) return undefined
  return server === 'lid' ? `${digits}@lid` : digits
}

export function senderOf(chat: string, payload: WebPayload, name?: string): Sender | undefined {
  const { lid: privacyId, phone: number } = fields(payload.person) ?? {}
  const names = [addressOf(word(number)), addressOf(chat), addressOf(word(privacyId))].filter(
    (one) => one !== undefined,
  )
  const [address, ...rest] = [...new Set([...names.filter(isNumber), ...names])]
  if (!address) return undefined
  const phone = names.find(isNumber)
  const route: WebRoute = { chat }
  return {
    address,
    route,
    ...(rest.length > 0 && { aliases: rest }),
    ...(name && { name }),
    ...(phone && { phone: `+${phone}` }),
  }
}

const isNumber = (address: string): boolean => !address.endsWith('@lid')
