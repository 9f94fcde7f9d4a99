/** The channels as admins see them: what they can carry, how they are doing, what to do about it. */

import type { ChannelState } from '../core/channel.ts'
import type { Capabilities } from '../core/channel.ts'
import type { Db } from '../core/store/schema.ts'
import type { Config } from '../config.ts'
import type { ChannelView } from '../operator-api.types.ts'
import type { Channels } from '../open-channels.ts'
import { reaches } from './test-message.ts'

/** Who looked for nothing in a month will not look any more. */
const shownMs = 30 * 24 * 3600 * 1000

export async function channelViews(db: Db, config: Config, channels: Channels, now: Date): Promise<ChannelView[]> {
  const states = new Map((await db.selectFrom('channel_status').selectAll().execute()).map((row) => [row.channel_id, row]))
  return config.channels.map(({ id, kind, enabled, label }): ChannelView => {
    const state = states.get(id)
    const iso = (at: Date | null | undefined) => at?.toISOString() ?? null
    return {
      id, kind: kind.replace(/^demo:/, ''), enabled, name: label.pt,
      capabilities: channels.all.get(id)?.capabilities ?? nothing, reaches: reaches(channels.all.get(id)),
      state: {
        status: enabled ? (state?.status as ChannelState['status'] | undefined) ?? 'connecting' : 'closed',
        ...(state?.reason && { reason: state.reason }), ...(state?.qr && { qr: state.qr }),
        gap: state?.gap_since && state.gap_until && now.getTime() - state.gap_until.getTime() < shownMs
          ? { since: state.gap_since.toISOString(), until: state.gap_until.toISOString() } : null,
        lastInAt: iso(state?.last_in_at), lastOutAt: iso(state?.last_out_at), lastError: state?.last_error ?? null, lastErrorAt: iso(state?.last_error_at),
      },
    }
  })
}

/** Of a channel that is switched off. */
const nothing: Capabilities = {
  text: { max: 0, unit: 'characters', markup: 'none' }, choices: null, attachments: null, location: false, initiate: 'never',
  inbound: { edits: false, deletes: false, reactions: false, typing: false }, outbound: { edits: false, deletes: false, reactions: false, typing: false },
  receipts: [], idempotent: 'none', source: '',
}
