/** The inbox's lists: keyset only, one index scan each, always within what this operator may see. */

import { type RawBuilder, sql } from 'kysely'
import type { Operator } from '../model.ts'
import { visibleTo } from '../policy.ts'
import { prepared } from './prepared.ts'
import type { Db } from './schema.ts'

export interface SummaryRow {
  id: string
  reference: string
  version: number
  state: 'bot' | 'waiting' | 'assigned' | 'snoozed' | 'closed'
  operatorId: string | null
  departmentId: string | null
  wakeAt: Date | null
  citizenId: string
  citizenName: string | null
  address: string | null
  channelId: string
  language: 'pt' | 'en' | 'es' | 'fr'
  topic: string | null
  subject: string | null
  priority: 'low' | 'normal' | 'high' | 'urgent'
  tags: string[]
  preview: string
  previewBy: 'citizen' | 'bot' | 'operator' | 'system'
  previewOperatorId: string | null
  lastMessageAt: Date
  lastInboundAt: Date | null
  lastSeq: number
  lastInboundSeq: number
  readSeq: number
  waitingSince: Date | null
  dueAt: Date | null
  failedDeliveries: number
  unanswered: boolean
  openedAt: Date
  closedAt: Date | null
}

/** By key, one conversation after the other: joined, PostgreSQL would read all citizens of a small town for each page. */
const columns = (operatorId: string) => sql`
  c.id::text, c.reference, c.version, c.state, c.operator_id as "operatorId", c.department_id as "departmentId", c.wake_at as "wakeAt",
  c.citizen_id::text as "citizenId", (select p.name from citizen p where p.id = c.citizen_id) as "citizenName",
  (select i.address from thread t join identity i on i.id = t.identity_id where t.id = c.thread_id) as address, c.channel_id as "channelId", c.language, c.topic, c.subject,
  c.priority, c.tags, c.preview, c.preview_by as "previewBy",
  case when c.preview_by = 'operator' then (select m.operator_id from message m where m.conversation_id = c.id and m.author = 'operator' and m.direction = 'out' order by m.seq desc limit 1) end as "previewOperatorId",
  c.last_message_at as "lastMessageAt", c.last_inbound_at as "lastInboundAt",
  c.last_seq as "lastSeq", c.last_inbound_seq as "lastInboundSeq",
  coalesce((select r.seq from read_mark r where r.operator_id = ${operatorId} and r.conversation_id = c.id), 0) as "readSeq",
  c.waiting_since as "waitingSince", least(c.due_at, c.resolve_by) as "dueAt", c.failed_deliveries as "failedDeliveries", c.unanswered, c.opened_at as "openedAt", c.closed_at as "closedAt"`

export type View = 'mine' | 'waiting' | 'bot' | 'department' | 'all' | 'closed' | 'snoozed' | 'problems' | 'unanswered' | 'mentions' | 'due'
export interface Filter {
  view: View
  department?: string | undefined
  channel?: string | undefined
  tag?: string | undefined
  language?: string | undefined
  priority?: string | undefined
  failed?: boolean | undefined
  unread?: boolean | undefined
  from?: Date | undefined
  to?: Date | undefined
}
export interface Cursor { at: string; id: string }

/** Each view, the order of its index, and its direction. */
const views: Record<View, { where: (operator: Operator) => RawBuilder<unknown>; order: RawBuilder<Date>; up: boolean }> = {
  mine: { where: ({ id }) => sql`c.state = 'assigned' and c.operator_id = ${id}`, order: sql<Date>`c.listed_at`, up: false },
  waiting: { where: () => sql`c.state = 'waiting'`, order: sql<Date>`c.waiting_since`, up: true },
  bot: { where: () => sql`c.state = 'bot'`, order: sql<Date>`c.listed_at`, up: false },
  department: { where: () => sql`c.state <> 'closed'`, order: sql<Date>`c.listed_at`, up: false },
  all: { where: () => sql`true`, order: sql<Date>`c.listed_at`, up: false },
  closed: { where: () => sql`c.state = 'closed'`, order: sql<Date>`c.closed_at`, up: false },
  snoozed: { where: () => sql`c.state = 'snoozed'`, order: sql<Date>`c.wake_at`, up: true },
  problems: { where: () => sql`c.failed_deliveries > 0`, order: sql<Date>`c.listed_at`, up: false },
  unanswered: { where: () => sql`c.state in ('waiting', 'assigned') and c.unanswered`, order: sql<Date>`c.listed_at`, up: true },
  // What sleeps promises nothing until it wakes.
  due: { where: () => sql`c.state in ('waiting', 'assigned') and (c.due_at is not null or c.resolve_by is not null)`, order: sql<Date>`least(c.due_at, c.resolve_by)`, up: true },
  mentions: {
    where: ({ id }) => sql`c.state <> 'closed' and c.mentioned <> '{}' and c.mentioned @> array[${id}]::text[]`, order: sql<Date>`c.listed_at`, up: false,
  },
}

