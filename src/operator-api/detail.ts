/** One conversation in full: its threads, its citizen, who else is looking at it. */

import { sql } from 'kysely'
import type { Operator } from '../core/model.ts'
import type { ConversationDetail, ConversationSummary, ThreadView } from '../operator-api.types.ts'
import type { Api } from './api.ts'
import { callsOf } from './calls.ts'
import { readCitizen } from './citizens.ts'

interface ThreadRow { id: string; channelId: string; address: string; name: string | null; lastInboundAt: Date | null; blocked: boolean; optedOut: boolean; unproven: boolean }

export async function presentDetail(api: Api, operator: Operator, summary: ConversationSummary): Promise<ConversationDetail> {
  const db = api.gateway.pool.db
  const [threads, current, people, drafts, calls, survey] = await Promise.all([
    sql<ThreadRow>`select t.id::text, t.channel_id as "channelId", i.address, i.name, t.last_inbound_at as "lastInboundAt",
        i.blocked_at is not null as blocked, i.opted_out_at is not null as "optedOut", t.unproven
      from thread t join identity i on i.id = t.identity_id where t.conversation_id = ${summary.id} order by t.id`.execute(db),
    db.selectFrom('conversation').select('thread_id').where('id', '=', summary.id).executeTakeFirst(),
    readCitizen(api, operator, summary.citizen.id),
    db.selectFrom('draft').select(['kind', 'text']).where('conversation_id', '=', summary.id).where('operator_id', '=', operator.id).execute(),
    callsOf(api, summary.id),
    db.selectFrom('survey').select(['state', 'score', 'comment']).where('conversation_id', '=', summary.id).orderBy('id', 'desc').executeTakeFirst(),
  ])
  return {
    ...summary,
    threads: threads.rows.map((row) => presentThread(api, row)),
    threadId: current?.thread_id ?? '',
    people: people!,
    draft: { reply: drafts.find(({ kind }) => kind === 'reply')?.text ?? '', note: drafts.find(({ kind }) => kind === 'note')?.text ?? '' },
    present: api.presence.of(summary.id).filter(({ operatorId }) => operatorId !== operator.id),
    calls,
    survey: survey ?? null,
  }
}

function presentThread(api: Api, { lastInboundAt, ...row }: ThreadRow): ThreadView {
  const initiate = api.channels.all.get(row.channelId)?.capabilities.initiate
  const ends = typeof initiate === 'object' ? new Date((lastInboundAt?.getTime() ?? 0) + initiate.withinHours * 3_600_000).toISOString() : null
  const kind = api.presenting.kindOf(row.channelId)
  return { ...row, address: kind === 'webchat' ? '' : row.address, channelKind: kind, lastInboundAt: lastInboundAt?.toISOString() ?? null, windowEndsAt: ends }
}
