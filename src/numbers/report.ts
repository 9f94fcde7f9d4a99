/** Reports: sums and percentiles over the facts of a period, within what this operator may see. */

import { type RawBuilder, sql } from 'kysely'
import type { Operator } from '../core/model.ts'
import type { Db } from '../core/store/schema.ts'

export type Grouping = 'all' | 'channel' | 'department' | 'operator' | 'topic' | 'hour' | 'day' | 'language'
export interface Period { from: Date; to: Date; timezone: string }
export interface Narrowing { channel?: string | undefined; department?: string | undefined; operator?: string | undefined; topic?: string | undefined }

/** Times in milliseconds; null where there is nothing to speak of. */
export interface Line {
  key: string
  conversations: number
  closed: number
  handed: number
  botAlone: number
  noAnswer: number
  helpful: number
  unhelpful: number
  reopened: number
  moved: number
  messagesIn: number
  messagesBot: number
  messagesOperator: number
  firstResponseP50: number | null
  firstResponseP90: number | null
  firstResponseOpenP50: number | null
  firstResponseOpenP90: number | null
  waitP50: number | null
  waitP90: number | null
  waitOpenP50: number | null
  waitOpenP90: number | null
  handlingP50: number | null
  handlingP90: number | null
  handlingOpenP50: number | null
  handlingOpenP90: number | null
  resolutionP50: number | null
  resolutionP90: number | null
  resolutionOpenP50: number | null
  resolutionOpenP90: number | null
  answeredInTime: number
  answeredLate: number
  settledLate: number
  scores: number
  score: number | null
  satisfied: number
  callsAsked: number
  callsTaken: number
  callsMissed: number
  callMinutes: number
  callScores: number
  callScore: number | null
  failed: number
  unknown: number
}

const p = (at: number, column: string) => sql`percentile_cont(${sql.lit(at)}) within group (order by ${sql.ref(column)})`

/** Conversations opened in the period; `closed` are those of them that are closed now. */
export async function report(db: Db, operator: Operator, period: Period, by: Grouping, narrowing: Narrowing = {}): Promise<Line[]> {
  const query = sql<Line>`
    select ${keyOf(by, period.timezone)} as key, count(*)::int as conversations, count(closed_at)::int as closed, count(handed_at)::int as handed,
      count(*) filter (where bot_alone)::int as "botAlone", count(*) filter (where bot_misses > 0)::int as "noAnswer",
      sum(helpful)::int as helpful, sum(unhelpful)::int as unhelpful, sum(reopened)::int as reopened, sum(moved)::int as moved,
      sum(messages_in)::int as "messagesIn", sum(messages_bot)::int as "messagesBot", sum(messages_operator)::int as "messagesOperator",
      ${p(0.5, 'first_response_ms')} as "firstResponseP50", ${p(0.9, 'first_response_ms')} as "firstResponseP90",
      ${p(0.5, 'first_response_open_ms')} as "firstResponseOpenP50", ${p(0.9, 'first_response_open_ms')} as "firstResponseOpenP90",
      ${p(0.5, 'wait_ms')} as "waitP50", ${p(0.9, 'wait_ms')} as "waitP90", ${p(0.5, 'wait_open_ms')} as "waitOpenP50", ${p(0.9, 'wait_open_ms')} as "waitOpenP90",
      ${p(0.5, 'handling_ms')} as "handlingP50", ${p(0.9, 'handling_ms')} as "handlingP90", ${p(0.5, 'handling_open_ms')} as "handlingOpenP50", ${p(0.9, 'handling_open_ms')} as "handlingOpenP90",
      ${p(0.5, 'resolution_ms')} as "resolutionP50", ${p(0.9, 'resolution_ms')} as "resolutionP90",
      ${p(0.5, 'resolution_open_ms')} as "resolutionOpenP50", ${p(0.9, 'resolution_open_ms')} as "resolutionOpenP90",
      count(*) filter (where answered_in_time)::int as "answeredInTime", count(*) filter (where not answered_in_time)::int as "answeredLate", count(*) filter (where not resolved_in_time)::int as "settledLate",
      count(score)::int as scores, avg(score)::float8 as score, count(*) filter (where score >= 4)::int as satisfied,
      sum(calls_asked)::int as "callsAsked", sum(calls_taken)::int as "callsTaken", sum(calls_missed)::int as "callsMissed", (sum(call_ms) / 60000)::float8 as "callMinutes",
      count(call_score)::int as "callScores", avg(call_score)::float8 as "callScore", sum(failed)::int as failed, sum(unknown)::int as unknown
    from conversation_fact f where ${within(operator, period, narrowing)} group by 1 order by 1`
  return db.transaction().execute(async (trx) => {
    // Eight columns are sorted for their percentiles. A year of a city fits; with the usual 4 MB each goes by the disk and takes twice as long.
    await sql`set local work_mem = '32MB'`.execute(trx)
    return (await query.execute(trx)).rows
  })
}

