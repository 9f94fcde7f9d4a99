/** What vendors tell us after the fact: receipts, edits, deletions, reactions, blocks. Late, repeated and early news are harmless. */

import { sql } from 'kysely'
import { inBoth } from '../channel.ts'
import type { ExternalId, InboundEvent, ReceiptState } from '../model.ts'
import type { Change } from '../signals.ts'
import { callForward } from './deliveries.ts'
import type { Trx } from './schema.ts'
import { countFailures } from './write.ts'

export type NewsEvent = Exclude<InboundEvent, { type: 'message.received' | 'message.echoed' | 'typing' | 'ignored' }>
export interface News { channelId: string; event: NewsEvent }

/**
 * A receipt and the answer to our own request may cross: each would look for the other before the other is committed. Whoever
 * names a vendor's id takes its lock first, before any row.
 */
export async function lockReceipts(trx: Trx, receipts: { channelId: string; externalId: ExternalId }[]): Promise<void> {
  if (receipts.length === 0) return
  const names = receipts.map(({ channelId, externalId }) => `${channelId}|${externalId}`)
  await sql`select pg_advisory_xact_lock(key) from (
    select distinct hashtextextended(name, 11) as key from unnest(${names}::text[]) as name order by 1) as ordered`.execute(trx)
}

/** The ids that receipts among these speak of. */
export function receiptsIn(news: News[]): { channelId: string; externalId: ExternalId }[] {
  return news.flatMap(({ channelId, event }) => (
    event.type === 'message.status' && event.externalId !== undefined ? [{ channelId, externalId: event.externalId }] : []))
}

/** Returns the conversations that changed. */
export async function takeNews(trx: Trx, news: News[], now: Date): Promise<Change[]> {
  const changed = new Set<string>()
  await lockConcerned(trx, news)
  for (const { channelId, event } of news) {
    const id = await take(trx, channelId, event, now)
    if (id) changed.add(id)
  }
  const ids = [...changed].sort((a, b) => Number(a) - Number(b))
  for (const id of ids) await sql`update conversation set version = version + 1, changed_at = now() where id = ${id}`.execute(trx)
  return ids.map((conversationId) => ({ conversationId }))
}

/** Before any of their rows, and by id, as everybody does: or two would wait for each other. */
async function lockConcerned(trx: Trx, news: News[]): Promise<void> {
  const names = news.flatMap(({ channelId, event }) => [
    ...('externalId' in event && event.externalId !== undefined ? [{ channelId, name: event.externalId }] : []),
    ...(event.type === 'message.status' && event.key !== undefined ? [{ channelId, name: event.key }] : []),
  ])
  if (names.length === 0) return
  await sql`
    with named as materialized (select * from unnest(${names.map(({ channelId }) => channelId)}::text[], ${names.map(({ name }) => name)}::text[]) as n(channel, name))
    select id from conversation where id = any(array(
      select d.conversation_id from named n join delivery d on d.channel_id = n.channel and d.external_id = n.name
      union all select d.conversation_id from named n join delivery d on d.channel_id = n.channel and d.key = n.name
      union all select m.conversation_id from named n join message m on m.channel_id = n.channel and m.external_id = n.name))
    order by id for no key update`.execute(trx)
}

async function take(trx: Trx, channelId: string, event: NewsEvent, now: Date): Promise<string | undefined> {
  switch (event.type) {
    case 'message.status': return progress(trx, channelId, event, now)
    case 'message.edited': return edit(trx, channelId, event, now)
    case 'message.deleted': {
      const row = await trx.updateTable('message').set({ deleted_at: event.at ?? now })
        .where('channel_id', '=', channelId).where('external_id', '=', event.externalId).where('deleted_at', 'is', null)
        .returning(['id', 'conversation_id']).executeTakeFirst()
      // Nobody finds any more what was taken back.
      if (row) await trx.deleteFrom('message_search').where('message_id', '=', row.id).execute()
      return row?.conversation_id
    }
    case 'reaction.changed': return react(trx, channelId, event, now)
    case 'contact.blocked': return mark(trx, channelId, event.from.address, { blocked_at: event.at ?? now })
    case 'contact.unblocked': return mark(trx, channelId, event.from.address, { blocked_at: null })
    case 'contact.opted-out': return mark(trx, channelId, event.from.address, { opted_out_at: event.at ?? now })
    case 'contact.opted-in': return mark(trx, channelId, event.from.address, { opted_out_at: null })
  }
}

type Status = Extract<NewsEvent, { type: 'message.status' }>

/** Which states a piece of news may follow: states only move forward, and `failed` never undoes what was seen to arrive. */
const follows: Record<ReceiptState, string[]> = {
  sent: ['sending', 'unknown'],
  delivered: ['sending', 'unknown', 'sent', 'failed'],
  read: ['sending', 'unknown', 'sent', 'delivered', 'failed'],
  failed: ['sending', 'unknown', 'sent'],
}

/** A word is the inbox's own; all else is said to people. */
function asStored(reason: Status['reason']): { reason: string | null; detail: string | null; detail_en: string | null } {
  if (reason === undefined) return { reason: null, detail: null, detail_en: null }
  const isWord = typeof reason === 'string' && /^[a-z-]+$/.test(reason)
  const { pt, en } = inBoth(reason)
  return { reason: isWord ? pt : null, detail: pt, detail_en: en === pt ? null : en }
}

