/** What can go wrong, one at a time and all together. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { dumpDatabase } from '../src/database/dump.ts'
import { loadDump } from '../src/database/load-dump.ts'
import { migrate } from '../src/core/store/migrate.ts'
import { openPool } from '../src/core/store/schema.ts'
import type { Chance } from './random.ts'
import { openNodes } from './nodes.ts'
import { type FaultOptions, pause, type Stage } from './stage.ts'

const moody = (chance: Chance) => () => {
  const luck = chance.next()
  return luck < 0.03 ? 429 : luck < 0.06 ? 500 : luck < 0.08 ? 'cut' : luck < 0.085 ? 400 : 'accept'
}

async function whileOn({ isOn }: Stage, everyMs: () => number, what: () => Promise<void>): Promise<void> {
  while (isOn()) {
    await pause(everyMs())
    if (isOn()) await what()
  }
}

/** Milliseconds until the first acknowledgement after now. */
async function firstAcknowledgement({ citizens }: Stage): Promise<number> {
  const begun = Date.now()
  const before = citizens.acknowledged.length
  while (citizens.acknowledged.length === before && Date.now() - begun < 60_000) await pause(5)
  return Date.now() - begun
}

async function killDatabase(on: Stage): Promise<number> {
  await on.postgres.kill()
  await on.postgres.answers()
  return firstAcknowledgement(on)
}

export const faults: Record<string, FaultOptions & { what: string }> = {
  calm: { what: 'no fault, two gateways', nodes: 2, play: (on) => pause(on.ms) },
  kill: {
    what: 'kill -9 of the only gateway, again and again, under 100 messages/s', nodes: 1, citizens: { perSecond: 100, people: 40 },
    play: (on) => whileOn(on, () => 500 + on.chance.below(1_500), on.nodes.replace),
  },
  'two-nodes': {
    what: 'two gateways killed in turn, a vendor with moods', nodes: 2, vendor: moody,
    play: (on) => whileOn(on, () => 500 + on.chance.below(1_500), on.nodes.replace),
  },
  vendor: {
    what: 'vendor: 3 % 429, 3 % 500, 2 % cut after it took it, 0.5 % 400', nodes: 2, vendor: moody,
    play: (on) => pause(on.ms),
  },
  'database-killed': {
    what: 'PostgreSQL killed (immediate) and started again', nodes: 2,
    async play(on) {
      let slowest = 0
      await whileOn(on, () => 2_000, async () => { slowest = Math.max(slowest, await killDatabase(on)) })
      on.note('first acknowledgement after PostgreSQL is back, slowest, ms', slowest)
    },
  },
  'database-frozen': {
    what: 'PostgreSQL stands still for up to 20 s', nodes: 2,
    async play(on) {
      await pause(2_000)
      const still = Math.min(20_000, on.ms)
      await on.postgres.freeze(still)
      on.note('stood still, ms', still)
      on.note('first acknowledgement after it goes on, ms', await firstAcknowledgement(on))
      await pause(2_000)
    },
  },
  'database-slow': {
    what: 'each packet to and from PostgreSQL 500 ms late', nodes: 2, citizens: { perSecond: 10 },
    async play(on) {
      await pause(1_000)
      on.line.delayMs = 500
      await pause(on.ms)
    },
  },
  'half-open': {
    what: 'every line to PostgreSQL goes dead without a word', nodes: 2,
    async play(on) {
      let slowest = 0
      await whileOn(on, () => 8_000, async () => {
        on.line.swallow()
        slowest = Math.max(slowest, await firstAcknowledgement(on))
      })
      on.note('first acknowledgement over a new line, slowest, ms', slowest)
    },
  },
  poison: {
    what: 'one payload in 20 breaks the translation, one message in 20 breaks the bot', nodes: 2,
    citizens: { poisonEvery: 20, text: (n) => (n % 20 === 7 ? `quebra ${n}` : `mensagem ${n}`) },
    async play(on) {
      await pause(on.ms)
      const { rows: [row] } = await on.pool.pool.query<{ corrupt: number; failed: number }>(`
        select (select count(*)::int from inbound where outcome = 'corrupt') as corrupt, (select count(*)::int from activity where type = 'bot-failed') as failed`)
      on.note('kept as corrupt', row!.corrupt)
      on.note('handed to people because the bot broke', row!.failed)
    },
  },
  clock: {
    what: 'one gateway’s clock is an hour ahead', nodes: 1,
    async play(on) {
      await on.nodes.start({ offsetMs: 3_600_000 })
      await pause(on.ms)
    },
  },
  overload: {
    what: '1,000 messages/s to one gateway', nodes: 1, citizens: { perSecond: 1_000, people: 400 },
    play: (on) => pause(Math.min(on.ms, 15_000)),
  },
  restore: {
    what: 'restored from a backup made under load, and all that was sent is queued again in it: it starts muted', nodes: 1,
    async play(on) {
      await pause(Math.min(on.ms, 5_000))
      const folder = mkdtempSync(join(tmpdir(), 'balcao-chaos-backup-'))
      const file = join(folder, 'database.jsonl.gz')
      await dumpDatabase(on.pool.pool, file)
      const admin = new pg.Client({ connectionString: on.postgres.url('postgres') })
      await admin.connect()
      await admin.query('drop database if exists chaos_restored with (force)')
      await admin.query('create database chaos_restored')
      await admin.end()
      const restored = openPool(on.postgres.url('chaos_restored'), 2, () => undefined)
      await migrate(restored.db)
      const rows = await loadDump(restored.pool, file)
      // What was queued in the backup has been sent by the first gateway since: a restored one must not send it again.
      await restored.pool.query(`update delivery set state = 'queued', due_at = now() where state = 'sent'`)
      const silent = on.vendor.ledger.length
      const second = openNodes(on.postgres.url('chaos_restored'), on.vendor.url)
      const keys = new Set((await restored.pool.query<{ key: string }>('select key from delivery')).rows.map(({ key }) => key))
      await second.start()
      await pause(4_000)
      const again = on.vendor.ledger.slice(silent).filter(({ key }) => keys.has(key) && on.vendor.ledger.findIndex((first) => first.key === key) < silent).length
      on.note('rows restored', rows)
      on.note('sent again by the restored gateway', again)
      await second.stop()
      await restored.close()
      rmSync(folder, { recursive: true, force: true })
    },
  },
  mixed: {
    what: 'killed gateways, killed and frozen PostgreSQL, dead lines and a vendor with moods, all at once', nodes: 2, vendor: moody,
    citizens: { text: (n) => (n % 50 === 7 ? `quebra ${n}` : n % 15 === 3 ? `pessoa ${n}` : `mensagem ${n}`), poisonEvery: 40 },
    async play(on) {
      let slowest = 0
      await whileOn(on, () => 500 + on.chance.below(1_500), async () => {
        const luck = on.chance.next()
        if (luck < 0.7) await on.nodes.replace()
        else if (luck < 0.82) slowest = Math.max(slowest, await killDatabase(on))
        else if (luck < 0.92) await on.postgres.freeze(1_000 + on.chance.below(3_000))
        else on.line.swallow()
      })
      on.note('first acknowledgement after PostgreSQL is back, slowest, ms', slowest)
    },
  },
}
