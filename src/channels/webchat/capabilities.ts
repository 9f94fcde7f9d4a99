/** What the citizen's page can show. Ours on both ends, so almost everything. */

import type { Capabilities } from '../../core/channel.ts'
import { maxFiles, maxText } from './config.ts'

const outboundFile = { maxBytes: 25_000_000 }

export const capabilities = (): Capabilities => ({
  text: { max: maxText, unit: 'characters', markup: 'none' },
  choices: { max: 30, maxLabel: 120 },
  attachments: {
    kinds: { image: outboundFile, audio: outboundFile, video: outboundFile, file: outboundFile },
    perMessage: maxFiles,
    caption: maxText,
  },
  location: true,
  // It is seen when the citizen opens the page again.
  initiate: 'always',
  inbound: { edits: false, deletes: false, reactions: false, typing: true },
  outbound: { edits: true, deletes: true, reactions: false, typing: true },
  receipts: ['sent', 'delivered', 'read'],
  idempotent: 'key',
  pull: true,
  source: 'docs/webchat-protocol.md',
})
