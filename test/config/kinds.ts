/** Two kinds of channel that exist only for the tests of the config. */

import { z } from 'zod'
import { defineChannel, type AnyChannelKind } from '../../src/core/channel.ts'
import { secret } from '../../src/core/secret.ts'

const talking = (name: string, config: z.ZodType): AnyChannelKind => defineChannel({
  name,
  config,
  capabilities: () => ({
    text: { max: 4_000, unit: 'characters', markup: 'none' }, choices: null, attachments: null, location: false, initiate: 'always',
    inbound: { edits: false, deletes: false, reactions: false, typing: false },
    outbound: { edits: false, deletes: false, reactions: false, typing: false },
    receipts: [], idempotent: 'none', source: 'https://example.org',
  }),
  exclusive: () => false,
  normalise: () => [],
  render: () => ({}),
  connect: async () => ({ send: async () => ({}), close: async () => undefined }),
})

export const kinds = {
  page: async () => talking('page', z.strictObject({ origins: z.array(z.url()).default([]), maxBytes: z.int().default(1_000) })),
  phone: async () => talking('phone', z.discriminatedUnion('provider', [
    z.strictObject({ provider: z.literal('big'), authToken: secret, from: z.string() }),
    z.strictObject({ provider: z.literal('small'), folder: z.string(), aliases: z.array(z.strictObject({ name: z.string(), department: z.string() })).default([]) }),
  ])),
  broken: async () => { throw new Error('its library is not installed') },
}
