/** Every channel at once through one gateway, over vendors that fail one time in ten, and the gateway killed in the middle. */

import { openNodes } from '../../../chaos/nodes.ts'
import { openPool } from '../../../src/core/store/pool.ts'
import { freshDatabase } from '../../database.ts'
import { audit, type Figures, textOf, type Written } from './books.ts'
import type { Row } from './row.ts'

export type Outcome = Record<string, { problems: string[]; figures: Figures }>

/** Longer than Twilio's list is left alone for, and than any vendor asks us to wait. */
const laterMs = 130_000
const patienceMs = 120_000

export async function storm(rows: Record<string, Row>): Promise<Outcome> {
  const database = await freshDatabase()
  const pool = openPool(database.url, 4, () => undefined)
  const all = Object.entries(rows)
  const blocks = Object.fromEntries(all.map(([id, { block }]) => [id, block]))
  const nodes = openNodes(database.url, blocks, Object.assign({}, ...all.map(([, { env }]) => env)))
  const written = new Map<string, Written[]>(all.map(([id]) => [id, []]))

  async function start(): Promise<void> {
    await nodes.start()
    await Promise.all(all.map(([, row]) => row.listensAt(nodes.urls()[0]!)))
  }

  /** Each citizen writes one after the other, all citizens at once. */
  const write = (from: number, to: number) => Promise.all(all.flatMap(([id, row]) => Array.from({ length: row.people }, async (_none, person) => {
    for (let n = Math.floor(from * row.each); n < Math.floor(to * row.each); n += 1) {
      const text = textOf(row, person, n)
      written.get(id)!.push({ text, person, acknowledged: await row.write(person, text) })
    }
  })))
  const storedOf = async () => new Map((await pool.pool.query<{ id: string; n: number }>(
    "select channel_id as id, count(*)::int as n from message where direction = 'in' group by 1")).rows.map(({ id, n }) => [id, n]))
  const waiting = async (within: string) => (await pool.pool.query<{ n: number }>(
    `select count(*)::int as n from delivery where state = 'sending' or state = 'queued' and due_at < now() + interval '${within}'`)).rows[0]!.n

  try {
    await start()
    await write(0, 0.5)
    const before = new Map([...written].map(([id, list]) => [id, list.filter(({ acknowledged }) => acknowledged).length]))
    await until('the first half is stored', async () => {
      const stored = await storedOf()
      return [...before].every(([id, n]) => (stored.get(id) ?? 0) >= n)
    })
    const rest = write(0.5, 1)
    await until('each channel is in the middle of it', async () => {
      const stored = await storedOf()
      return [...before].every(([id, n]) => (stored.get(id) ?? 0) > n)
    })
    await nodes.stop()
    // What was leaving is taken up when its lease has run out: here at once.
    await pool.pool.query("update delivery set due_at = 'epoch' where state = 'sending'")
    await start()
    await rest
    await until('what is due has gone', async () => await waiting('10 s') === 0)
    nodes.setClock(laterMs)
    await until('all is stored, and has gone', async () => {
      const stored = await storedOf()
      return all.every(([id]) => (stored.get(id) ?? 0) >= written.get(id)!.length) && await waiting('1 day') === 0
      // What is missing then, the books say by name.
    }).catch(() => undefined)
    return Object.fromEntries(await Promise.all(all.map(async ([id, row]) => [id, await audit(pool, id, row, written.get(id)!)])))
  } finally {
    await nodes.stop()
    await Promise.all(all.map(([, row]) => row.close()))
    await pool.close()
    await database.drop()
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
