/** Works facts out again for every conversation that changed; behind the hot path, by one process at a time. */

import { sql } from 'kysely'
import type { Logger } from 'pino'
import { keepAtIt } from '../core/background.ts'
import type { Calendar } from '../core/calendar.ts'
import type { Db } from '../core/store/schema.ts'
import { factsOf, type CallHeld, type Happening, type History, type Said, type Town } from './facts.ts'

/** Few, so that no snapshot is held for long: what it may still see cannot be cleared away. */
export const factsAtOnce = 100
/** A transaction that began before may still commit a change with an earlier time. All by the database's clock: gateways' differ. */
const overlapSeconds = 20

interface Row {
  id: string; channelId: string; departmentId: string | null; topic: string | null; language: string; openedAt: Date; closedAt: Date | null; changedAt: string
  activities: (Omit<Happening, 'at'> & { at: string })[] | null
  messages: (Omit<Said, 'at'> & { at: string })[] | null
  calls: { askedAt: string; startedAt: string | null; endedAt: string | null; state: string }[] | null
  scores: History['scores'] | null
  failed: number
  unknown: number
}

export interface KeepFacts extends Omit<Town, 'calendar'> { db: Db; calendar: () => Calendar }

/** Returns how many conversations it worked out; call again while it is a full batch. */
export async function keepFacts({ db, calendar, calendarOf, targetsOf }: KeepFacts): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { rows: [mine] } = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(hashtextextended('facts', 7)) as mine`.execute(trx)
    if (!mine?.mine) return 0
    const { rows: [mark] } = await sql<{ at: string; id: string; before: string }>`
      select coalesce((select value->>'at' from setting where name = 'facts-watermark'), '2000-01-01') as at, (now() - make_interval(secs => ${overlapSeconds}))::text as before,
        coalesce((select value->>'id' from setting where name = 'facts-watermark'), '0') as id`.execute(trx)
    const { rows } = await sql<Row>`
      select c.id::text, c.channel_id as "channelId", c.department_id as "departmentId", c.topic, c.language, c.opened_at as "openedAt", c.closed_at as "closedAt", c.changed_at::text as "changedAt",
        (select json_agg(json_build_object('at', a.at, 'type', a.type, 'by', a.author, 'operatorId', a.operator_id, 'data', a.data) order by a.at, a.id) from activity a where a.conversation_id = c.id) as activities,
        (select json_agg(json_build_object('at', m.created_at, 'direction', m.direction, 'by', m.author, 'automatic', m.automatic) order by m.seq) from message m where m.conversation_id = c.id) as messages,
        (select json_agg(json_build_object('askedAt', k.asked_at, 'startedAt', k.started_at, 'endedAt', k.ended_at, 'state', k.state) order by k.id) from call k where k.conversation_id = c.id) as calls,
        (select json_agg(json_build_object('subject', s.subject, 'score', s.score)) from survey s where s.conversation_id = c.id and s.score is not null) as scores,
        (select count(*)::int from delivery d where d.conversation_id = c.id and d.state = 'failed') as failed,
        (select count(*)::int from delivery d where d.conversation_id = c.id and d.state = 'unknown') as unknown
      from conversation c where c.changed_at >= ${mark!.at}::timestamptz and (c.changed_at, c.id) > (${mark!.at}::timestamptz, ${mark!.id}::bigint)
      order by c.changed_at, c.id limit ${factsAtOnce}`.execute(trx)
    const town = { calendar: calendar(), calendarOf, targetsOf }
    if (rows.length > 0) await save(trx, rows.map((row) => presentFacts(row, town)))
    const last = rows.at(-1)
    const caughtUp = rows.length < factsAtOnce
    const next = caughtUp ? { at: mark!.before, id: '0' } : { at: last!.changedAt, id: last!.id }
    await sql`insert into setting (name, value) values ('facts-watermark', ${JSON.stringify(next)}::jsonb) on conflict (name) do update set value = excluded.value`.execute(trx)
    return rows.length
  })
}

function presentFacts(row: Row, town: Town): Record<string, unknown> {
  const date = (text: string) => new Date(text)
  const facts = factsOf({
    openedAt: row.openedAt, closedAt: row.closedAt, departmentId: row.departmentId,
    activities: (row.activities ?? []).map((one) => ({ ...one, at: date(one.at) })),
    messages: (row.messages ?? []).map((one) => ({ ...one, at: date(one.at) })),
    calls: (row.calls ?? []).map(({ askedAt, startedAt, endedAt, state }): CallHeld => ({ askedAt: date(askedAt), startedAt: startedAt ? date(startedAt) : null, endedAt: endedAt ? date(endedAt) : null, state })),
    scores: row.scores ?? [], deliveries: { failed: row.failed, unknown: row.unknown },
  }, town)
  return { ...facts, id: row.id, channelId: row.channelId, departmentId: row.departmentId, topic: row.topic, language: row.language, openedAt: row.openedAt, closedAt: row.closedAt }
}

async function save(db: Db, facts: Record<string, unknown>[]): Promise<void> {
  await sql`
    insert into conversation_fact (conversation_id, channel_id, department_id, operator_id, topic, language, opened_at, handed_at, closed_at,
      first_response_ms, first_response_open_ms, wait_ms, wait_open_ms, handling_ms, handling_open_ms, resolution_ms, resolution_open_ms, answered_in_time, resolved_in_time,
      messages_in, messages_bot, messages_operator, bot_answers, bot_misses, bot_alone, helpful, unhelpful, reopened, moved,
      score, call_score, calls_asked, calls_taken, calls_missed, call_ms, failed, unknown)
    select id, "channelId", "departmentId", "operatorId", topic, language, "openedAt", "handedAt", "closedAt",
      "firstResponseMs", "firstResponseOpenMs", "waitMs", "waitOpenMs", "handlingMs", "handlingOpenMs", "resolutionMs", "resolutionOpenMs", "answeredInTime", "resolvedInTime",
      "messagesIn", "messagesBot", "messagesOperator", "botAnswers", "botMisses", "botAlone", helpful, unhelpful, reopened, moved,
      score, "callScore", "callsAsked", "callsTaken", "callsMissed", "callMs", failed, unknown
    from json_to_recordset(${JSON.stringify(facts)}::json) as f(id bigint, "channelId" text, "departmentId" text, "operatorId" text, topic text, language text,
      "openedAt" timestamptz, "handedAt" timestamptz, "closedAt" timestamptz, "firstResponseMs" bigint, "firstResponseOpenMs" bigint, "waitMs" bigint, "waitOpenMs" bigint,
      "handlingMs" bigint, "handlingOpenMs" bigint, "answeredInTime" boolean, "resolvedInTime" boolean, "resolutionMs" bigint, "resolutionOpenMs" bigint, "messagesIn" int, "messagesBot" int, "messagesOperator" int, "botAnswers" int, "botMisses" int,
      "botAlone" boolean, helpful int, unhelpful int, reopened int, moved int, score int, "callScore" int, "callsAsked" int, "callsTaken" int, "callsMissed" int, "callMs" bigint, failed int, unknown int)
    on conflict (conversation_id) do update set
      channel_id = excluded.channel_id, department_id = excluded.department_id, operator_id = excluded.operator_id, topic = excluded.topic, language = excluded.language,
      opened_at = excluded.opened_at, handed_at = excluded.handed_at, closed_at = excluded.closed_at, first_response_ms = excluded.first_response_ms, first_response_open_ms = excluded.first_response_open_ms,
      wait_ms = excluded.wait_ms, wait_open_ms = excluded.wait_open_ms, handling_ms = excluded.handling_ms, handling_open_ms = excluded.handling_open_ms, answered_in_time = excluded.answered_in_time, resolved_in_time = excluded.resolved_in_time, resolution_ms = excluded.resolution_ms, resolution_open_ms = excluded.resolution_open_ms,
      messages_in = excluded.messages_in, messages_bot = excluded.messages_bot, messages_operator = excluded.messages_operator, bot_answers = excluded.bot_answers, bot_misses = excluded.bot_misses,
      bot_alone = excluded.bot_alone, helpful = excluded.helpful, unhelpful = excluded.unhelpful, reopened = excluded.reopened, moved = excluded.moved, score = excluded.score, call_score = excluded.call_score,
      calls_asked = excluded.calls_asked, calls_taken = excluded.calls_taken, calls_missed = excluded.calls_missed, call_ms = excluded.call_ms, failed = excluded.failed, unknown = excluded.unknown, computed_at = now()`.execute(db)
}

const everyMs = 2_000

/** Keeps working facts out until stopped. */
export function keepFactsFresh(options: KeepFacts, log: Logger, isBusy: () => boolean): { stop(): Promise<void> } {
  return keepAtIt({
    work: async () => await keepFacts(options) >= factsAtOnce, everyMs, isBusy,
    onError: (error) => log.warn({ reason: error.message }, 'facts could not be worked out; trying again'),
  })
}
