/** What must be true at the end of every history, whatever went wrong on the way. */

import { CompiledQuery } from 'kysely'
import type { ActOutcome } from '../../src/core/act.ts'
import type { Db } from '../../src/core/store/schema.ts'
import type { SaidIn, SimVendor } from './vendor.ts'

export interface Said extends SaidIn { channelId: string; n: number; poison: boolean; acknowledged: boolean; inOrder: boolean }
export interface Book {
  said: Said[]
  clicks: { clientId: string; deed: string; outcome: ActOutcome | number }[]
  /** What was tried sixty times and never taken. */
  refusedForEver: string[]
}

interface MessageRow { id: string; conversation: string; seq: number; channel: string; direction: string; author: string; text: string; external: string | null; client: string | null }
interface DeliveryRow { id: string; conversation: string; thread: string; channel: string; seq: number; key: string; state: string; external: string | null; address: string }

/** How a delivery may go on. */
const ways: Record<string, string[]> = {
  queued: ['sending', 'cancelled'],
  sending: ['sending', 'queued', 'sent', 'delivered', 'read', 'failed', 'unknown'],
  unknown: ['sent', 'delivered', 'read', 'failed'],
  sent: ['delivered', 'read', 'failed'],
  delivered: ['read'],
  failed: ['delivered', 'read'],
}

