/** SMS, by a number or a messaging service at Twilio. */

import { defineChannel } from '../../core/channel.ts'
import { config, type SmsConfig } from './config.ts'
import { partyOf } from './numbers.ts'
import { normalise, type SmsPayload } from './normalise.ts'
import { render, type SmsRequest } from './render.ts'
import { connect } from './transport.ts'

export const sms = defineChannel<SmsConfig, SmsPayload, SmsRequest>({
  name: 'sms',
  config,
  capabilities: ({ maxSegments }) => ({
    // Ten segments, the most that config takes, are within the 1,600 characters of a message resource.
    text: { max: maxSegments, unit: 'sms-segments', markup: 'none' },
    choices: null,
    // No MMS in Portugal: a file goes as a link.
    attachments: null,
    location: false,
    initiate: 'always',
    inbound: { edits: false, deletes: false, reactions: false, typing: false },
    outbound: { edits: false, deletes: false, reactions: false, typing: false },
    receipts: ['sent', 'delivered'],
    // Our key comes back in every status callback. The list of messages has no such key, and lags: not finding one
    // there proves nothing.
    idempotent: 'echo',
    // Twilio names no figure for Portugal, and queues what the network does not take: https://www.twilio.com/docs/api/errors/30001
    pace: { perSecond: 10 },
    source: 'https://www.twilio.com/docs/messaging/api/message-resource https://www.twilio.com/docs/api/errors/30001',
  }),
  forms: { number: { maxSegments: 6 } },
  exclusive: () => false,
  routeTo(given, { country }) {
    const phone = partyOf(given, country)?.phone
    return phone === undefined ? undefined : { address: phone, route: { to: phone } }
  },
  normalise,
  render,
  connect,
})
