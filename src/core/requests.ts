/** What is asked of the town's own systems, outside the transaction: the answer to a look-up is a turn of the bot; a form is handed in until it is taken. */

import { sql } from 'kysely'
import type { Logger } from 'pino'
import { apply, record, type World } from './apply.ts'
import { safeFetch } from './safe-fetch.ts'
import type { Secret } from './secret.ts'
import type { Change, Signals } from './signals.ts'
import { lock } from './store/rare.ts'
import type { Held } from './store/held.ts'
import type { Pool } from './store/pool.ts'
import type { Trx } from './store/schema.ts'
import { write } from './store/write.ts'
import { followOf, type Town } from './town.ts'
import { botTurn } from './turn.ts'

export interface HttpConnection {
  baseUrl: string
  auth?: { bearer: Secret } | { user: string; password: Secret } | { header: string; value: Secret } | undefined
  /** Milliseconds. */
  timeout: number
  /** Bytes. */
  maxAnswer: number
  allowPrivate: boolean
}

export interface Requesting {
  pool: Pool
  town: () => Town
  world: () => World
  signals: Signals
  connections: () => Record<string, HttpConnection>
  wakeOutbox: () => void
  onBotError: (error: unknown) => void
  startCalls: (trx: Trx, held: Held, world: World) => Promise<void>
  log: Logger
}

const leaseSeconds = 60
const maxAttempts = 3
/** A form waits for the town's system as long as it takes, and asks at least so often. */
const longestPauseMs = 3_600_000

interface Asked { id: string; conversationId: string; botId: string; connection: string; path: string; body: Record<string, unknown>; lasts: boolean; attempt: number }
interface Result { ok: boolean; status: number; body: unknown }

/** Returns how many it carried out. */
export async function requestDue(requesting: Requesting): Promise<number> {
  const { pool, world } = requesting
  const { rows } = await sql<Asked>`
    update request set state = 'sending', attempt = attempt + 1, due_at = ${world().now}::timestamptz + make_interval(secs => ${leaseSeconds})
    where id in (select id from request where state in ('queued', 'sending') and due_at <= ${world().now} order by due_at limit 10 for update skip locked)
    returning id::text, conversation_id::text as "conversationId", bot_id as "botId", connection, path, body, lasts, attempt`.execute(pool.db)
  await Promise.all(rows.map((asked) => carryOut(requesting, asked)))
  return rows.length
}

async function carryOut(requesting: Requesting, asked: Asked): Promise<void> {
  const { pool, town, world, signals, wakeOutbox, onBotError, startCalls, log } = requesting
  const result = await ask(requesting.connections()[asked.connection], asked)
  if (!result.ok && (asked.lasts ? isPassing(result.status) : result.status === 0 && asked.attempt < maxAttempts)) {
    const pause = Math.min(2 ** asked.attempt * 1_000, longestPauseMs)
    await pool.db.updateTable('request').set({ state: 'queued', due_at: new Date(world().now.getTime() + pause) })
      .where('id', '=', asked.id).where('state', '=', 'sending').where('attempt', '=', asked.attempt).execute()
    return
  }
  if (!result.ok) log.warn({ connection: asked.connection, status: result.status }, 'a request was not answered well')
  let change: Change | undefined
  await pool.db.transaction().execute(async (trx) => {
    const held = await lock(trx, asked.conversationId)
    const done = await trx.updateTable('request').set({ state: result.ok ? 'done' : 'failed', result: JSON.stringify({ status: result.status }) })
      .where('id', '=', asked.id).where('state', '=', 'sending').where('attempt', '=', asked.attempt).returning('id').executeTakeFirst()
    if (!done || !held?.thread) return
    if (asked.lasts && !result.ok) refused(held, asked, result.status, world())
    else if (!asked.lasts && held.state === 'bot') botTurn(held, { type: 'result', id: asked.botId, ...result }, held.thread, town(), world(), onBotError)
    else return
    if (held.calls.length > 0) await startCalls(trx, held, world())
    change = { conversationId: held.id, ...followOf(held.thread, town()) }
    await write(trx, [held], [], signals.notices({ type: 'changed', changes: [change] }))
  })
  if (!change) return
  signals.tell({ type: 'changed', changes: [change] })
  wakeOutbox()
}

const isPassing = (status: number) => status === 0 || status === 408 || status === 429 || status >= 500

/** The town's system will not take this form: people must, so the conversation comes to somebody. */
function refused(held: Held, { botId, connection }: Asked, status: number, world: World): void {
  const author = { by: 'system' } as const
  record(held, author, 'submit-failed', { receipt: botId, connection, status }, world.now)
  if (held.state === 'bot') apply(held, { do: 'hand-off', reason: 'form' }, author, world)
  if (held.state === 'closed') apply(held, { do: 'reopen' }, author, world)
  held.unanswered = true
}

async function ask(connection: HttpConnection | undefined, { path, body, id }: Asked): Promise<Result> {
  if (!connection) return { ok: false, status: 0, body: null }
  try {
    const answer = await safeFetch(connection.baseUrl + path, {
      // The same key at every attempt: a system that knows it registers once.
      method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': `balcao-${id}`, ...authOf(connection) },
      body: JSON.stringify(body), timeoutMs: connection.timeout, maxBytes: connection.maxAnswer, allowPrivate: connection.allowPrivate,
    })
    return { ok: answer.status >= 200 && answer.status < 300, status: answer.status, body: parsed(answer.body) }
  } catch {
    return { ok: false, status: 0, body: null }
  }
}

function authOf({ auth }: HttpConnection): Record<string, string> {
  if (!auth) return {}
  if ('bearer' in auth) return { authorization: `Bearer ${auth.bearer.reveal()}` }
  if ('user' in auth) return { authorization: `Basic ${Buffer.from(`${auth.user}:${auth.password.reveal()}`).toString('base64')}` }
  return { [auth.header]: auth.value.reveal() }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
