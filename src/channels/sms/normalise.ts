/**
 * What Twilio tells → what happened. Three shapes:
 * a message's webhook, https://www.twilio.com/docs/messaging/guides/webhook-request
 * a status callback, https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 * and a message as the API lists it, https://www.twilio.com/docs/messaging/api/message-resource
 */

import type { CountryCode } from 'libphonenumber-js/max'
import type { Attachment, Content, InboundEvent, MediaKind, MessageReceived, ReceiptState, Sender } from '../../core/model.ts'
import { clean, word } from '../fields.ts'
import { consentOf } from './consent.ts'
import { undeliveredBecause } from './failures.ts'
import { partyOf } from './numbers.ts'

/** Twilio's own fields, and ours below. A form as it was posted is taken too. */
export type SmsPayload = Record<string, unknown> | string
/** Fields that the transport adds; no field of Twilio's begins so. */
export const ours = { key: 'balcao_key', country: 'balcao_country' } as const

export function normalise(payload: SmsPayload): InboundEvent[] {
  const given: unknown = typeof payload === 'string' ? Object.fromEntries(new URLSearchParams(payload)) : payload
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return []
  const fields = given as Record<string, unknown>
  const country = countryOf(fields)
  if (word(fields.sid)) return listed(fields, country)
  if (word(fields.MessageStatus) && word(fields.MessageStatus) !== 'received') return status(fields, country)
  return message(fields, country)
}

function message(form: Record<string, unknown>, country: CountryCode): InboundEvent[] {
  const sid = word(form.MessageSid) ?? word(form.SmsMessageSid) ?? word(form.SmsSid)
  const media = Array.from({ length: Math.min(count(form.NumMedia), 10) }, (_, i) => ({
    url: form[`MediaUrl${i}`],
    type: form[`MediaContentType${i}`],
  }))
  return received(
    sid,
    word(form.From),
    typeof form.Body === 'string' ? form.Body : undefined,
    media,
    country,
    word(form.OptOutType),
    { ...pressed(form), ...placeOf(form) },
    word(form.OriginalRepliedMessageSid),
  )
}

/** RCS shows buttons and sends places; SMS has neither. */
function pressed(form: Record<string, unknown>): Partial<Content> {
  const chosen = word(form.ButtonPayload) ?? word(form.ListId)
  return chosen ? { chosen } : {}
}

function placeOf(form: Record<string, unknown>): Partial<Content> {
  const [latitude, longitude] = [form.Latitude, form.Longitude].map((value) => Number(word(value) ?? Number.NaN))
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return {}
  const name = word(form.Label)
  const address = word(form.Address)
  return { location: { latitude: latitude!, longitude: longitude!, ...(name && { name }), ...(address && { address }) } }
}

function listed(resource: Record<string, unknown>, country: CountryCode): InboundEvent[] {
  const sid = word(resource.sid)
  const sentAt = typeof resource.date_sent === 'string' ? new Date(resource.date_sent) : undefined
  const at = sentAt && !Number.isNaN(sentAt.getTime()) ? { at: sentAt } : {}
  if (resource.direction !== 'inbound') {
    const state = states[word(resource.status) ?? '']
    if (!sid || !state) return []
    return [
      {
        type: 'message.status',
        externalId: sid,
        state,
        ...(state === 'failed' && { reason: undeliveredBecause(codeOf(resource.error_code)) }),
      },
    ]
  }
  const media = (Array.isArray(resource.media) ? resource.media : [])
    .map((one: unknown) => (typeof one === 'object' && one !== null ? (one as Record<string, unknown>) : {}))
    .map(({ url, content_type }) => ({ url, type: content_type }))
  return received(
    sid,
    word(resource.from),
    typeof resource.body === 'string' ? resource.body : undefined,
    media,
    country,
    undefined,
  ).map((event) => (event.type === 'message.received' ? { ...event, ...at, recovered: true } : { ...event, ...at }))
}

