/** Every channel at once through one gateway, over vendors that fail one time in ten, and the gateway killed in the middle. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openNodes } from '../../../chaos/nodes.ts'
import { openPool } from '../../../src/core/store/pool.ts'
import { freshDatabase } from '../../database.ts'
import { audit, type Figures, textOf, type Written } from './books.ts'
import type { ChannelStatus, Row } from './row.ts'

export type Outcome = Record<string, { problems: string[]; figures: Figures }>

/** Longer than Twilio's list is left alone for, and than any vendor asks us to wait. */
const laterMs = 130_000
const patienceMs = 240_000

export async function storm(rows: Record<string, Row>): Promise<Outcome> {
  if (Object.keys(rows).length === 0) return {}
  const database = await freshDatabase()
  const pool = openPool(database.url, 4, () => undefined)
  const all = Object.entries(rows)
  const blocks = Object.fromEntries(all.map(([id, { block }]) => [id, block]))
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'balcao-storm-'))
  const nodes = openNodes(database.url, blocks, { secrets: Object.assign({}, ...all.map(([, { env }]) => env)), dataFolder })
  const written = new Map<string, Written[]>(all.map(([id]) => [id, []]))

  async function start(): Promise<void> {
    await nodes.start()
    await Promise.all(all.map(([id, row]) => row.listensAt(nodes.urls()[0]!, () => statusOf(id))))
  }

  const statusOf = async (id: string) => (await pool.pool.query<ChannelStatus>('select status, qr from channel_status where channel_id = $1', [id])).rows[0]

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
    const areStored = async (some: typeof all) => {
      const stored = await storedOf()
      return some.every(([id]) => (stored.get(id) ?? 0) >= written.get(id)!.length)
    }
    // Nothing may be leaving when the clock jumps: it would look as if its process had ended.
    const soon = all.filter(([, { asksLater }]) => !asksLater)
    await until('what comes by itself is stored, and what is due has gone', async () => await areStored(soon) && await waiting('10 s') === 0)
    nodes.setClock(laterMs)
    // What is missing then, the books say by name.
    await until('all is stored, and has gone', async () => await areStored(all) && await waiting('1 day') === 0).catch(() => undefined)
    return Object.fromEntries(await Promise.all(all.map(async ([id, row]) => [id, await audit(pool, id, row, written.get(id)!)])))
  } finally {
    await nodes.stop()
    await Promise.all(all.map(([, row]) => row.close()))
    await pool.close()
    await database.drop()
    await rm(dataFolder, { recursive: true, force: true })
  }
}

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