/** Which facts a figure counts: the same condition opens the conversations behind it. */
const behind: Record<string, RawBuilder<unknown>> = {
  conversations: sql`true`, closed: sql`closed_at is not null`, handed: sql`handed_at is not null`, botAlone: sql`bot_alone`, noAnswer: sql`bot_misses > 0`,
  helpful: sql`helpful > 0`, unhelpful: sql`unhelpful > 0`, reopened: sql`reopened > 0`, moved: sql`moved > 0`, firstResponse: sql`first_response_ms is not null`,
  wait: sql`wait_ms is not null`, handling: sql`handling_ms is not null`, resolution: sql`resolution_ms is not null`, score: sql`score is not null`, answeredInTime: sql`answered_in_time`, answeredLate: sql`not answered_in_time`, settledLate: sql`not resolved_in_time`,
  callScore: sql`call_score is not null`, callMinutes: sql`call_ms > 0`, satisfied: sql`score >= 4`,
  callsAsked: sql`calls_asked > 0`, callsTaken: sql`calls_taken > 0`, callsMissed: sql`calls_missed > 0`, failed: sql`failed > 0`, unknown: sql`unknown > 0`,
}
export const figures = Object.keys(behind)

export async function conversationsBehind(
  db: Db, operator: Operator, period: Period, figure: string, group: { by: Grouping; key: string } | undefined, narrowing: Narrowing, limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select conversation_id::text as id from conversation_fact f
    where ${within(operator, period, narrowing)} and ${behind[figure] ?? sql`false`} ${group && group.by !== 'all' ? sql`and ${keyOf(group.by, period.timezone)} = ${group.key}` : sql``}
    order by opened_at desc limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

export function within(operator: Operator, { from, to }: Period, { channel, department, operator: who, topic }: Narrowing): RawBuilder<unknown> {
  const conditions = [
    sql`opened_at >= ${from} and opened_at < ${to}`,
    operator.role === 'admin' ? sql`true` : sql`(f.department_id is null or f.department_id = any(${operator.departments}::text[]))`,
    ...(channel ? [sql`f.channel_id = ${channel}`] : []), ...(department ? [sql`f.department_id = ${department}`] : []),
    ...(who ? [sql`f.operator_id = ${who}`] : []), ...(topic ? [sql`f.topic = ${topic}`] : []),
  ]
  return sql.join(conditions, sql` and `)
}

function keyOf(by: Grouping, timezone: string): RawBuilder<string> {
  switch (by) {
    case 'all': return sql`'all'`
    case 'channel': return sql`channel_id`
    case 'department': return sql`coalesce(department_id, '')`
    case 'operator': return sql`coalesce(operator_id, '')`
    case 'topic': return sql`coalesce(topic, '')`
    case 'language': return sql`language`
    // The name of the zone comes from the config that was checked, never from a request.
    case 'hour': return sql`to_char(opened_at at time zone ${sql.lit(timezone)}, 'HH24')`
    case 'day': return sql`to_char(opened_at at time zone ${sql.lit(timezone)}, 'YYYY-MM-DD')`
  }
}
