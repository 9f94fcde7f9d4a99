/** The conversation beside the picture: read for the page, and written to as the citizen's own words. */

import { createHash } from 'node:crypto'
import type { HeldCall } from '../core/call.ts'
import { isOpen } from '../core/call.ts'
import type { Call } from '../core/store/calls.ts'
import { isStored, readChat } from '../core/store/call-chat.ts'
import type { Db } from '../core/store/schema.ts'
import type { Town } from '../core/town.ts'
import { takeMessage } from '../core/turn.ts'
import type { Entry } from './protocol.ts'

const maxEntries = 100

export async function entriesOf(db: Db, call: Call, now: Date, publicUrl: string, urlOf: (attachmentId: string, name: string | null) => string): Promise<Entry[]> {
  const rows = await readChat(db, call.conversationId, call.askedSeq, now, maxEntries)
  // The way into this page is not said on it.
  return rows.filter(({ content }) => !content.text.includes(`${publicUrl}/call/`)).map(({ seq, author, operatorName, at, content, externalId, files }) => ({
    seq, by: author, name: operatorName?.split(' ')[0] ?? null, at: at.toISOString(), text: content.text,
    id: externalId?.startsWith('call:') ? externalId.slice(externalId.lastIndexOf(':') + 1) : null,
    files: (files ?? []).map(({ id, name }) => ({ name: name ?? id, url: urlOf(id, name) })),
  }))
}

/** True: it stands in the conversation, now or since an earlier attempt. */
export async function sayOnPage({ trx, held, call, world }: HeldCall, { id, text }: { id: string; text: string }, town: Town, onBotError: (error: unknown) => void): Promise<boolean> {
  const thread = held.thread
  if (!isOpen(call) || held.state === 'closed' || !thread) return false
  const externalId = `call:${createHash('sha256').update(call.room).digest('hex').slice(0, 12)}:${id}`
  if (await isStored(trx, thread.channelId, externalId)) return true
  takeMessage(held, { type: 'message.received', externalId, from: { address: thread.address, route: {} }, content: { text } }, thread, town, world, onBotError)
  return true
}
