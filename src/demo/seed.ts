/** Fills an empty gateway with believable conversations, through the same doors as real ones, and then moves them into the past. */

import { sql } from 'kysely'
import type { Gateway } from '../core/gateway.ts'
import type { InboundEvent, Operator } from '../core/model.ts'
import { takeNews } from '../core/store/news.ts'
import type { OpenChannel } from '../core/town.ts'
import type { DemoPayload } from './demo-kind.ts'
import { demoOperators, demoQuickAnswers, stories, type Line, type Story } from './stories.ts'

export interface DemoTarget { gateway: Gateway; channels: Map<string, OpenChannel>; channelOf: (story: Story['channel']) => string | undefined; now: () => Date }

/** False: there are conversations already, and nothing was added. */
export async function seedDemo(target: DemoTarget): Promise<boolean> {
  const { db } = target.gateway.pool
  if (await db.selectFrom('conversation').select('id').limit(1).executeTakeFirst()) return false
  const operators: Operator[] = []
  for (const [n, given] of demoOperators.entries()) {
    const operator: Operator = { id: `demo-operator-${n}`, role: 'operator', ...given }
    await db.insertInto('operator').values({ ...operator, presence: 'away' }).onConflict((conflict) => conflict.doNothing()).execute()
    operators.push(operator)
  }
  await db.insertInto('quick_answer').values(demoQuickAnswers).onConflict((conflict) => conflict.doNothing()).execute()
  for (const story of stories) await tell(target, story, operators)
  return true
}

async function tell(target: DemoTarget, story: Story, operators: Operator[]): Promise<void> {
  const { gateway, channels, channelOf } = target
  const channel = channels.get(channelOf(story.channel) ?? '')
  if (!channel) return
  let conversationId: string | undefined
  for (const [n, line] of story.lines.entries()) {
    if ('in' in line) {
      await gateway.receiver.receive(channel, { events: [spoken(story, line, n)] } satisfies DemoPayload)
      conversationId ??= await conversationOf(target, channel.id, story.address)
    } else if (conversationId) await happen(target, story, line, n, conversationId, operators, channel)
    await gateway.outbox.drained()
  }
  if (conversationId) await moveBack(target, conversationId, story)
}

function spoken({ name, address, phone, email, language }: Story, line: Extract<Line, { in: string }>, n: number): InboundEvent {
  const { in: text, ...rest } = line
  return {
    type: 'message.received', externalId: `demo-${address}-${n}`, content: { text, ...rest },
    from: { address, route: { demo: true }, ...(name !== null && { name }), ...(phone && { phone }), ...(email && { email }), ...(language && { language }) },
  }
}

async function conversationOf({ gateway }: DemoTarget, channelId: string, address: string): Promise<string | undefined> {
  const row = await gateway.pool.db.selectFrom('thread').innerJoin('identity', 'identity.id', 'thread.identity_id').select('thread.conversation_id')
    .where('identity.channel_id', '=', channelId).where('identity.address', '=', address).executeTakeFirst()
  return row?.conversation_id
}