export async function listConversations(db: Db, operator: Operator, filter: Filter, after: Cursor | undefined, limit: number): Promise<{ rows: SummaryRow[]; next: Cursor | null }> {
  const { order, up } = views[filter.view]
  const conditions = [within(operator, filter)]
  if (after) conditions.push(up ? sql`(${order}, c.id) > (${after.at}::timestamptz, ${after.id}::bigint)` : sql`(${order}, c.id) < (${after.at}::timestamptz, ${after.id}::bigint)`)
  const direction = up ? sql`asc` : sql`desc`
  const inOrder = sql`order by ${order} ${direction}, c.id ${direction}`
  // The page first, and only then who they are. The number of rows stands in the text: a plan that is kept has to know how few they are.
  const list = sql<SummaryRow & { at: string }>`
    select ${columns(operator.id)}, ${order}::text as at from (
      select c.* from conversation c where ${sql.join(conditions, sql` and `)} ${inOrder} limit ${sql.lit(limit + 1)}) c
    ${inOrder}`.compile(db)
  if (isUsual(filter, limit)) prepared(`list-${filter.view}${filter.department ? '-of' : ''}${after ? '-on' : ''}${operator.role === 'admin' ? '' : '-seen'}`, list.sql)
  const { rows } = await db.executeQuery(list)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last ? { at: last.at, id: last.id } : null }
}

const usualLimit = 50

/** Asked for again and again: planning it takes longer than all else. What is filtered has too many forms to keep them. */
function isUsual({ view: _, department: __, ...rest }: Filter, limit: number): boolean {
  return limit === usualLimit && Object.values(rest).every((one) => one === undefined || one === false)
}

/** The conversations `c` of this view and filter that this operator may see. */
export function within(operator: Operator, filter: Filter): RawBuilder<unknown> {
  return sql.join([views[filter.view].where(operator), visibleTo(operator, 'c'), ...conditionsOf(filter, operator)], sql` and `)
}

function conditionsOf({ department, channel, tag, language, priority, failed, unread, from, to }: Filter, operator: Operator): RawBuilder<unknown>[] {
  return [
    ...(department !== undefined ? [sql`c.department_id = ${department}`] : []),
    ...(channel !== undefined ? [sql`c.channel_id = ${channel}`] : []),
    ...(tag !== undefined ? [sql`${tag} = any(c.tags)`] : []),
    ...(language !== undefined ? [sql`c.language = ${language}`] : []),
    ...(priority !== undefined ? [sql`c.priority = ${priority}`] : []),
    ...(failed ? [sql`c.failed_deliveries > 0`] : []),
    ...(unread ? [sql`c.last_inbound_seq > coalesce((select r.seq from read_mark r where r.operator_id = ${operator.id} and r.conversation_id = c.id), 0)`] : []),
    // By both: the one is exact, the other has the index.
    ...(from ? [sql`c.last_message_at >= ${from} and c.listed_at >= ${from}::timestamptz - interval '5 seconds'`] : []),
    ...(to ? [sql`c.last_message_at < ${to} and c.listed_at < ${to}`] : []),
  ]
}

/** Those of these ids that this operator may see, in no order. */
export async function summaries(db: Db, operator: Operator, ids: string[]): Promise<SummaryRow[]> {
  const { rows } = await sql<SummaryRow>`
    select ${columns(operator.id)} from conversation c
    where c.id = any(${ids}::bigint[]) and ${visibleTo(operator, 'c')}`.execute(db)
  return rows
}

/** For live updates: read once for all browsers, who may see what is decided in memory by the same rule. */
export async function summariesForAll(db: Db, ids: string[]): Promise<SummaryRow[]> {
  const query = sql<SummaryRow>`
    select ${columns('')} from conversation c where c.id = any(${ids}::bigint[])`.compile(db)
  prepared('summaries', query.sql)
  const { rows } = await db.executeQuery(query)
  return rows
}
