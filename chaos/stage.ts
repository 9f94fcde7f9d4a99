/** What each fault plays on: a PostgreSQL of our own, a vendor, gateways, citizens, and the books at the end. */

import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../src/core/store/migrate.ts'
import { openPool, type Pool } from '../src/core/store/pool.ts'
import { clusterIn, runningServer, superuserUrl } from '../src/database/cluster.ts'
import { openOwn } from '../src/database.ts'
import { signIn } from '../test/harness/browserless.ts'
import { startGateway } from '../test/harness/gateway.ts'
import { plainKind, type PlainVendor, plainVendor } from '../test/harness/plain-channel.ts'
import { type Balance, balance } from './books.ts'
import { type Citizens, type CitizensOptions, openCitizens } from './citizens.ts'
import { type Line, openLine } from './line.ts'
import { blocksFor, type ChannelBlocks, keyedChannels, type Nodes, openNodes, plainChannels } from './nodes.ts'
import { type Chance, chanceOf } from './random.ts'
import { openRealVendors, type RealVendors } from './real-vendors.ts'
import { openSmallDisk, type SmallDisk } from './small-disk.ts'
import { watchUnknown } from './watch-unknown.ts'

export interface Postgres {
  url(database: string): string
  /** As a power cut: no goodbye. It is started again by whoever holds it. */
  kill(): Promise<void>
  /** All of it stands still. */
  freeze(ms: number): Promise<void>
  /** Resolves once it answers. */
  answers(): Promise<void>
  stop(): Promise<void>
}

