/** E-mail: a mailbox of the town, read by IMAP (or handed over by SMTP), answered by SMTP. */

import { defineChannel, type Capabilities } from '../../core/channel.ts'
import { normaliseAddress } from './addresses.ts'
import { config as shape, type Config } from './config.ts'
import type { Mail } from './mail.ts'
import { normalise } from './normalise.ts'
import { render, type MailRequest } from './render.ts'
import { connect } from './transport.ts'

export const email = defineChannel<Config, Mail, MailRequest>({
  name: 'email',
  config: shape,
  capabilities,
  forms: { mailbox: { maxBytes: 25_000_000 } },
  exclusive: () => true,
  normalise,
  render,
  // Nothing but the address is needed; the answer brings the rest.
  routeTo: (given) => {
    const address = normaliseAddress(given)
    return address === undefined ? undefined : { address, route: { to: address } }
  },
  connect: (config, host) => connect(config, host),
})

function capabilities(config: Config): Capabilities {
  // `maxBytes` as it comes is Google's; Microsoft takes more. Base64 makes four bytes of three; the text and the headers want room as well.
  const room = Math.floor(config.maxBytes * 0.72)
  const each = { maxBytes: room }
  return {
    // No server counts characters; nobody reads more.
    text: { max: 200_000, unit: 'characters', markup: 'none' },
    choices: null,
    attachments: {
      kinds: { image: each, audio: each, video: each, file: each },
      perMessage: 20,
      maxTotalBytes: room,
      caption: 200_000,
    },
    location: false,
    initiate: 'always',
    inbound: { edits: false, deletes: false, reactions: false, typing: false },
    outbound: { edits: false, deletes: false, reactions: false, typing: false },
    receipts: ['sent'],
    // The same Message-ID at every attempt: mail servers resend so themselves after a cut, and most mailboxes show one.
    idempotent: 'key',
    ...(config.pace && { pace: config.pace }),
    source:
      'https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits ' +
      'https://support.google.com/a/answer/166852',
  }
}
