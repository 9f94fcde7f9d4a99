/** Tells the citizen's channel that their last message was read, where it has a mark for it. A courtesy: once, never tried again. */

import { sql } from 'kysely'
import type { Logger } from 'pino'
import { whyOf } from './channel.ts'
import type { ChannelId, ConversationId, ExternalId, OperatorId, Route } from './model.ts'
import type { Signals } from './signals.ts'
import type { Pool } from './store/pool.ts'
import type { Town } from './town.ts'

export interface ReadSign {
  /** This operator has read on, or has come to deal with what they had read. Holds nobody up. */
  seen(conversationId: ConversationId, operatorId: OperatorId): void
  close(): void
}

interface Read { threadId: string; channelId: ChannelId; route: Route; messageId: string; externalId: ExternalId }

export function openReadSign({ pool, town, signals, log }: { pool: Pool; town: () => Town; signals: Signals; log: Logger }): ReadSign {
  /** The last word of the citizen in each thread that this operator has read, and answers for. Whoever only looks in on the bot or on a colleague says nothing. */
  async function read(conversationId: ConversationId, operatorId: OperatorId): Promise<Read[]> {
    const { rows } = await sql<Read>`
      select t.id::text as "threadId", t.channel_id as "channelId", t.route, m.id::text as "messageId", m.external_id as "externalId"
      from conversation c join read_mark r on r.conversation_id = c.id and r.operator_id = ${operatorId}
      join thread t on t.conversation_id = c.id join identity i on i.id = t.identity_id
      cross join lateral (select id, seq, external_id from message where conversation_id = c.id and thread_id = t.id and direction = 'in' and seq <= r.seq
        and external_id is not null and deleted_at is null order by seq desc limit 1) m
      where c.id = ${conversationId} and c.state <> 'bot' and m.id > coalesce(t.read_message_id, 0)
        and not t.unproven and i.blocked_at is null and i.opted_out_at is null
        and (c.operator_id = ${operatorId} or exists (
          select from message a where a.conversation_id = c.id and a.seq > m.seq and a.direction = 'out' and a.operator_id = ${operatorId}))`.execute(pool.db)
    return rows
  }

  /** Before it is told: two processes, or two clicks, tell it once. */
  async function claim({ threadId, messageId }: Read): Promise<boolean> {
    const claimed = await sql`update thread set read_message_id = ${messageId} where id = ${threadId} and coalesce(read_message_id, 0) < ${messageId}`.execute(pool.db)
    return claimed.numAffectedRows === 1n
  }

  async function tell(conversationId: ConversationId, operatorId: OperatorId, isPassedOn: boolean): Promise<void> {
    const { channels } = town()
    if (![...channels.values()].some(({ capabilities }) => capabilities.outbound.readMarks)) return
    for (const one of await read(conversationId, operatorId)) {
      const channel = channels.get(one.channelId)
      if (!channel?.capabilities.outbound.readMarks) continue
      if (channel.connection?.markRead) {
        if (!await claim(one)) continue
        await channel.connection.markRead(one.route, one.externalId)
          .catch((error: unknown) => log.warn({ channel: one.channelId, reason: whyOf(error).en }, 'the channel did not take that a message was read'))
      } else if (!isPassedOn) await signals.broadcast({ type: 'told', topic: 'operator-read', data: { conversationId, operatorId } })
    }
  }
  const quietly = (conversationId: ConversationId, operatorId: OperatorId, isPassedOn: boolean) =>
    void tell(conversationId, operatorId, isPassedOn).catch((error: Error) => log.warn({ reason: error.message }, 'a read mark was interrupted'))

  const close = signals.subscribe((signal) => {
    if (signal.type !== 'told' || signal.topic !== 'operator-read') return
    const { conversationId, operatorId } = signal.data as { conversationId: ConversationId; operatorId: OperatorId }
    quietly(conversationId, operatorId, true)
  })
  return { seen: (conversationId, operatorId) => quietly(conversationId, operatorId, false), close }
}
