/** How a call was: asked on its page when it is over, or at the close of the conversation where the page gave no answer. Never twice. */

import { sql } from 'kysely'
import { record } from './apply.ts'
import type { HeldCall } from './call.ts'
import type { Trx } from './store/schema.ts'

/** The page keeps asking this long. */
export const ratingMs = 24 * 3_600_000

export type RatingState = 'open' | 'scored' | 'done'

export async function ratingOf(db: Trx | HeldCall['trx'], conversationId: string): Promise<RatingState> {
  const row = await db.selectFrom('survey').select('state').where('conversation_id', '=', conversationId).where('subject', '=', 'call').executeTakeFirst()
  if (!row || row.state === 'asked') return 'open'
  return row.state === 'scored' ? 'scored' : 'done'
}

/** A score first; a comment after it, or with it. False: it was given before, or there was no call. */
export async function rate({ trx, held, call, world }: HeldCall, given: { score?: number | undefined; comment?: string | undefined }): Promise<boolean> {
  const { now } = world
  const before = await ratingOf(trx, held.id)
  const identityId = held.thread?.identityId
  if (!call.startedAt || !call.endedAt || now.getTime() - call.endedAt.getTime() > ratingMs || before === 'done' || !identityId) return false
  if (before === 'open') {
    if (given.score === undefined) return false
    await sql`insert into survey (conversation_id, identity_id, subject, state, score, comment, asked_at, answered_at, expires_at)
      values (${held.id}, ${identityId}, 'call', ${given.comment ? 'answered' : 'scored'}, ${given.score}, ${given.comment ?? null}, ${now}, ${now}, ${new Date(now.getTime() + ratingMs)})
      on conflict (conversation_id, subject) do update set state = excluded.state, score = excluded.score, comment = excluded.comment, answered_at = excluded.answered_at`.execute(trx)
    record(held, { by: 'citizen' }, 'rate', { score: given.score, subject: 'call' }, now)
    return true
  }
  if (!given.comment) return false
  await trx.updateTable('survey').set({ state: 'answered', comment: given.comment, answered_at: now }).where('conversation_id', '=', held.id).where('subject', '=', 'call').execute()
  record(held, { by: 'citizen' }, 'rate', { comment: true, subject: 'call' }, now)
  return true
}

/** What is to be asked at close: of the call where one took place, of the conversation otherwise, nothing where somebody has answered. */
export async function surveyAtClose(trx: Trx, conversationId: string): Promise<'call' | 'conversation' | null> {
  const asked = await trx.selectFrom('survey').select('subject').where('conversation_id', '=', conversationId).executeTakeFirst()
  if (asked) return null
  const call = await trx.selectFrom('call').select('id').where('conversation_id', '=', conversationId).where('started_at', 'is not', null).executeTakeFirst()
  return call ? 'call' : 'conversation'
}
