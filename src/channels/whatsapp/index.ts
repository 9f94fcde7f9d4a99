/** WhatsApp by Meta's own API (`provider: cloud`, the default), or by a linked device (`provider: web`, at a risk). */

import { defineChannel } from '../../core/channel.ts'
import { capabilities } from './capabilities.ts'
import { config, type WhatsappConfig } from './config.ts'
import { normalise, type WhatsappPayload } from './normalise.ts'
import { render, type WhatsappRequest } from './render.ts'
import { connect } from './transport.ts'

export const whatsapp = defineChannel<WhatsappConfig, WhatsappPayload, WhatsappRequest>({
  name: 'whatsapp',
  config,
  capabilities,
  forms: { cloud: { provider: 'cloud', readMarks: true }, web: { provider: 'web', perSecond: 0.5, readMarks: true } },
  // A browser session is held by one process; webhooks are anybody's.
  exclusive: ({ provider }) => provider === 'web',
  normalise,
  render,
  connect,
})
