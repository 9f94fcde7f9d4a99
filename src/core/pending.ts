/** A payload on its way into the store. */

import type { InboundEvent, Sender } from './model.ts'
import type { News } from './store/news.ts'
import type { RawInbound } from './store/write.ts'
import type { OpenChannel } from './town.ts'

export interface Pending { channel: OpenChannel; /** As it came, '' where it is not kept. */ raw: string; events: InboundEvent[]; problem?: string }

/** Of what shares one of these, the order is kept. */
export function keysOf({ channel, events }: Pending): string[] {
  return events.flatMap((event) => {
    const from = senderOf(event)
    return from ? [from.address, ...(from.aliases ?? [])].map((address) => `${channel.id}|${address}`) : []
  })
}

/** Only messages bear their sender's name for good: the same again is the same. Of edits and receipts there may be many. */
export function nameOf({ channel, events }: Pending): string | undefined {
  const ids = events.flatMap((event) => (event.type === 'message.received' || event.type === 'message.echoed' ? [event.externalId] : []))
  return ids.length === 0 || ids.length < events.length ? undefined : JSON.stringify([channel.id, ...ids])
}

function senderOf(event: InboundEvent): Sender | undefined {
  if ('from' in event) return event.from
  return 'to' in event ? event.to : undefined
}

export const rawOf = (batch: Pending[]): RawInbound[] => batch.filter(({ raw, problem }) => raw !== '' || problem)
  .map(({ channel, raw: payload, problem }) => ({ channelId: channel.id, payload, ...(problem !== undefined && { problem }) }))

export const isConsent = ({ type }: InboundEvent) => type === 'contact.opted-in' || type === 'contact.opted-out'
/** Of what was said before. */
export const isNews = (event: InboundEvent) => event.type !== 'message.received' && event.type !== 'message.echoed' && !isConsent(event)
export const newsOf = (batch: Pending[], are: (event: InboundEvent) => boolean): News[] => batch.flatMap(({ channel, events }) => (
  events.filter(are).map((event) => ({ channelId: channel.id, event: event as News['event'] }))))
