/** The database under the simulator: one for many seeds, each with channels of its own. */

import { freshDatabase } from '../../test/database.ts'
import { type Db, openPool } from '../../src/core/store/schema.ts'
import { type Lane, openLane } from './lane.ts'
import { watchers } from './watch.ts'

export interface Servers {
  db: Db
  lane(): Promise<Lane>
  /** For the next seed to use, if nothing went wrong on it. */
  giveBack(lane: Lane, clean: boolean): Promise<void>
  /** As kill -9 does: what was not committed never happened. */
  kill(lane: Lane): Promise<void>
  /** Who waits for a lock, and for whom. */
  blockers(pids: number[]): Promise<Map<number, number[]>>
  openConversation(channelId: string, address: string): Promise<{ id: string; state: string; operatorId: string | null; lastSeq: number } | undefined>
  unsettled(channels: string[]): Promise<number>
  close(): Promise<void>
}

export async function openServers(setUp: string[] = []): Promise<Servers> {
  const database = await freshDatabase()
  const { db, pool, close } = openPool(database.url, 2, () => undefined)
  await pool.query(watchers)
  for (const statement of setUp) await pool.query(statement)
  // Nobody pulls the plug of this machine: what is tested is who sees what, not the disk.
  await pool.query(`do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`)
  const free: Lane[] = []

  async function kill(lane: Lane): Promise<void> {
    const pids = lane.pids()
    lane.die()
    await pool.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids])
    for (;;) {
      const { rows } = await pool.query('select from pg_stat_activity where pid = any($1::int[])', [pids])
      if (rows.length === 0) return
    }
  }

  return {
    db,
    lane: async () => free.pop() ?? openLane(database.url),
    async giveBack(lane, clean) {
      if (clean) free.push(lane)
      else await kill(lane)
    },
    kill,
    async blockers(pids) {
      const { rows } = await pool.query<{ pid: number; by: number[] }>(`
        select pid, pg_blocking_pids(pid) as by from unnest($1::int[]) as pid where cardinality(pg_blocking_pids(pid)) > 0`, [pids])
      return new Map(rows.map(({ pid, by }) => [pid, by]))
    },
    async openConversation(channelId, address) {
      const { rows } = await pool.query<{ id: string; state: string; operatorId: string | null; lastSeq: number }>(`
        select c.id::text, c.state, c.operator_id as "operatorId", c.last_seq as "lastSeq" from identity i
        join conversation c on c.citizen_id = i.citizen_id and c.state <> 'closed' where i.channel_id = $1 and i.address = $2`, [channelId, address])
      return rows[0]
    },
    async unsettled(channels) {
      const { rows } = await pool.query<{ count: number }>(`
        select count(*)::int from delivery where state in ('queued', 'sending') and channel_id = any($1::text[])`, [channels])
      return rows[0]!.count
    },
    async close() {
      await Promise.all(free.map((lane) => lane.close()))
      await close()
      await database.drop()
    },
  }
}