async function happen(
  { gateway, now }: DemoTarget, story: Story, line: Exclude<Line, { in: string }>, n: number, conversationId: string, operators: Operator[], channel: OpenChannel,
): Promise<void> {
  const { db } = gateway.pool
  if ('edited' in line) {
    const last = story.lines.slice(0, n).findLastIndex((before) => 'in' in before)
    const event: InboundEvent = { type: 'message.edited', externalId: `demo-${story.address}-${last}`, from: { address: story.address, route: { demo: true } }, content: { text: line.edited } }
    await db.transaction().execute((trx) => takeNews(trx, [{ channelId: channel.id, event }], now()))
    return
  }
  if ('delivery' in line) {
    await sql`update delivery set state = ${line.delivery}, reason = ${line.reason ?? (line.delivery === 'unknown' ? 'ambiguous' : null)},
      delivered_at = case when ${line.delivery} in ('delivered', 'read') then now() end, read_at = case when ${line.delivery} = 'read' then now() end
      where message_id = (select message_id from delivery where conversation_id = ${conversationId} order by seq desc limit 1)`.execute(db)
    await sql`update conversation set failed_deliveries = (select count(*) from delivery where conversation_id = ${conversationId} and state in ('failed', 'unknown')) where id = ${conversationId}`.execute(db)
    return
  }
  const operator = { ...operators[line.by]!, role: 'admin' as const }
  const deed = 'reply' in line ? { do: 'reply' as const, text: line.reply }
    : 'note' in line && !('move' in line) ? { do: 'note' as const, text: line.note }
      : 'take' in line ? { do: 'take' as const }
        : 'move' in line ? { do: 'move' as const, departmentId: line.move, ...(line.note && { note: line.note }) }
          : 'close' in line ? { do: 'close' as const, outcome: line.close }
            : 'snoozeHours' in line ? { do: 'snooze' as const, until: new Date(now().getTime() + line.snoozeHours * 3_600_000) }
              : 'tag' in line ? { do: 'tag' as const, add: line.tag } : { do: 'prioritise' as const, priority: line.priority }
  await gateway.act({ conversationId, operator, clientId: `demo-${conversationId}-${n}`, deeds: [deed] })
  if ('close' in line && line.score) {
    await gateway.receiver.receive(channel, { events: [spoken(story, { in: String(line.score) }, n + 1_000)] } satisfies DemoPayload)
  }
}

/** As if it had happened then: every time of the conversation moves by the same amount, spread over its lines. */
async function moveBack({ gateway, now }: DemoTarget, id: string, { hoursAgo, minutesBetween }: Story): Promise<void> {
  const start = new Date(now().getTime() - hoursAgo * 3_600_000)
  const at = (seq: string) => sql`${start}::timestamptz + make_interval(mins => least((${sql.raw(seq)})::int * ${Math.round(minutesBetween)}, ${Math.round(hoursAgo * 60) - 1}))`
  await gateway.pool.db.transaction().execute(async (trx) => {
    await sql`create temporary table moved on commit drop as
      select created_at as old_at, ${at('seq')} as new_at from message where conversation_id = ${id}`.execute(trx)
    const nearest = (column: string) => sql`coalesce((select max(new_at) from moved where old_at <= ${sql.ref(column)}), ${start}::timestamptz)`
    // Who takes it by itself does so some time after the citizen's word, and before the next.
    await sql`update activity set at = least(${nearest('at')} + case when type = 'assign' and not exists (select from moved where old_at = at) then make_interval(secs => ${Math.round(minutesBetween * 24)}) else interval '0' end, ${now()}::timestamptz)
      where conversation_id = ${id}`.execute(trx)
    await sql`update delivery set queued_at = ${nearest('queued_at')}, sent_at = case when sent_at is not null then ${nearest('queued_at')} + interval '1 second' end,
      delivered_at = case when delivered_at is not null then ${nearest('queued_at')} + interval '3 seconds' end, read_at = case when read_at is not null then ${nearest('queued_at')} + interval '40 seconds' end
      where conversation_id = ${id}`.execute(trx)
    await sql`update survey set asked_at = ${nearest('asked_at')}, answered_at = case when answered_at is not null then ${nearest('answered_at')} end where conversation_id = ${id}`.execute(trx)
    await sql`update conversation set opened_at = ${start}, last_message_at = (select max(new_at) from moved), listed_at = (select max(new_at) from moved), last_inbound_at = ${nearest('last_inbound_at')},
      waiting_since = case when waiting_since is not null then ${nearest('waiting_since')} end, closed_at = case when closed_at is not null then ${nearest('closed_at')} end,
      first_response_at = case when first_response_at is not null then ${nearest('first_response_at')} end, version = version + 1 where id = ${id}`.execute(trx)
    await sql`update message m set created_at = ${at('m.seq')} where conversation_id = ${id}`.execute(trx)
  })
}
