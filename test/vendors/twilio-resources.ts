/** The parts of Twilio's API around messages: lists, numbers, services, the account. */

import type { Form } from './twilio-webhooks.ts'
import type { Message } from './twilio-messages.ts'
import type { Twilio } from './twilio.ts'

/** Newest first, a page at a time. */
export function page(messages: Message[], url: URL): Record<string, unknown> {
  const { searchParams: query } = url
  const size = Math.min(Number(query.get('PageSize') ?? 50), 1000)
  const number = Number(query.get('Page') ?? 0)
  const after = query.get('DateSent>')
  const found = messages
    .filter(
      (message) =>
        (!query.get('To') || message.to === query.get('To')) &&
        (!query.get('From') || message.from === query.get('From')) &&
        // To the second, as it is written.
        (!after || Math.floor(message.at.getTime() / 1000) * 1000 >= Date.parse(after)),
    )
    .toReversed()
  const next = new URL(url)
  next.searchParams.set('Page', String(number + 1))
  next.searchParams.set('PageToken', `PA${found[(number + 1) * size]?.sid ?? ''}`)
  return {
    messages: found.slice(number * size, (number + 1) * size).map(({ resource }) => resource),
    page: number,
    page_size: size,
    first_page_uri: url.pathname,
    uri: url.pathname + url.search,
    previous_page_uri: null,
    next_page_uri: found.length > (number + 1) * size ? next.pathname + next.search : null,
  }
}

export function answerAbout(twilio: Twilio, url: URL, method: string, form: Form): Record<string, unknown> | undefined {
  const { accountSid, messagingServiceSid, numbers, service, messages } = twilio
  const account = `/2010-04-01/Accounts/${accountSid}`
  const path = url.pathname
  if (path === `${account}.json`)
    return {
      sid: accountSid,
      friendly_name: 'Câmara',
      status: 'active',
      type: 'Full',
      date_created: null,
      date_updated: null,
    }
  if (path === `${account}/IncomingPhoneNumbers.json`) {
    const wanted = url.searchParams.get('PhoneNumber')
    return {
      incoming_phone_numbers: numbers.filter(({ phoneNumber }) => phoneNumber === wanted).map(asResource),
      next_page_uri: null,
      page: 0,
      page_size: 50,
    }
  }
  const number = numbers.find(({ sid }) => path === `${account}/IncomingPhoneNumbers/${sid}.json`)
  if (number) {
    if (method === 'POST')
      Object.assign(number, { smsUrl: form.SmsUrl ?? number.smsUrl, smsMethod: form.SmsMethod ?? number.smsMethod })
    return asResource(number)
  }
  if (path === `/v1/Services/${messagingServiceSid}`) {
    if (method === 'POST') {
      Object.assign(service, {
        inboundRequestUrl: form.InboundRequestUrl ?? service.inboundRequestUrl,
        useInboundWebhookOnNumber:
          form.UseInboundWebhookOnNumber === undefined
            ? service.useInboundWebhookOnNumber
            : form.UseInboundWebhookOnNumber === 'true',
      })
    }
    return {
      sid: messagingServiceSid,
      account_sid: accountSid,
      inbound_request_url: service.inboundRequestUrl,
      inbound_method: service.inboundMethod,
      use_inbound_webhook_on_number: service.useInboundWebhookOnNumber,
    }
  }
  if (path === `/v1/Services/${messagingServiceSid}/PhoneNumbers`) {
    return {
      phone_numbers: numbers.map(asResource),
      meta: { page: 0, page_size: 50, next_page_url: null, key: 'phone_numbers', url: path },
    }
  }
  const message = messages.find(({ sid }) => path.startsWith(`${account}/Messages/${sid}`))
  if (message && path.endsWith('/Media.json')) {
    const uri = `${account}/Messages/${message.sid}/Media`
    return {
      media_list: message.pictures.map(({ sid, mimeType }) => ({
        sid,
        account_sid: accountSid,
        parent_sid: message.sid,
        content_type: mimeType,
        uri: `${uri}/${sid}.json`,
      })),
      next_page_uri: null,
      page: 0,
      page_size: 50,
    }
  }
  return message?.resource
}

const asResource = ({ sid, phoneNumber, smsUrl, smsMethod }: Twilio['numbers'][number]) => ({
  sid,
  phone_number: phoneNumber,
  sms_url: smsUrl,
  sms_method: smsMethod,
  capabilities: { sms: true, mms: false, voice: true },
})
