/** Two files of JSON lines, one in and one out: for a program of the town's own, and as the example of a channel. */

import { type Capabilities, defineChannel } from '../../core/channel.ts'
import { config, type FileConfig } from './config.ts'
import { type FilePayload, normalise } from './normalise.ts'
import { type FileRequest, render, routeTo } from './render.ts'
import { connect } from './transport.ts'

const kept = { maxBytes: 25_000_000 }

const capabilities: Capabilities = {
  text: { max: 100_000, unit: 'characters', markup: 'none' },
  choices: { max: 30, maxLabel: 200 },
  // As a link: the program on the other side fetches it.
  attachments: { kinds: { image: kept, audio: kept, video: kept, file: kept }, perMessage: 10, caption: 100_000 },
  location: true,
  initiate: 'always',
  inbound: { edits: true, deletes: true, reactions: true, typing: false },
  outbound: { edits: false, deletes: false, reactions: false, typing: false },
  receipts: ['sent', 'delivered', 'read'],
  // Each line has our key: after a doubt we read whether it is there.
  idempotent: 'lookup',
  source: 'docs/channels/adding.md',
}

export const file = defineChannel<FileConfig, FilePayload, FileRequest>({
  name: 'file',
  config,
  capabilities: () => capabilities,
  // Two readers would share one cursor, and two writers one end of the file.
  exclusive: () => true,
  normalise,
  render,
  routeTo,
  connect,
})
