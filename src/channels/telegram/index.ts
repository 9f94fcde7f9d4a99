/** Telegram, by a bot of the town's own. */

import type { Capabilities } from '../../core/channel.ts'
import { defineChannel } from '../../core/channel.ts'
import { config, type TelegramConfig } from './config.ts'
import { normalise, type TelegramPayload } from './normalise.ts'
import { render, type TelegramRequest } from './render.ts'
import { connect } from './transport.ts'

const megabyte = 1024 * 1024

const faq = 'https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this'

const capabilities: Capabilities = {
  // https://core.telegram.org/bots/api#sendmessage
  text: { max: 4096, unit: 'utf16', markup: 'none' },
  // Telegram names no limit of either; phones cut longer labels. The id of a choice has 64 bytes: .../api#inlinekeyboardbutton
  choices: { max: 30, maxLabel: 60 },
  attachments: {
    // https://core.telegram.org/bots/api#sending-files
    kinds: {
      image: { maxBytes: 50 * megabyte },
      audio: { maxBytes: 50 * megabyte },
      video: { maxBytes: 50 * megabyte },
      file: { maxBytes: 50 * megabyte },
    },
    perMessage: 1,
    // https://core.telegram.org/bots/api#senddocument
    caption: 1024,
  },
  location: true,
  // A bot cannot begin, but who is known here has begun; one who blocked it since is told apart by a 403.
  initiate: 'always',
  inbound: { edits: true, deletes: false, reactions: true, typing: false },
  outbound: { edits: false, deletes: false, reactions: true, typing: true },
  receipts: ['sent'],
  idempotent: 'none',
  pace: { perSecond: 30, perThreadPerSecond: 1 },
  source: `https://core.telegram.org/bots/api ${faq}`,
}

export const telegram = defineChannel<TelegramConfig, TelegramPayload, TelegramRequest>({
  name: 'telegram',
  config,
  capabilities: () => capabilities,
  forms: { polling: { mode: 'polling' }, webhook: { mode: 'webhook' } },
  exclusive: ({ mode }) => mode === 'polling',
  normalise,
  render,
  connect,
})
