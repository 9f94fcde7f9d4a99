/** Queries that few messages need: albums, closed conversations, a lock by id. */

import { randomUUID } from 'node:crypto'
import { CompiledQuery, sql } from 'kysely'
import type { MessageReceived } from '../model.ts'
import type { Change } from '../signals.ts'
import { type Held, type HeldRow, type HeldThread, heldColumns, hold } from './held.ts'
import { preparedBlind } from './prepared.ts'
import type { Trx } from './schema.ts'

const tellAll = preparedBlind('notify', `select pg_notify('balcao', payload) from unnest($1::text[]) as payload`)

export async function notify(trx: Trx, payloads: string[]): Promise<void> {
  if (payloads.length > 0) await trx.executeQuery(CompiledQuery.raw(tellAll, [payloads]))
}

/** The conversation with its reply target, locked until the transaction ends. `where` may use the table's columns. */
export async function lock(trx: Trx, id: string, threadId?: string): Promise<Held | undefined> {
  const { rows } = await trx.executeQuery<HeldRow>(CompiledQuery.raw(
    `select ${heldColumns} from conversation where id = $1 for no key update`, [id]))
  const row = rows[0]
  if (!row) return undefined
  const { rows: around } = await trx.executeQuery<HeldThread & { name: string | null; attributes: Record<string, string> }>(CompiledQuery.raw(
    `select t.id, t.channel_id as "channelId", t.identity_id as "identityId", i.address, t.last_inbound_at as "lastInboundAt",
       i.opted_out_at is not null as "optedOut", p.name, p.attributes
     from citizen p left join thread t on t.id = $1 and t.conversation_id = $3 and not t.unproven left join identity i on i.id = t.identity_id where p.id = $2`,
    [threadId ?? row.threadId, row.citizenId, row.id]))
  const found = around[0]
  const thread = found?.id
    ? { id: found.id, channelId: found.channelId, identityId: found.identityId, address: found.address, lastInboundAt: found.lastInboundAt, optedOut: found.optedOut }
    : null
  return hold(row, { isNew: false, thread, citizen: { name: found?.name ?? null, attributes: found?.attributes ?? {}, isNew: false } })
}

/** A closed conversation, to add the answer to its survey; undefined when it is open again or speaks to somebody else. */
export async function lockClosed(trx: Trx, id: string, identityId: string): Promise<Held | undefined> {
  const held = await lock(trx, id)
  return held?.state === 'closed' && held.thread?.identityId === identityId ? held : undefined
}

/** The further picture of an album joins the message of its first part. */
export async function addToAlbum(trx: Trx, messageId: string, channelId: string, event: MessageReceived): Promise<Change> {
  const message = await trx.selectFrom('message').select(['conversation_id', 'content', 'created_at'])
    .where('id', '=', messageId).forNoKeyUpdate().executeTakeFirstOrThrow()
  const files = event.content.attachments ?? []
  const before = message.content.attachments ?? []
  const text = [message.content.text, event.content.text].filter(Boolean).join('\n')
  await trx.updateTable('message').set({ content: JSON.stringify({ ...message.content, text, attachments: [...before, ...files] }) })
    .where('id', '=', messageId).execute()
  for (const [n, file] of files.entries()) {
    await trx.insertInto('attachment').values({
      id: randomUUID(), message_id: messageId, position: before.length + n, kind: file.kind, mime_type: file.mimeType,
      name: file.name ?? null, bytes: file.bytes === undefined ? null : String(file.bytes), source: file.source, channel_id: channelId,
      sha256: file.source.startsWith('file:') ? file.source.slice(5) : null, state: file.source.startsWith('file:') ? 'stored' : 'pending',
    }).execute()
  }
  await trx.insertInto('message_part').values({ channel_id: channelId, external_id: event.externalId, message_id: messageId }).execute()
  await trx.updateTable('conversation').set((eb) => ({ version: eb('version', '+', 1), changed_at: sql<Date>`now()` }))
    .where('id', '=', message.conversation_id).execute()
  return { conversationId: message.conversation_id }
}
