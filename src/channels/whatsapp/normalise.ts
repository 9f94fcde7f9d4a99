/** What a provider tells us → what happened. The payload says which provider it came from. */

import type { InboundEvent } from '../../core/model.ts'
import { normalise as fromCloud } from './cloud/normalise.ts'
import type { CloudPayload } from './cloud/payload.ts'
import { normalise as fromWeb } from './web/normalise.ts'
import type { WebPayload } from './web/payload.ts'

export type WhatsappPayload = CloudPayload | WebPayload

export function normalise(payload: WhatsappPayload): InboundEvent[] {
  if (payload?.provider === 'cloud') return fromCloud(payload)
  if (payload?.provider === 'web') return fromWeb(payload)
  return []
}