export async function openPostgres(parent = tmpdir()): Promise<Postgres> {
  const folder = mkdtempSync(join(parent, 'balcao-chaos-'))
  chmodSync(folder, 0o711)
  const own = await openOwn(folder)
  const pid = () => runningServer(clusterIn(folder))?.pid
  const url = (database: string) => superuserUrl(own.access, database)
  async function answers(): Promise<void> {
    for (;;) {
      const client = new pg.Client({ connectionString: url('postgres'), connectionTimeoutMillis: 1_000 })
      client.on('error', () => undefined)
      const ok = await client.connect().then(() => client.query('select 1')).then(() => true, () => false)
      await client.end().catch(() => undefined)
      if (ok) return
      await pause(20)
    }
  }
  return {
    url, answers,
    async kill() {
      const postmaster = pid()
      if (postmaster) process.kill(postmaster, 'SIGQUIT')
      while (postmaster && isAlive(postmaster)) await pause(10)
    },
    async freeze(ms) {
      const postmaster = pid()
      if (!postmaster) return
      const all = [...childrenOf(postmaster), postmaster]
      for (const one of all) signal(one, 'SIGSTOP')
      await pause(ms)
      for (const one of all) signal(one, 'SIGCONT')
    },
    async stop() {
      await own.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Stage {
  seed: number
  chance: Chance
  ms: number
  /** So many, however long it takes; 0: as many as fit into the time. */
  kills: number
  vendor: PlainVendor
  line: Line
  nodes: Nodes
  postgres: Postgres
  pool: Pool
  databaseUrl: string
  citizens: Citizens
  /** Where the fault has asked for one. */
  disk: SmallDisk | undefined
  real: RealVendors | undefined
  /** Until the time for this fault is over. */
  isOn(): boolean
  note(name: string, value: number | string): void
  /** A promise that only this fault can see broken. */
  promise(name: string, broken: number): void
}

export interface Outcome extends Balance {
  fault: string
  seconds: number
  kills: number
  unacknowledged: number
  givenUp: number
  unanswered: number
  /** The longest that one stood as being sent until the inbox said that nobody knows. */
  unknownAfterMs: number
  /** Promises of this fault's own, and how often they were broken. */
  own: Record<string, number>
  p50: number
  p99: number
  slowest: number
  refused: number
  refusedP99: number
  notes: Record<string, number | string>
}

export interface FaultOptions {
  what: string
  nodes: number
  citizens?: Partial<CitizensOptions>
  /** The vendor misbehaves from begin to end. */
  vendor?: (chance: Chance) => PlainVendor['behave']
  /** A small disk of so many megabytes, of its own: for a PostgreSQL of its own, or for the files of the gateways. */
  disk?: { megabytes: number; of: 'database' | 'files' }
  /** Beside the six. */
  channels?: ChannelBlocks
  /** The vendors' own protocols, beside the six. */
  real?: true
  play(stage: Stage): Promise<void>
}

/** Beside the time for the fault itself: what may pass until all is settled and the books are balanced. */
const longestAfterMs = 600_000

/** undefined: it cannot be played here. Rejects when it does not come to an end. */
export async function stage(name: string, fault: FaultOptions, shared: Postgres, seed: number, ms: number, kills = 0): Promise<Outcome | undefined> {
  let at = 'getting ready'
  let tooLong: NodeJS.Timeout | undefined
  const bound = new Promise<never>((_resolve, reject) => {
    // Asked for a number of kills, it takes as long as they take.
    const most = kills > 0 ? kills * 10_000 + longestAfterMs : ms + longestAfterMs
    tooLong = setTimeout(() => reject(new Error(`${name} was still ${at} after ${Math.round(most / 1000)} s`)), most)
  })
  return Promise.race([play(name, fault, shared, seed, ms, kills, (step) => { at = step }), bound]).finally(() => clearTimeout(tooLong))
}

async function play(name: string, fault: FaultOptions, shared: Postgres, seed: number, ms: number, kills: number, at: (step: string) => void): Promise<Outcome | undefined> {
  const chance = chanceOf(seed)
  const disk = fault.disk && openSmallDisk(fault.disk.megabytes)
  if (fault.disk && !disk) return undefined
  const ownPostgres = fault.disk?.of === 'database' ? await openPostgres(disk!.folder) : undefined
  const postgres = ownPostgres ?? shared
  const database = `chaos_${name.replace(/\W/g, '_')}`
  const admin = new pg.Client({ connectionString: postgres.url('postgres') })
  await admin.connect()
  await admin.query(`drop database if exists ${database} with (force)`)
  await admin.query(`create database ${database}`)
  await admin.end()
  const databaseUrl = postgres.url(database)
  const pool = openPool(databaseUrl, 2, () => undefined)
  await migrate(pool.db)
  const line = await openLine(databaseUrl)
  const vendor = await plainVendor()
  if (fault.vendor) vendor.behave = fault.vendor(chance)
  const real = fault.real && await openRealVendors()
  const blocks = { ...blocksFor(vendor.url), ...fault.channels, ...real?.blocks }
  const nodes = openNodes(line.url, blocks, { secrets: real?.env ?? {} })
  for (let n = 0; n < fault.nodes; n += 1) await nodes.start(fault.disk?.of === 'files' ? { filesIn: disk!.folder } : {})

  const begun = Date.now()
  const notes: Record<string, number | string> = {}
  const own: Record<string, number> = {}
  const unknown = watchUnknown(pool)
  const citizens = openCitizens({
    chance, urls: nodes.urls, channels: [...plainChannels, ...keyedChannels], perSecond: 20, people: 12, text: (n) => `mensagem ${n}`, ...fault.citizens,
  })
  at('playing')
  await fault.play({
    seed, chance, ms, kills, vendor, line, nodes, postgres, pool, databaseUrl, citizens, disk, real, isOn: () => Date.now() - begun < ms,
    note: (what, value) => { notes[what] = value },
    promise: (what, broken) => { own[what] = (own[what] ?? 0) + broken },
  })
  const seconds = (Date.now() - begun) / 1000
  line.delayMs = 0
  vendor.behave = () => 'accept'
  if (nodes.urls().length === 0) await nodes.start()
  at('waiting for the vendors to come again')
  const unacknowledged = await citizens.rest(180_000)
  at('waiting for the outbox')
  await settled(pool, 120_000)
  const unknownAfterMs = await unknown.end()

  at('balancing the books')
  const screen = await startGateway({ databaseUrl, channels: blocks, env: real?.env ?? {}, kinds: { plain: plainKind(), keyed: plainKind({ idempotent: 'key' }) } })
  const operator = await signIn(screen, 'supervisora@valeformoso.example', { role: 'admin' })
  const books = await balance(pool.db, vendor, citizens.acknowledged, operator, new Set(keyedChannels))
  at('ending')
  await screen.close()
  await nodes.stop()
  await line.close()
  await vendor.close()
  await real?.close()
  await pool.close()
  await ownPostgres?.stop()
  disk?.remove()
  return {
    fault: name, seconds: Math.round(seconds), kills: nodes.kills(), unacknowledged, givenUp: citizens.givenUp(), unanswered: citizens.unanswered(), unknownAfterMs, own, ...books,
    p50: quantile(citizens.latencies, 0.5), p99: quantile(citizens.latencies, 0.99),
    slowest: Math.max(quantile(citizens.latencies, 1), quantile(citizens.refusals.map(({ ms: each }) => each), 1)),
    refused: citizens.refusals.length, refusedP99: quantile(citizens.refusals.map(({ ms: each }) => each), 0.99), notes,
  }
}

/** Leases of those who died must run out first. */
async function settled(pool: Pool, deadlineMs: number): Promise<void> {
  const end = Date.now() + deadlineMs
  while (Date.now() < end) {
    const { rows } = await pool.pool.query<{ left: number }>(`select count(*)::int as left from delivery where state in ('queued', 'sending')`).catch(() => ({ rows: [{ left: 1 }] }))
    if (rows[0]?.left === 0) return
    await pause(200)
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)
}

function isAlive(pid: number): boolean {
  try {
    // A zombie has ended: only its parent has not looked yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((each) => {
    try {
      return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1]) === pid
    } catch {
      return false
    }
  })
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended in between.
  }
}
