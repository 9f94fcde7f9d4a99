/**
 * Reads Twilio's list of messages for what no webhook brought: Twilio calls once, and when nobody is home it does not
 * come back.
 */

import { type Host, SendError } from '../../core/channel.ts'
import type { Client } from './client.ts'
import type { SmsConfig } from './config.ts'
import { ours, type SmsPayload } from './normalise.ts'
import type { Spending } from './spending.ts'

export interface CatchUp {
  /** One reading of the list. Rejects when not everything in it is stored; then nothing is remembered as read. */
  read(): Promise<void>
  /** This one came by webhook. */
  known(sid: string): void
}

/** A webhook takes 15 s at most, with its repeats; what is younger may still be on its way. */
const settledMs = 60_000
/** The list may show a message a little after others of its second. */
const overlapMs = 120_000
const maxKnown = 5_000

interface Options {
  client: Client
  config: SmsConfig
  host: Host<SmsPayload>
  numbers: () => Promise<string[]>
  spending: Spending
}

export function openCatchUp({ client, config, host, numbers, spending }: Options): CatchUp {
  const known = new Set<string>()
  function remember(name: string): void {
    known.add(name)
    if (known.size > maxKnown) known.delete(known.values().next().value!)
  }

  /** Its failure is ours, not Twilio's. */
  const store = (payload: SmsPayload) =>
    host.receive(payload).catch(() => {
      throw new SendError('unreachable', { pt: 'a base de dados não guardou', en: 'the database did not store it' })
    })

  async function read(): Promise<void> {
    const until = new Date(host.now().getTime() - settledMs)
    const since = sinceOf(await host.cursor.load())
    // A first start owes nobody anything from before.
    if (!since) return host.cursor.save({ since: until.toISOString() })
    const after = new Date(since.getTime() - overlapMs)
    for (const number of await numbers()) {
      const came = await client.api.messages.list({ to: number, dateSentAfter: after, pageSize: 200 })
      for (const message of came.toReversed()) {
        if (
          message.direction !== 'inbound' ||
          known.has(message.sid) ||
          !(message.dateSent <= until && message.dateSent >= after)
        )
          continue
        await store({
          sid: message.sid,
          direction: 'inbound',
          from: message.from,
          to: message.to,
          body: message.body ?? '',
          status: message.status,
          date_sent: message.dateSent.toISOString(),
          media: Number(message.numMedia) > 0 ? await mediaOf(message.sid) : [],
          [ours.country]: config.country,
        })
        remember(message.sid)
      }
    }
    await readReceipts(after)
    await host.cursor.save({ since: until.toISOString() })
  }

  /** Receipts are called once as well. */
  async function readReceipts(after: Date): Promise<void> {
    const midnight = new Date(`${host.now().toISOString().slice(0, 10)}T00:00:00Z`)
    const from = config.maxSegmentsPerDay !== undefined && midnight < after ? midnight : after
    const senders = config.messagingServiceSid ? await numbers() : [config.from!]
    for (const sender of senders) {
      const went = await client.api.messages.list({ from: sender, dateSentAfter: from, pageSize: 200 })
      for (const message of went.toReversed()) {
        if (message.direction === 'inbound') continue
        if (message.dateSent) spending.listed(message.sid, Number(message.numSegments) || 0, message.dateSent)
        const name = `${message.sid} ${message.status}`
        if (known.has(name)) continue
        await store({
          sid: message.sid,
          direction: message.direction,
          status: message.status,
          error_code: message.errorCode ?? null,
        })
        remember(name)
      }
    }
  }

  async function mediaOf(sid: string): Promise<{ url: string; content_type: string }[]> {
    const media = await client.api.messages(sid).media.list({ limit: 10 })
    return media.map(({ uri, contentType }) => ({
      url: `https://api.twilio.com${uri.replace(/\.json$/, '')}`,
      content_type: contentType,
    }))
  }

  return { read, known: remember }
}

function sinceOf(cursor: unknown): Date | undefined {
  const since = typeof cursor === 'object' && cursor !== null ? (cursor as { since?: unknown }).since : undefined
  const at = typeof since === 'string' ? new Date(since) : undefined
  return at && !Number.isNaN(at.getTime()) ? at : undefined
}
