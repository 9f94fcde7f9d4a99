/** Microsoft Teams, by a bot of the town's own, in a chat of two. */

import { type Capabilities, defineChannel } from '../../core/channel.ts'
import { config, type TeamsConfig } from './config.ts'
import { normalise, type TeamsPayload } from './normalise.ts'
import { render, type TeamsRequest } from './render.ts'
import { connect } from './connect.ts'

const megabyte = 1024 * 1024

const pages = {
  size: 'https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages',
  actions: 'https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/design-effective-cards',
  inputs: 'https://learn.microsoft.com/adaptive-cards/authoring-cards/input-validation',
  pace: 'https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit',
}

const capabilities: Capabilities = {
  // `size` gives a message 100 KB in UTF-16, all counted, and 40 KB in its older translations: this fits either.
  text: { max: 12_000, unit: 'utf16', markup: 'none' },
  // `actions`: up to six as buttons, and beyond that a list to choose from. How long a label or the text beside may be is not said there.
  choices: { max: 25, maxLabel: 60, maxText: 4_000 },
  fields: true,
  // By a link of ours, so that no size is Teams's.
  attachments: {
    kinds: {
      image: { maxBytes: 100 * megabyte },
      audio: { maxBytes: 100 * megabyte },
      video: { maxBytes: 100 * megabyte },
      file: { maxBytes: 100 * megabyte },
    },
    perMessage: 1,
    caption: 4_000,
  },
  location: false,
  // Who is known here has installed the bot; one who removed it since is told apart by a 403.
  initiate: 'always',
  inbound: { edits: true, deletes: true, reactions: true, typing: true },
  outbound: { edits: false, deletes: false, reactions: false, typing: true },
  receipts: ['sent', 'read'],
  idempotent: 'none',
  // `pace`: 50 a second for an app in a tenant; for one conversation it counts by several spans, and this is within most.
  pace: { perSecond: 50, perThreadPerSecond: 1 },
  source: Object.values(pages).join(' '),
}

export const teams = defineChannel<TeamsConfig, TeamsPayload, TeamsRequest>({
  name: 'teams',
  config,
  capabilities: () => capabilities,
  exclusive: () => false,
  normalise,
  render,
  connect,
})
