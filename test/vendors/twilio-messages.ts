/** A message as Twilio keeps it, and why it would not take one. */

import { SegmentedMessage } from 'sms-segments-calculator'
import type { Form } from './twilio-webhooks.ts'

export interface Picture {
  sid: string
  mimeType: string
  bytes: Buffer
}
export interface Message {
  sid: string
  direction: 'inbound' | 'outbound-api'
  from: string
  to: string
  body: string
  at: Date
  statusCallback: string
  pictures: Picture[]
  /** As the API shows it. */
  resource: Record<string, unknown>
}

let made = 0
export const sidOf = (prefix: string, n: number): string => prefix + n.toString(16).padStart(32, '0')

export function newMessage(given: {
  direction: Message['direction']
  from: string
  to: string
  body: string
  status: string
  at: Date
  statusCallback: string
  accountSid: string
  service: string | null
  pictures?: Picture[]
}): Message {
  const { direction, from, to, body, status, at, statusCallback, accountSid, service, pictures = [] } = given
  made += 1
  const sid = sidOf(pictures.length > 0 ? 'MM' : 'SM', made)
  const path = `/2010-04-01/Accounts/${accountSid}/Messages/${sid}`
  const stamp = at.toUTCString().replace('GMT', '+0000')
  return {
    sid,
    direction,
    from,
    to,
    body,
    at,
    statusCallback,
    pictures,
    resource: {
      sid,
      account_sid: accountSid,
      messaging_service_sid: service,
      direction,
      from,
      to,
      body,
      status,
      api_version: '2010-04-01',
      num_segments: String(new SegmentedMessage(body, 'auto', false).segmentsCount),
      num_media: String(pictures.length),
      price: null,
      price_unit: 'USD',
      error_code: null,
      error_message: null,
      date_created: stamp,
      date_sent: stamp,
      date_updated: stamp,
      uri: `${path}.json`,
      subresource_uris: { media: `${path}/Media.json` },
    },
  }
}

/** https://www.twilio.com/docs/api/errors */
export function refusalOf(
  form: Form,
  from: string | undefined,
  { numbers, optedOut }: { numbers: { phoneNumber: string }[]; optedOut: Set<string> },
): [number, string] | undefined {
  const to = form.To ?? ''
  if (!from) return [21603, "A 'From' phone number is required"]
  if (!numbers.some(({ phoneNumber }) => phoneNumber === from)) return [21659, `'${from}' is not a Twilio phone number`]
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return [21211, `Invalid 'To' Phone Number: ${to}`]
  if (to === from) return [21266, "'To' and 'From' number cannot be the same"]
  if (/^\+3512\d{8}$/.test(to)) return [21635, `'To' number cannot be a landline: ${to}`]
  if (/^\+(979|882|883)/.test(to)) return [21408, 'Permission to send an SMS has not been enabled for the region']
  if (optedOut.has(to)) return [21610, 'Attempt to send to unsubscribed recipient']
  if (!form.Body && !form.MediaUrl) return [21619, 'A text message body or media urls must be specified']
  if (Array.from(form.Body ?? '').length > 1600)
    return [21617, 'The concatenated message body exceeds the 1600 character limit']
  return undefined
}

/** As it is posted to us. https://www.twilio.com/docs/messaging/guides/webhook-request */
export function formOf(message: Message, accountSid: string, optOutType: string | undefined): Form {
  const { sid, from, to, body, pictures } = message
  const blank = { ToState: '', ToCity: '', ToZip: '', FromState: '', FromCity: '', FromZip: '' }
  const ids = { MessageSid: sid, SmsSid: sid, SmsMessageSid: sid, AccountSid: accountSid, ApiVersion: '2010-04-01' }
  const media = pictures.flatMap((picture, i) => [
    [`MediaUrl${i}`, `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media/${picture.sid}`],
    [`MediaContentType${i}`, picture.mimeType],
  ])
  return {
    ...blank,
    ...ids,
    From: from,
    FromCountry: 'PT',
    To: to,
    ToCountry: 'PT',
    Body: body,
    SmsStatus: 'received',
    NumMedia: String(pictures.length),
    NumSegments: String(message.resource.num_segments),
    ...(optOutType !== undefined && { OptOutType: optOutType }),
    ...Object.fromEntries(media),
  }
}

/** https://www.twilio.com/docs/messaging/guides/track-outbound-message-status */
export function receiptOf({ sid, from, to }: Message, accountSid: string, status: string, errorCode?: number): Form {
  return {
    MessageSid: sid,
    SmsSid: sid,
    MessageStatus: status,
    SmsStatus: status,
    AccountSid: accountSid,
    From: from,
    To: to,
    ApiVersion: '2010-04-01',
    ...(errorCode !== undefined && { ErrorCode: String(errorCode) }),
  }
}
