/** Connections to PostgreSQL, a pool for each kind of work. */

import { Kysely, PostgresDialect } from 'kysely'
import type { Socket } from 'node:net'
import pg from 'pg'
import { PipeliningClient, PreparingClient } from './prepared.ts'
import type { Db, Schema } from './schema.ts'

export interface Pool {
  db: Db
  /** The same connections, bare: for the few statements where a query builder costs too much. */
  pool: pg.Pool
  close(): Promise<void>
}

/**
 * Statements of the hot path find a few rows by key. A plan made while the tables were small, or before their statistics were,
 * would read whole tables ever after.
 */
export const oneRowAtATime = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off'

/** A time as PostgreSQL writes it where the zone is UTC, read without the regular expression of `pg`. */
function parserOf(oid: number, format?: 'text' | 'binary'): unknown {
  const usual = pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown
  if (oid !== pg.types.builtins.TIMESTAMPTZ) return usual
  return (text: string) => (/^\d{4}-.*\+00$/.test(text) ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`) : usual(text))
}

/** Longer than any honest statement, shorter than a vendor's patience. */
const longestStatementMs = 10_000
/** Vendors come again: better no soon than yes late. */
const inboundStatementMs = 4_000

/** Each kind of work has a pool of its own, so that a storm in one does not starve the others. */
export function openPool(url: string, size: number, onError: (error: Error) => void, work: 'any' | 'pages' | 'following' | 'inbound' | 'outgoing' = 'any'): Pool {
  const isHot = work === 'inbound' || work === 'outgoing'
  const statementMs = work === 'inbound' ? inboundStatementMs : longestStatementMs
  const pool = new pg.Pool({
    Client: isHot ? PipeliningClient : PreparingClient,
    connectionString: url,
    types: { getTypeParser: parserOf },
    ...((isHot || work === 'following') && { options: oneRowAtATime }),
    max: size,
    connectionTimeoutMillis: 3_000,
    statement_timeout: statementMs,
    // Of one whose line went dead: until then it holds its citizens' rows.
    idle_in_transaction_session_timeout: statementMs * 1.5,
    keepAlive: true,
  })
  // Without a listener, a restart of PostgreSQL ends the process.
  pool.on('error', onError)
  // And the pool listens only to those that rest: one that is lost at work fails its statement, and must not end us as well.
  pool.on('connect', (client) => client.on('error', () => undefined))
  // PostgreSQL itself ends a statement before: of a line that says nothing for longer, the other end is gone.
  if (work !== 'any') endSilentLines(pool, statementMs + 1_000)
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, close: () => db.destroy() }
}

/** A network that swallows everything without a word would hold a statement, and all behind it, for ever. Idle lines the pool ends itself. */
function endSilentLines(pool: pg.Pool, silenceMs: number): void {
  const working = new Set<pg.PoolClient>()
  pool.on('acquire', (client) => working.add(client))
  pool.on('release', (_error, client) => working.delete(client))
  pool.on('connect', (client) => {
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
    stream.setTimeout(silenceMs, () => {
      if (working.has(client)) stream.destroy(new Error('the database has said nothing for too long: connection closed'))
    })
  })
}