function received(
  sid: string | undefined,
  written: string | undefined,
  body: string | undefined,
  media: { url: unknown; type: unknown }[],
  country: CountryCode,
  optOutType: string | undefined,
  more: Partial<Content> = {},
  inReplyTo?: string,
): InboundEvent[] {
  if (!sid || !written || (body === undefined && media.length === 0)) return []
  // RCS names people by their number, which an SMS reaches as well. The others have rules of their own.
  const number = written.replace(/^rcs:/, '')
  if (/^[a-z]+:/.test(number))
    return [{ type: 'ignored', reason: `${number.split(':', 1)[0]!} by Twilio is not SMS` }]
  const from = senderOf(number, country)
  if (!from) return []
  const text = clean(body ?? '')
  const attachments = media.flatMap(attachmentOf)
  const consent = consentOf(text, optOutType)
  const event: MessageReceived = {
    type: 'message.received',
    externalId: sid,
    from,
    content: { text, ...(attachments.length > 0 && { attachments }), ...more },
    ...(inReplyTo && { inReplyTo }),
  }
  // STOP and HELP are answered by Twilio, and STOP in Portuguese by silence; nobody hears a name or a short code.
  if (consent === 'out' || consent === 'help' || from.phone === undefined) event.automatic = true
  if (consent === 'out') return [event, { type: 'contact.opted-out', from }]
  if (consent === 'in') return [{ type: 'contact.opted-in', from }, event]
  return [event]
}

function status(form: Record<string, unknown>, country: CountryCode): InboundEvent[] {
  const sid = word(form.MessageSid) ?? word(form.SmsSid)
  const key = word(form[ours.key])
  const state = states[word(form.MessageStatus) ?? '']
  if (!state || (!sid && !key)) return []
  const at = receiptTime(form.RawDlrDoneDate)
  const events: InboundEvent[] = [
    {
      type: 'message.status',
      ...(sid && { externalId: sid }),
      ...(key && { key }),
      state,
      ...(state === 'failed' && { reason: undeliveredBecause(codeOf(form.ErrorCode)) }),
      ...(at && { at }),
    },
  ]
  // Twilio knew of a STOP that we did not see.
  const to = codeOf(form.ErrorCode) === '21610' ? senderOf(word(form.To) ?? '', country) : undefined
  if (to) events.push({ type: 'contact.opted-out', from: to })
  return events
}

/** `sent` is that Twilio has taken it: a callback for it, however early, is the proof. */
const states: Record<string, ReceiptState> = {
  accepted: 'sent',
  scheduled: 'sent',
  queued: 'sent',
  sending: 'sent',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
}

function senderOf(written: string, country: CountryCode): Sender | undefined {
  const party = partyOf(clean(written), country)
  if (!party) return undefined
  return { address: party.address, route: { to: party.address }, ...(party.phone && { phone: party.phone }) }
}

function attachmentOf({ url, type }: { url: unknown; type: unknown }): Attachment[] {
  const source = word(url)
  if (!source) return []
  const mimeType = word(type) ?? 'application/octet-stream'
  const family = mimeType.split('/', 1)[0]!
  const kind: MediaKind = family === 'image' || family === 'audio' || family === 'video' ? family : 'file'
  return [{ kind, source, mimeType }]
}

function countryOf(fields: Record<string, unknown>): CountryCode {
  const given = [fields[ours.country], fields.ToCountry]
    .map(word)
    .find((one) => one !== undefined && /^[A-Z]{2}$/.test(one))
  return (given ?? 'PT') as CountryCode
}

/** YYMMDDhhmm, in UTC. */
function receiptTime(value: unknown): Date | undefined {
  const [, year, month, day, hour, minute] = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(word(value) ?? '') ?? []
  if (year === undefined) return undefined
  const at = new Date(`20${year}-${month}-${day}T${hour}:${minute}:00Z`)
  return Number.isNaN(at.getTime()) ? undefined : at
}

/** Twilio writes numbers as text in forms and as numbers in lists. Anything else may throw when it is made text. */
const digits = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const count = (value: unknown): number => (/^\d{1,2}$/.test(digits(value)) ? Number(value) : 0)
const codeOf = (value: unknown): string | undefined => (/^\d{4,6}$/.test(digits(value)) ? digits(value) : undefined)