export async function progress(trx: Trx, channelId: string, { externalId, key, state, reason, cost, at }: Omit<Status, 'type'>, now: Date): Promise<string | undefined> {
  const when = at ?? now
  const { reason: word, ...details } = asStored(reason)
  const found = await trx.selectFrom('delivery').select(['message_id', 'conversation_id', 'state'])
    .where('channel_id', '=', channelId)
    .where((eb) => eb.or([
      ...(externalId !== undefined ? [eb('external_id', '=', externalId)] : []),
      ...(key !== undefined ? [eb('key', '=', key)] : []),
    ]))
    .forNoKeyUpdate().executeTakeFirst()
  if (!found) {
    // Faster than the answer to our own request: kept until that is settled.
    if (externalId !== undefined) {
      await trx.insertInto('early_status').values({ channel_id: channelId, external_id: externalId, state, ...asStored(reason) })
        .onConflict((conflict) => conflict.doNothing()).execute()
    }
    return undefined
  }
  if (!follows[state].includes(found.state)) {
    // Said before: what it costs, that it is on its way for long, or what they made of it, is news.
    const late = state === found.state && state !== 'failed' ? (word ?? undefined) : undefined
    if (cost === undefined && late === undefined) return undefined
    const { numUpdatedRows } = await trx.updateTable('delivery')
      .set({ ...(cost !== undefined && { cost }), ...(late !== undefined && { reason: late }) })
      .where('message_id', '=', found.message_id).where(sql<boolean>`(cost is distinct from ${cost ?? sql`cost`} or reason is distinct from ${late ?? sql`reason`})`)
      .executeTakeFirst()
    return numUpdatedRows > 0n ? found.conversation_id : undefined
  }
  await trx.updateTable('delivery')
    .set({
      state,
      ...(externalId !== undefined && { external_id: externalId }),
      ...(cost !== undefined && { cost }),
      ...(state === 'failed' && { reason: 'undelivered', ...details }),
      ...(state === 'sent' && { sent_at: when, reason: word }),
      ...(state === 'delivered' && { delivered_at: when, reason: null }),
      ...(state === 'read' && { read_at: when, reason: word }),
    })
    .where('message_id', '=', found.message_id).execute()
  if (found.state === 'sending') await callForward(trx, [found.message_id])
  if (state === 'failed' || found.state === 'unknown' || found.state === 'failed') await countFailures(trx, found.conversation_id)
  return found.conversation_id
}

async function edit(trx: Trx, channelId: string, event: Extract<NewsEvent, { type: 'message.edited' }>, now: Date): Promise<string | undefined> {
  const message = await trx.selectFrom('message').select(['id', 'conversation_id', 'content'])
    .where('channel_id', '=', channelId).where('external_id', '=', event.externalId).forNoKeyUpdate().executeTakeFirst()
  if (!message || message.content.text === event.content.text) return undefined
  await trx.insertInto('message_revision').values({ message_id: message.id, content: JSON.stringify(message.content), at: now }).execute()
  // Stored anew: the search index reads along by this time.
  await trx.updateTable('message').set({ content: JSON.stringify({ ...message.content, text: event.content.text }), edited_at: event.at ?? now, stored_at: sql`now()` })
    .where('id', '=', message.id).execute()
  return message.conversation_id
}

async function react(trx: Trx, channelId: string, event: Extract<NewsEvent, { type: 'reaction.changed' }>, now: Date): Promise<string | undefined> {
  const target = await trx.selectFrom('delivery').select(['message_id as id', 'conversation_id'])
    .where('channel_id', '=', channelId).where('external_id', '=', event.externalId)
    .unionAll(trx.selectFrom('message').select(['id', 'conversation_id']).where('channel_id', '=', channelId).where('external_id', '=', event.externalId))
    .limit(1).executeTakeFirst()
  const identity = await trx.selectFrom('identity').select('id')
    .where('channel_id', '=', channelId).where('address', '=', event.from.address).executeTakeFirst()
  if (!target || !identity) return undefined
  if (event.emoji === null) {
    await trx.deleteFrom('reaction').where('message_id', '=', target.id).where('identity_id', '=', identity.id).execute()
  } else {
    await trx.insertInto('reaction').values({ message_id: target.id, identity_id: identity.id, emoji: event.emoji, at: event.at ?? now })
      .onConflict((conflict) => conflict.columns(['message_id', 'identity_id']).doUpdateSet({ emoji: event.emoji!, at: now })).execute()
  }
  return target.conversation_id
}

async function mark(
  trx: Trx, channelId: string, address: string, change: { blocked_at: Date | null } | { opted_out_at: Date | null },
): Promise<string | undefined> {
  const identity = await trx.updateTable('identity').set(change)
    .where('channel_id', '=', channelId).where('address', '=', address).returning(['id', 'citizen_id']).executeTakeFirst()
  if (!identity) return undefined
  const open = await trx.selectFrom('conversation').select('id')
    .where('citizen_id', '=', identity.citizen_id).where('state', '<>', 'closed').executeTakeFirst()
  return open?.id
}
