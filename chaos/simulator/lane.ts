/** Connections to PostgreSQL that ask for their turn before each statement. Whoever uses them can be killed between any two. */

import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import pg from 'pg'
import { oneRowAtATime, type Pool } from '../../src/core/store/pool.ts'
import type { Schema } from '../../src/core/store/schema.ts'
import type { Plant } from './plants.ts'
import type { Schedule } from './schedule.ts'

export interface Lane {
  /** From here on its statements are this node's steps. */
  join(schedule: Schedule, node: string, plant: Plant | undefined): Pool
  /** Since it joined. */
  deadlocks(): number
  /** What was not committed never happened, and nothing that is under way ever comes back. The connections stay, for the next who joins. */
  kill(cancel: (pids: number[]) => Promise<unknown>): Promise<void>
  close(): Promise<void>
}

interface Backend { client: pg.Client; pid: number; isInTransaction: boolean; isBegun: boolean; answer: Promise<unknown> | undefined }

const size = 4
const nothing = { command: '', rowCount: 0, rows: [] }
const never = new Promise<never>(() => undefined)

export async function openLane(url: string): Promise<Lane> {
  // All of them at once and for good: one that is opened in the middle of a history knows no plans, and costs more than the history.
  const backends = await Promise.all(Array.from({ length: size }, async (): Promise<Backend> => {
    const client = new pg.Client({ connectionString: url, keepAlive: true, pipeline: true, options: oneRowAtATime } as pg.ClientConfig)
    client.on('error', () => undefined)
    await client.connect()
    const { rows: [row] } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return { client, pid: row!.pid, isInTransaction: false, isBegun: false, answer: undefined }
  }))
  let life = { isOver: true, deadlocks: 0 }

  function join(schedule: Schedule, node: string, plant: Plant | undefined): Pool {
    const mine = { isOver: false, deadlocks: 0 }
    life = mine
    const free = [...backends]
    const waiting: ((backend: Backend) => void)[] = []
    let transactions = 0

    async function connect() {
      if (mine.isOver) return never
      const backend = free.pop() ?? await new Promise<Backend>((resolve) => { waiting.push(resolve) })
      let who = ''
      return {
        async query(text: string, values?: readonly unknown[]) {
          if (!backend.isInTransaction) who = `${node}.${String(++transactions).padStart(4, '0')}`
          await schedule.turn(who, statement(text).label, 1, backend.pid)
          if (text === 'begin') {
            backend.isInTransaction = true
            return nothing
          }
          const sent = plant?.rewrite ? plant.rewrite(text) : text
          try {
            return await schedule.inDatabase(backend.pid, async () => {
              // Nobody waits for a begin: it goes ahead of the first statement.
              if (backend.isInTransaction && !backend.isBegun) void backend.client.query('begin')
              backend.isBegun = backend.isInTransaction
              const answer = backend.client.query(values ? { name: statement(sent).name, text: sent, values: [...values] } : sent) as Promise<unknown>
              backend.answer = answer
              try {
                return await answer
              } finally {
                backend.answer = undefined
                if (text === 'commit' || text === 'rollback') backend.isInTransaction = backend.isBegun = false
              }
            }, () => backend.isInTransaction)
          } catch (error) {
            // A process that was killed does not learn that its connection is gone.
            if (mine.isOver) return never
            if ((error as { code?: string }).code === '40P01') mine.deadlocks += 1
            throw plant?.fault ? plant.fault(error as Error) : error
          }
        },
        release() {
          if (mine.isOver) return
          const next = waiting.shift()
          if (next) next(backend)
          else free.push(backend)
        },
      }
    }
    const pool = { connect, end: async () => undefined }
    const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }) })
    return { db, pool: pool as unknown as Pool['pool'], close: () => db.destroy() }
  }

  return {
    join,
    deadlocks: () => life.deadlocks,
    async kill(cancel) {
      life.isOver = true
      const underWay = backends.filter(({ answer }) => answer)
      // Each waits for a lock of somebody who stands still meanwhile: none ends by itself before it is cancelled.
      if (underWay.length > 0) await cancel(underWay.map(({ pid }) => pid))
      await Promise.allSettled(underWay.map(({ answer }) => answer))
      await Promise.all(backends.filter(({ isInTransaction }) => isInTransaction).map(async (backend) => {
        if (backend.isBegun) await backend.client.query('rollback')
        backend.isInTransaction = backend.isBegun = false
      }))
    },
    close: async () => void await Promise.all(backends.map(({ client }) => client.end())),
  }
}

/** By its text: its name for PostgreSQL, which so plans it once a connection and not in every history; and what a history calls it. */
const known = new Map<string, { name: string; label: string }>()

function statement(text: string): { name: string; label: string } {
  const found = known.get(text) ?? { name: `s${known.size}`, label: labelOf(text) }
  known.set(text, found)
  return found
}

/** Short and without values: a history must not hang on ids. */
function labelOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 60 ? `${line.slice(0, 60)}…` : line
}
