/** The six channels of the demo: what each can carry is the real thing, only nobody is on the other end. */

import { z } from 'zod'
import type { AnyChannelKind, Capabilities } from '../core/channel.ts'
import { defineChannel } from '../core/channel.ts'
import type { InboundEvent } from '../core/model.ts'

export interface DemoPayload { events: InboundEvent[] }

/** `sent` counts what was said to nobody, so that every message has a vendor's id as it would. */
export function demoKind(name: string, capabilities: Capabilities): AnyChannelKind {
  let sent = 0
  return defineChannel<object, DemoPayload, unknown>({
    name,
    config: z.object({}),
    capabilities: () => capabilities,
    exclusive: () => false,
    normalise: (payload) => payload.events,
    render: (content) => content,
    connect: async (_config, host) => ({
      send: async () => {
        sent += 1
        return { externalId: `demo-${host.now().getTime()}-${sent}` }
      },
      close: async () => undefined,
    }),
  })
}
