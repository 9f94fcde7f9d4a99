/** The sign that somebody is writing, where the citizen's channel has one. A courtesy: never stored, never tried again. */

import { sql } from 'kysely'
import type { ChannelId, ConversationId, Route } from './model.ts'
import type { Signals } from './signals.ts'
import type { Pool } from './store/pool.ts'
import type { OpenChannel } from './town.ts'

export interface WritingSign {
  /** Here, where it was said; the processes that hold an exclusive channel hear of it by themselves. */
  show(conversationId: ConversationId): Promise<void>
  close(): void
}

export function openWritingSign({ pool, open, signals }: { pool: Pool; open: () => Map<ChannelId, OpenChannel>; signals: Signals }): WritingSign {
  async function show(conversationId: ConversationId, isHeld: boolean): Promise<void> {
    const { rows: [to] } = await sql<{ channelId: ChannelId; route: Route }>`
      select t.channel_id as "channelId", t.route from conversation c join thread t on t.id = c.thread_id join identity i on i.id = t.identity_id
      where c.id = ${conversationId} and not t.unproven and i.blocked_at is null and i.opted_out_at is null`.execute(pool.db)
    const channel = to && open().get(to.channelId)
    if (!channel?.capabilities.outbound.typing || channel.kind.exclusive(channel.config) !== isHeld) return
    await channel.connection?.typing?.(to!.route)
  }
  const quietly = (conversationId: ConversationId, isHeld: boolean) => show(conversationId, isHeld).catch(() => undefined)

  const close = signals.subscribe((signal) => {
    if (signal.type === 'told' && signal.topic === 'operator-typing') void quietly((signal.data as { conversationId: ConversationId }).conversationId, true)
  })
  return { show: (conversationId) => quietly(conversationId, false), close }
}
