/** Compares three books: what the vendor was told and showed, what the database holds, what the operator's screen says. */

import { sql } from 'kysely'
import type { Db } from '../src/core/store/schema.ts'
import type { Page, ConversationSummary, Timeline } from '../src/operator-api.types.ts'
import type { SignedIn } from '../test/harness/browserless.ts'
import type { PlainVendor } from '../test/harness/plain-channel.ts'
import type { Written } from './citizens.ts'
import { vendors } from './vendors.ts'

export interface Balance {
  acknowledged: number
  lost: number
  storedTwice: number
  /** On channels where nobody can know whether a request arrived. */
  shownTwice: number
  /** The same words under two keys: answered twice. */
  answeredTwice: number
  shownUnstored: number
  orderBroken: number
  heardOutOfOrder: number
  twoOpen: number
  ownedByNobody: number
  numbersBroken: number
  unknown: number
  /** Failed or unknown, and the screen does not say so. */
  silent: number
  /** Still waiting to be sent. */
  unsettled: number
  /** Messages that the operator's screen lacks or shows twice, of the conversations that were looked at. */
  screenDiffers: number
  screensRead: number
}

export async function balance(db: Db, vendor: PlainVendor, acknowledged: Written[], operator: SignedIn | undefined, keyed: Set<string>): Promise<Balance> {
  const rows = async <Row>(query: ReturnType<typeof sql<Row>>) => (await query.execute(db)).rows
  const stored = new Map((await rows(sql<{ id: string; channel: string; conversation: string; seq: number }>`
    select external_id as id, channel_id as channel, conversation_id::text as conversation, seq from message where direction = 'in'`)).map((row) => [`${row.channel} ${row.id}`, row]))
  const deliveries = await rows(sql<{ key: string; seq: number; conversation: string; channel: string; state: string }>`
    select key, seq, conversation_id::text as conversation, channel_id as channel, state from delivery`)
  const byKey = new Map(deliveries.map((delivery) => [delivery.key, delivery]))

  const times = new Map<string, number>()
  const words = new Map<string, Set<string>>()
  const reached = new Map<string, { conversation: bigint; seq: number }>()
  let [shownUnstored, orderBroken] = [0, 0]
  for (const { key, to, text } of vendor.ledger) {
    times.set(key, (times.get(key) ?? 0) + 1)
    if (text.startsWith('eco: ')) words.set(`${to} ${text}`, (words.get(`${to} ${text}`) ?? new Set()).add(key))
    const delivery = byKey.get(key)
    if (!delivery) {
      shownUnstored += 1
      continue
    }
    if (times.get(key)! > 1) continue
    const place = { conversation: BigInt(delivery.conversation), seq: delivery.seq }
    const before = reached.get(to)
    if (before && (place.conversation < before.conversation || (place.conversation === before.conversation && place.seq < before.seq))) orderBroken += 1
    else reached.set(to, place)
  }
  const heard = new Map<string, { conversation: bigint; seq: number }>()
  let heardOutOfOrder = 0
  for (const { id, channelId, from } of acknowledged) {
    const row = stored.get(`${channelId} ${id}`)
    if (!row || !vendors[channelId]?.lane) continue
    const place = { conversation: BigInt(row.conversation), seq: row.seq }
    const before = heard.get(from)
    if (before && (place.conversation < before.conversation || (place.conversation === before.conversation && place.seq < before.seq))) heardOutOfOrder += 1
    heard.set(from, place)
  }
  const count = async (query: ReturnType<typeof sql<{ count: number }>>) => (await query.execute(db)).rows[0]!.count
  const screen = operator ? await readScreens(operator, db) : { differs: 0, read: 0 }

  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter(({ id, channelId }) => !stored.has(`${channelId} ${id}`)).length,
    storedTwice: await count(sql`select count(*)::int from (select from message where external_id is not null group by channel_id, external_id having count(*) > 1) as twice`),
    shownTwice: [...times].filter(([key, shown]) => shown > 1 && !keyed.has(byKey.get(key)?.channel ?? '')).length,
    answeredTwice: [...words.values()].filter((keys) => keys.size > 1).length,
    shownUnstored, orderBroken, heardOutOfOrder,
    twoOpen: await count(sql`select count(*)::int from (select from conversation where state <> 'closed' group by citizen_id having count(*) > 1) as two`),
    ownedByNobody: await count(sql`select count(*)::int from conversation where (state = 'assigned' and operator_id is null) or (state = 'waiting' and department_id is null) or state not in ('bot', 'waiting', 'assigned', 'snoozed', 'closed')`),
    numbersBroken: await count(sql`select count(*)::int from conversation c where last_seq <> (select count(*) from message m where m.conversation_id = c.id) or last_seq <> (select coalesce(max(seq), 0) from message m where m.conversation_id = c.id)`),
    unknown: deliveries.filter(({ state }) => state === 'unknown').length,
    silent: await count(sql`select count(*)::int from conversation c where failed_deliveries <> (select count(*) from delivery d where d.conversation_id = c.id and d.state in ('failed', 'unknown'))`),
    unsettled: deliveries.filter(({ state }) => state === 'queued' || state === 'sending').length,
    screenDiffers: screen.differs,
    screensRead: screen.read,
  }
}

const screens = 40

/** The newest conversations as the inbox shows them, against the database. */
async function readScreens(operator: SignedIn, db: Db): Promise<{ differs: number; read: number }> {
  const { rows } = await operator.get<Page<ConversationSummary>>(`/api/conversations?limit=${screens}`)
  let differs = 0
  for (const { id } of rows) {
    const shown: number[] = []
    for (let before: string | null = ''; before !== null;) {
      const page: Timeline = await operator.get<Timeline>(`/api/conversations/${id}/timeline?limit=200${before && `&before=${before}`}`)
      shown.push(...page.entries.flatMap((entry) => (entry.type === 'message' ? [entry.seq] : [])))
      before = page.earlier
    }
    const held = (await db.selectFrom('message').select('seq').where('conversation_id', '=', id).execute()).map(({ seq }) => seq)
    const seen = new Set(shown)
    differs += shown.length - seen.size + held.filter((seq) => !seen.has(seq)).length
  }
  return { differs, read: rows.length }
}
