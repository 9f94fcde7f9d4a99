/** An operator's reaction to what a citizen wrote: the vendor first, then our own page. One a message, whoever of the town put it. */

import { sql } from 'kysely'
import type { Logger } from 'pino'
import { whyOf, type Words } from './channel.ts'
import type { ChannelId, ConversationId, ExternalId, MessageId, OperatorId, Route } from './model.ts'
import type { Signals } from './signals.ts'
import type { Pool } from './store/pool.ts'
import type { Town } from './town.ts'

export interface Reaction { messageId: MessageId; operatorId: OperatorId; /** null: takes it back. */ emoji: string | null }
/** `impossible`: this message, or its channel, takes none from us. */
export type Reacted = 'done' | 'impossible' | 'not-open' | { refused: Words }

export interface Reacting {
  react(wanted: Reaction): Promise<Reacted>
  close(): void
}

export interface ReactingOptions { pool: Pool; town: () => Town; signals: Signals; muted: () => boolean; now: () => Date; newId: () => string; log: Logger }

interface Target { conversationId: ConversationId; channelId: ChannelId; externalId: ExternalId; route: Route; current: string | null; isUnwanted: boolean }

/** The process that holds the channel answers long before. */
const patienceMs = 20_000

export function openReacting({ pool, town, signals, muted, now, newId, log }: ReactingOptions): Reacting {
  const asked = new Map<string, (answer: Reacted) => void>()
  const underWay = new Map<MessageId, Promise<Reacted>>()

  async function target(messageId: MessageId): Promise<Target | undefined> {
    const { rows: [found] } = await sql<Target>`
      select m.conversation_id::text as "conversationId", m.channel_id as "channelId", m.external_id as "externalId", t.route, o.emoji as current,
        (t.unproven or i.blocked_at is not null or i.opted_out_at is not null) as "isUnwanted"
      from message m join thread t on t.id = m.thread_id join identity i on i.id = t.identity_id left join our_reaction o on o.message_id = m.id
      where m.id = ${messageId} and m.direction = 'in' and m.external_id is not null and m.deleted_at is null`.execute(pool.db)
    return found
  }

  async function react(wanted: Reaction): Promise<Reacted> {
    const found = await target(wanted.messageId)
    const channel = found && town().channels.get(found.channelId)
    if (!channel?.capabilities.outbound.reactions) return 'impossible'
    if (found!.isUnwanted) return { refused: { pt: 'o munícipe não quer mensagens neste contacto', en: 'the citizen wants no messages at this contact' } }
    if (muted()) return 'not-open'
    if (channel.connection) return inTurn(wanted)
    return channel.kind.exclusive(channel.config) ? askHolder(wanted) : 'not-open'
  }

  /** A second press while the first is under way finds what that one did. */
  function inTurn(wanted: Reaction): Promise<Reacted> {
    const before = underWay.get(wanted.messageId) ?? Promise.resolve('done')
    const mine = before.then(() => carryOut(wanted), () => carryOut(wanted))
    underWay.set(wanted.messageId, mine)
    return mine.finally(() => { if (underWay.get(wanted.messageId) === mine) underWay.delete(wanted.messageId) })
  }

  async function carryOut(wanted: Reaction): Promise<Reacted> {
    const found = await target(wanted.messageId)
    const connection = found && town().channels.get(found.channelId)?.connection
    if (!found) return 'impossible'
    if (found.current === wanted.emoji) return 'done'
    if (!connection?.react) return 'not-open'
    try {
      await connection.react(found.route, found.externalId, wanted.emoji)
    } catch (error) {
      const why = whyOf(error)
      log.warn({ channel: found.channelId, reason: why.en }, 'the channel did not take a reaction')
      return { refused: why }
    }
    await keep(found.conversationId, wanted)
    return 'done'
  }

  async function keep(conversationId: ConversationId, { messageId, operatorId, emoji }: Reaction): Promise<void> {
    await pool.db.transaction().execute(async (trx) => {
      await sql`update conversation set version = version + 1 where id = ${conversationId}`.execute(trx)
      if (emoji === null) await trx.deleteFrom('our_reaction').where('message_id', '=', messageId).execute()
      else {
        const row = { operator_id: operatorId, emoji, at: now() }
        await trx.insertInto('our_reaction').values({ message_id: messageId, ...row }).onConflict((conflict) => conflict.column('message_id').doUpdateSet(row)).execute()
      }
      await trx.insertInto('activity').values({
        conversation_id: conversationId, author: 'operator', operator_id: operatorId, type: 'react', data: JSON.stringify({ message: messageId, emoji }), at: now(),
      }).execute()
    })
    await signals.broadcast({ type: 'changed', changes: [{ conversationId }] })
  }

  function askHolder(wanted: Reaction): Promise<Reacted> {
    const id = newId()
    return new Promise((resolve) => {
      const done = (answer: Reacted) => {
        clearTimeout(timer)
        asked.delete(id)
        resolve(answer)
      }
      const timer = setTimeout(() => done('not-open'), patienceMs)
      asked.set(id, done)
      void signals.broadcast({ type: 'told', topic: 'react', data: { id, wanted } })
    })
  }

  const close = signals.subscribe((signal) => {
    if (signal.type !== 'told') return
    if (signal.topic === 'reacted') {
      const { id, answer } = signal.data as { id: string; answer: Reacted }
      asked.get(id)?.(answer)
    } else if (signal.topic === 'react') {
      const { id, wanted } = signal.data as { id: string; wanted: Reaction }
      if (!asked.has(id)) void answerFor(id, wanted)
    }
  })

  async function answerFor(id: string, wanted: Reaction): Promise<void> {
    const found = await target(wanted.messageId).catch(() => undefined)
    if (!found || !town().channels.get(found.channelId)?.connection?.react) return
    const answer = await inTurn(wanted).catch((): Reacted => 'not-open')
    await signals.broadcast({ type: 'told', topic: 'reacted', data: { id, answer } })
  }

  return {
    react,
    close() {
      close()
      for (const done of [...asked.values()]) done('not-open')
    },
  }
}
