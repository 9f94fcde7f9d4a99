/** Answers to a form as the inbox gives them, with files that the citizen has sent already. */

import { z } from 'zod'
import type { Attachment, Content } from '../core/model.ts'
import type { Db } from '../core/store/schema.ts'
import type { SentFile } from '../operator-api.types.ts'
import { file } from './uploaded.ts'

/** What was given for each step; `sent`: ids of files of this conversation. */
export const given = z.record(
  z.string().regex(/^[\w-]{1,60}$/),
  z.strictObject({
    text: z.string().max(4_000).optional(), chosen: z.string().max(80).optional(), files: z.array(file).max(10).optional(), sent: z.array(z.string().max(80)).max(10).optional(),
  }),
)

/** In the bot's own words. A file that is not this conversation's, or not there any more, was not given. */
export async function answersFrom(db: Db, conversationId: string, answers: z.infer<typeof given>): Promise<Record<string, Content>> {
  const ids = Object.values(answers).flatMap(({ sent }) => sent ?? [])
  const known = new Map(ids.length > 0 ? (await filesOf(db, conversationId).where('attachment.id', 'in', ids).execute()).map((one) => [one.id, one]) : [])
  return Object.fromEntries(Object.entries(answers).map(([step, { text, chosen, files, sent }]): [string, Content] => {
    const before = (sent ?? []).flatMap((id): Attachment[] => {
      const one = known.get(id)
      return one ? [{ source: `file:${one.sha256}`, kind: one.kind as Attachment['kind'], mimeType: one.mime_type, ...(one.name !== null && { name: one.name }), ...(one.bytes !== null && { bytes: Number(one.bytes) }) }] : []
    })
    const attachments = [...before, ...(files ?? [])]
    return [step, { text: text ?? '', ...(chosen !== undefined && { chosen }), ...(attachments.length > 0 && { attachments }) }]
  }))
}

/** The newest files of the citizen in this conversation, the newest first. */
export async function filesSent(db: Db, conversationId: string): Promise<SentFile[]> {
  const rows = await filesOf(db, conversationId).orderBy('message.seq', 'desc').orderBy('attachment.position').limit(20).execute()
  return rows.map(({ id, kind, name, at }) => ({ id, kind: kind as Attachment['kind'], name, at: at.toISOString() }))
}

const filesOf = (db: Db, conversationId: string) => db.selectFrom('attachment').innerJoin('message', 'message.id', 'attachment.message_id')
  .select(['attachment.id', 'attachment.kind', 'attachment.name', 'attachment.mime_type', 'attachment.sha256', 'attachment.bytes', 'message.created_at as at'])
  .where('message.conversation_id', '=', conversationId).where('message.direction', '=', 'in').where('message.deleted_at', 'is', null)
  .where('attachment.state', '=', 'stored').where('attachment.sha256', 'is not', null)
