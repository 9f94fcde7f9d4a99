/** The database under the simulator: one for many seeds, each with channels of its own. */

import { freshDatabase } from '../../test/database.ts'
import { openPool } from '../../src/core/store/pool.ts'
import type { Db } from '../../src/core/store/schema.ts'
import { type Lane, openLane } from './lane.ts'
import { watchers } from './watch.ts'

export interface Servers {
  db: Db
  lane(): Promise<Lane>
  /** As kill -9 of its node does: what was not committed never happened. The lane is for the next. */
  kill(lane: Lane): Promise<void>
  /** Who waits for a lock, and for whom. */
  blockers(pids: number[]): Promise<Map<number, number[]>>
  openConversation(channelId: string, address: string): Promise<{ id: string; state: string; operatorId: string | null; lastSeq: number } | undefined>
  unsettled(channels: string[]): Promise<number>
  /** For the next history, which begins with the same numbers as every other: nothing of this one is left. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** What a history writes, whoever refers to others first. */
const told = [
  'watched_delivery', 'watched_conversation', 'act_once', 'draft', 'survey', 'request', 'early_status', 'inbound', 'activity', 'attachment',
  'message_part', 'message_revision', 'delivery', 'message', 'thread', 'identity_alias', 'identity_link', 'conversation', 'identity', 'citizen',
]

export async function openServers(setUp: string[] = []): Promise<Servers> {
  const database = await freshDatabase()
  const { db, pool, close } = openPool(database.url, 2, () => undefined)
  await pool.query(watchers)
  for (const statement of setUp) await pool.query(statement)
  // Nobody pulls the plug of this machine: what is tested is who sees what, not the disk.
  await pool.query(`do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`)
  const free: Lane[] = []

  return {
    db,
    lane: async () => free.pop() ?? openLane(database.url),
    async kill(lane) {
      await lane.kill((pids) => pool.query('select pg_cancel_backend(pid) from unnest($1::int[]) as pid', [pids]))
      free.push(lane)
    },
    async blockers(pids) {
      const { rows } = await pool.query<{ pid: number; by: number[] }>({
        name: 'blockers', text: 'select pid, by from unnest($1::int[]) as pid, pg_blocking_pids(pid) as by where by <> \'{}\'', values: [pids],
      })
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
    async clear() {
      await pool.query(`${told.map((table) => `delete from ${table};`).join('')}
        select setval(format('%I', sequencename)::regclass, 1, false) from pg_sequences where schemaname = 'public'`)
    },
    async close() {
      await Promise.all(free.map((lane) => lane.close()))
      await close()
      await database.drop()
    },
  }
}