export async function check(db: Db, vendors: SimVendor[], book: Book): Promise<string[]> {
  const wrong: string[] = []
  const channels = vendors.map(({ id }) => id)
  const rows = async <Row>(sql: string): Promise<Row[]> => (await db.executeQuery<Row>(CompiledQuery.raw(sql, [channels]))).rows
  const [messages, parts, deliveries, conversations, steps, turns] = await Promise.all([
    rows<MessageRow>(`select id::text, conversation_id::text as conversation, seq, channel_id as channel, direction, author, content->>'text' as text,
      external_id as external, client_id as client from message where channel_id = any($1::text[]) order by conversation_id, seq`),
    rows<{ channel: string; external: string }>('select channel_id as channel, external_id as external from message_part where channel_id = any($1::text[])'),
    rows<DeliveryRow>(`select d.message_id::text as id, d.conversation_id::text as conversation, d.thread_id::text as thread, d.channel_id as channel, d.seq, d.key,
      d.state, d.external_id as external, i.address from delivery d join thread t on t.id = d.thread_id join identity i on i.id = t.identity_id
      where d.channel_id = any($1::text[])`),
    rows<{ id: string; citizen: string; state: string; seq: number; problems: number; operator: string | null; department: string | null }>(`
      select c.id::text, c.citizen_id::text as citizen, c.state, c.last_seq as seq, c.failed_deliveries as problems, c.operator_id as operator, c.department_id as department
      from conversation c where c.channel_id = any($1::text[])`),
    rows<{ id: string; was: string; state: string; wasAttempt: number; attempt: number }>(`
      select message_id::text as id, was, state, was_attempt as "wasAttempt", attempt from watched_delivery w where channel_id = any($1::text[]) order by w.id`),
    rows<{ id: string; was: string; state: string; wasSeq: number; seq: number; wasVersion: number; version: number }>(`
      select conversation_id::text as id, was, state, was_seq as "wasSeq", seq, was_version as "wasVersion", version
      from watched_conversation w where channel_id = any($1::text[]) order by w.id`),
  ])

  for (const who of book.refusedForEver) wrong.push(`never taken: ${who}`)

  // Acknowledged means stored, and stored once.
  const stored = new Map<string, MessageRow[]>()
  for (const message of messages) if (message.external !== null && message.direction === 'in') push(stored, `${message.channel} ${message.external}`, message)
  const further = new Set(parts.map(({ channel, external }) => `${channel} ${external}`))
  for (const { id, channelId, poison, acknowledged } of book.said) {
    const times = (stored.get(`${channelId} ${id}`)?.length ?? 0) + (further.has(`${channelId} ${id}`) ? 1 : 0)
    if (acknowledged && times === 0 && !poison && !isAlbumPart(book, messages, id)) wrong.push(`acknowledged and lost: ${id}`)
    if (times > 1) wrong.push(`stored ${times} times: ${id}`)
  }
  const { rows: [corrupt] } = await db.executeQuery<{ count: number }>(CompiledQuery.raw(
    `select count(*)::int from inbound where channel_id = any($1::text[]) and outcome = 'corrupt' and problem not like 'normalise:%' and problem not like 'index row %'`, [channels]))
  if (corrupt!.count > 0) wrong.push(`${corrupt!.count} good payloads were kept as corrupt`)

  // One conversation, one line of numbers.
  const open = new Map<string, number>()
  for (const { citizen, state } of conversations) if (state !== 'closed') open.set(citizen, (open.get(citizen) ?? 0) + 1)
  for (const [citizen, count] of open) if (count > 1) wrong.push(`citizen ${citizen} has ${count} open conversations`)
  const byConversation = new Map<string, MessageRow[]>()
  for (const message of messages) push(byConversation, message.conversation, message)
  for (const { id, seq, state, operator, department } of conversations) {
    const numbers = (byConversation.get(id) ?? []).map((message) => message.seq)
    if (numbers.length !== seq || numbers.some((number, at) => number !== at + 1)) wrong.push(`conversation ${id} ends at ${seq} but has ${numbers.join(' ')}`)
    if ((state === 'assigned' && !operator) || (state === 'waiting' && !department)) wrong.push(`nobody owns conversation ${id}`)
  }
  const inOrder = messages.filter(({ direction, external }) => direction === 'in' && external !== null)
  for (const person of new Set(book.said.filter((said) => said.inOrder).map(({ from }) => from))) {
    const heard = inOrder.map(({ external }) => book.said.find((said) => said.id === external && said.from === person)?.n).filter((n) => n !== undefined)
    if (heard.some((n, at) => at > 0 && n < heard[at - 1]!)) wrong.push(`${person} was heard out of order: ${heard.join(' ')}`)
  }

  // The bot: one answer to each of its messages, silence once people have it.
  for (const { id, was, state, wasSeq, seq, wasVersion, version } of turns) {
    if (version <= wasVersion) wrong.push(`conversation ${id} went from version ${wasVersion} to ${version}`)
    if (seq < wasSeq) wrong.push(`conversation ${id} went back from ${wasSeq} to ${seq}`)
    const added = (byConversation.get(id) ?? []).filter((message) => message.seq > wasSeq && message.seq <= seq)
    if (was !== 'bot' && state !== 'bot' && added.some(({ author }) => author === 'bot')) wrong.push(`the bot spoke in conversation ${id} that people have`)
    if (was !== 'bot') continue
    let isBots = true
    for (const { direction, text, seq: at } of added) {
      if (direction !== 'in' || !isBots) continue
      if (/^(pessoa|quebra)/.test(text)) isBots = false
      if (!text.startsWith('quebra') && !added.some((other) => other.author === 'bot' && text.startsWith(other.text.slice(5).split('\n')[0]!))) wrong.push(`the bot did not answer ${at} in conversation ${id}`)
    }
  }
  const answers = new Map<string, number>()
  for (const { author, text, channel } of messages) if (author === 'bot' && text.startsWith('eco: ')) answers.set(`${channel} ${text}`, (answers.get(`${channel} ${text}`) ?? 0) + 1)
  for (const [text, times] of answers) if (times > 1) wrong.push(`the bot said ${times} times: ${text}`)

  // Deliveries: forward only, in order, never twice by themselves, and nothing hidden.
  const seen = new Map<string, number>()
  for (const { id, was, state, wasAttempt, attempt } of steps) {
    if (!ways[was]?.includes(state) && was !== state) wrong.push(`delivery ${id} went from ${was} to ${state}`)
    if (attempt < (seen.get(id) ?? 0) || attempt < wasAttempt) wrong.push(`delivery ${id} went back to attempt ${attempt}`)
    seen.set(id, attempt)
  }
  const byKey = new Map(deliveries.map((delivery) => [delivery.key, delivery]))
  for (const vendor of vendors) {
    const shown = new Map<string, number>()
    const reached = new Map<string, number>()
    for (const { key, to, text } of vendor.ledger) {
      shown.set(key, (shown.get(key) ?? 0) + 1)
      const delivery = byKey.get(key)
      if (!delivery) {
        wrong.push(`${to} was shown what is not stored: ${text}`)
        continue
      }
      if (delivery.address !== to) wrong.push(`${to} was shown the words of ${delivery.address}`)
      const place = `${delivery.thread}`
      if (shown.get(key) === 1 && delivery.seq < (reached.get(place) ?? 0)) wrong.push(`${to} was shown ${delivery.seq} after ${reached.get(place)}`)
      reached.set(place, Math.max(reached.get(place) ?? 0, delivery.seq))
    }
    for (const [key, times] of shown) if (times > 1) wrong.push(`shown ${times} times on a channel that is ${vendor.idempotent}: ${key}`)
    for (const { key, state, external, channel } of deliveries) {
      if (channel !== vendor.id) continue
      const times = shown.get(key) ?? 0
      if (['sent', 'delivered', 'read'].includes(state) && times === 0) wrong.push(`${key} counts as ${state} and nobody was shown it`)
      if (state === 'failed' && times > 0 && !vendor.told.get(external ?? '')?.has('failed')) wrong.push(`${key} counts as failed and was shown`)
      if (state === 'unknown' && (vendor.idempotent === 'key' || vendor.idempotent === 'lookup') && !vendor.rejected.has(key)) wrong.push(`${key} is unknown where it can be known`)
      const told = vendor.told.get(external ?? '')
      const best = told && (['read', 'delivered'] as const).find((one) => told.has(one))
      if (best && state !== best) wrong.push(`${key} is ${state} although the vendor said ${best}`)
    }
  }
  const problems = new Map<string, number>()
  for (const { conversation, state } of deliveries) if (state === 'failed' || state === 'unknown') problems.set(conversation, (problems.get(conversation) ?? 0) + 1)
  for (const { id, problems: counted } of conversations) if (counted !== (problems.get(id) ?? 0)) wrong.push(`conversation ${id} shows ${counted} failures and has ${problems.get(id) ?? 0}`)

  // Clicks.
  const clicks = new Map<string, ActOutcome[]>()
  for (const { clientId, deed, outcome } of book.clicks) {
    if (typeof outcome === 'number') {
      if (outcome > 1) wrong.push(`${outcome} operators won ${clientId}`)
    } else if (deed === 'reply') push(clicks, clientId, outcome)
  }
  for (const [clientId, outcomes] of clicks) {
    const done = outcomes.filter(({ type }) => type === 'done')
    const replies = messages.filter(({ text }) => text === `resposta ${clientId}`).length
    if (replies > 1 || (done.length > 0 && replies === 0)) wrong.push(`${clientId} was answered ${done.length} times as done and is there ${replies} times`)
    if (new Set(done.map((outcome) => JSON.stringify('messageIds' in outcome && outcome.messageIds))).size > 1) wrong.push(`${clientId} was answered differently`)
  }
  return wrong
}

/** Its text went into the message of the album's first part, in one batch with it. */
function isAlbumPart(book: Book, messages: MessageRow[], id: string): boolean {
  const said = book.said.find((one) => one.id === id)
  return said?.group !== undefined && messages.some(({ direction, text }) => direction === 'in' && text.split('\n').includes(said.text))
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value])
}
