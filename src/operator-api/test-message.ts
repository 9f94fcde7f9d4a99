/** A test message: to an address of the admin's own, or to whoever of those who wrote lately the admin says to be. What came of it comes back. */

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { inBoth, SendError } from '../core/channel.ts'
import type { OpenChannel } from '../core/town.ts'
import { sayAsTrial, type Tried } from '../core/trial-message.ts'
import type { TestMessageResult, TestPartner } from '../operator-api.types.ts'
import { Refused } from './access.ts'
import type { Api } from './api.ts'
import { labelOf } from './present.ts'

const text = 'Mensagem de teste do Balcão. Se a recebeu, este canal está a enviar. Não precisa de responder.'
const patienceMs = 30_000
/** Who has just written to try the channel is among few. */
const latelyMs = 3_600_000
const mostPartners = 20

/** Can somebody be written to who never wrote to us? */
export const reaches = (channel: OpenChannel | undefined): boolean => channel?.kind.routeTo !== undefined && channel.capabilities.initiate === 'always'

/** Past inbox and outbox: nothing of it is kept. */
export async function sendTestMessage(channel: OpenChannel | undefined, address: string): Promise<TestMessageResult> {
  if (!channel?.connection) throw notOpen()
  const found = reaches(channel) ? channel.kind.routeTo?.(address.trim(), channel.config) : undefined
  if (!found) throw new Refused(400, 'invalid', 'Este canal não consegue escrever para esse endereço.', { field: 'to' })
  try {
    const request = channel.kind.render({ text }, found.route, channel.config)
    await channel.connection.send(request, { key: randomUUID(), attempt: 1, by: 'system', signal: AbortSignal.timeout(patienceMs) })
    return { sent: true }
  } catch (error) {
    const { reason, detail } = error instanceof SendError ? error : new SendError('ambiguous', inBoth(error instanceof Error ? error.name : ''))
    return { sent: false, reason, detail }
  }
}

/** Who wrote on this channel lately, newest first. */
export async function testPartners(api: Api, channelId: string): Promise<TestPartner[]> {
  const since = new Date(api.now().getTime() - latelyMs)
  const { rows } = await sql<{ threadId: string; citizenId: string; name: string | null; address: string; reference: string; at: Date }>`
    select t.id::text as "threadId", c.citizen_id::text as "citizenId", p.name, i.address, c.reference, t.last_inbound_at as at
    from conversation c join thread t on t.conversation_id = c.id join identity i on i.id = t.identity_id join citizen p on p.id = c.citizen_id
    where c.listed_at > ${since} and c.state <> 'closed' and t.channel_id = ${channelId} and t.last_inbound_at > ${since} and not t.unproven
      and i.opted_out_at is null and i.blocked_at is null
    order by t.last_inbound_at desc limit ${mostPartners}`.execute(api.gateway.pool.db)
  return rows.map(({ address, at, name, ...row }) => ({ ...row, name: name ?? labelOf(address, api.presenting.kindOf(channelId)), at: at.toISOString() }))
}

/** In the conversation of one of them, where it is seen by all. */
export async function sendTestTo(api: Api, channelId: string, threadId: string): Promise<TestMessageResult> {
  const channel = api.channels.all.get(channelId)
  if (!channel?.connection && !channel?.capabilities.pull) throw notOpen()
  const partner = (await testPartners(api, channelId)).some((one) => one.threadId === threadId)
  const tried = partner && await sayAsTrial(api.gateway, api.town(), threadId, channelId, text)
  if (!tried) throw new Refused(400, 'invalid', 'Quem escreveu já não está entre os mais recentes. Escreva outra vez.', { field: 'threadId' })
  const { state, reason, detail, detail_en: en } = await settled(api, tried)
  const { conversationId } = tried
  if (state === 'sent' || state === 'delivered' || state === 'read') return { sent: true, conversationId }
  return { sent: false, reason: reason ?? 'unreachable', detail: { pt: detail ?? '', en: en ?? detail ?? '' }, conversationId }
}

/** What the outbox made of it; after a while, how it stands. */
async function settled({ gateway: { pool, signals } }: Api, { conversationId, messageId }: Tried): Promise<{ state: string; reason: string | null; detail: string | null; detail_en: string | null }> {
  const end = AbortSignal.timeout(patienceMs)
  for (;;) {
    const news = changeOf(signals, conversationId, end)
    const row = await pool.db.selectFrom('delivery').select(['state', 'reason', 'detail', 'detail_en']).where('message_id', '=', messageId).executeTakeFirstOrThrow()
    // Tried once and put off: what it says is what the admin wants to know.
    if ((row.state !== 'queued' && row.state !== 'sending') || row.reason !== null || end.aborted) return row
    await news
  }
}

function changeOf(signals: Api['gateway']['signals'], conversationId: string, end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stop()
      end.removeEventListener('abort', done)
      resolve()
    }
    const stop = signals.subscribe((signal) => {
      if (signal.type === 'gap' || signal.type === 'changed' && signal.changes.some((one) => one.conversationId === conversationId)) done()
    })
    end.addEventListener('abort', done, { once: true })
    if (end.aborted) done()
  })
}

const notOpen = () => new Refused(409, 'not-open', 'Este canal não está ligado neste momento.')
