/** Connections to PostgreSQL that ask for their turn before each statement, and can be cut between any two. */

import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { PreparingClient } from '../../src/core/store/prepared.ts'
import type { Pool, Schema } from '../../src/core/store/schema.ts'
import type { Plant } from './plants.ts'
import type { Schedule } from './schedule.ts'

export interface Lane {
  pool: Pool
  /** From here on its statements are this node's steps. */
  join(schedule: Schedule, node: string, plant: Plant | undefined): void
  pids(): number[]
  /** Since it joined. */
  deadlocks(): number
  /** Nothing that is under way here will ever come back. */
  die(): void
  close(): Promise<void>
}

const size = 4

export async function openLane(url: string): Promise<Lane> {
  let schedule: Schedule | undefined
  let node = ''
  let plant: Plant | undefined
  let transactions = 0
  let dead = false
  let deadlocks = 0
  const clients = new Set<pg.Client>()

  /** Sits between pg's pool and PostgreSQL. */
  class TurnTakingClient extends PreparingClient {
    pid = 0
    who = ''
    inTransaction = false

    // biome-ignore lint/suspicious/noExplicitAny: pg's own signature has eight forms; only one of them is touched.
    override query(...given: any[]): any {
      const [text] = given
      if (!schedule || typeof text !== 'string') return super.query(...(given as [string]))
      return this.inTurn(schedule, text, given)
    }

    async inTurn(schedule: Schedule, text: string, given: unknown[]): Promise<unknown> {
      if (!this.inTransaction) this.who = `${node}.${String(++transactions).padStart(4, '0')}`
      if (text === 'begin') this.inTransaction = true
      if (text === 'commit' || text === 'rollback') this.inTransaction = false
      const { who } = this
      await schedule.turn(who, nameOf(text), 1, this.pid)
      const sent = plant?.rewrite ? plant.rewrite(text) : text
      return schedule.inDatabase(this.pid, () => super.query(...([sent, ...given.slice(1)] as unknown as [string])) as unknown as Promise<unknown>)
        .catch((error: Error & { code?: string }) => {
          // A process that was killed does not learn that its connection is gone.
          if (dead) return new Promise(() => undefined)
          if (error.code === '40P01') deadlocks += 1
          throw plant?.fault ? plant.fault(error) : error
        })
    }
  }

  const bare = new pg.Pool({ Client: TurnTakingClient, connectionString: url, max: size, idleTimeoutMillis: 0, keepAlive: true })
  bare.on('error', () => undefined)
  // All of them at once, so that none is opened in the middle of a history.
  const opened = await Promise.all(Array.from({ length: size }, () => bare.connect()))
  for (const client of opened) {
    const { rows: [row] } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const turnTaking = client as unknown as TurnTakingClient
    turnTaking.pid = row!.pid
    turnTaking.on('error', () => undefined)
    clients.add(turnTaking)
    client.release()
  }
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: bare }) })
  return {
    pool: { db, pool: bare, close: () => db.destroy() },
    join(to, name, with_) {
      schedule = to
      node = name
      plant = with_
      transactions = 0
      deadlocks = 0
    },
    deadlocks: () => deadlocks,
    die() { dead = true },
    pids: () => [...clients].map((client) => (client as TurnTakingClient).pid),
    close: () => bare.end(),
  }
}

/** Short and without values: a history must not hang on ids. */
function nameOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}
