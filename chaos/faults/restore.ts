/** A backup made under load is restored beside the gateway that goes on. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../../src/core/store/migrate.ts'
import { openPool } from '../../src/core/store/pool.ts'
import { dumpDatabase } from '../../src/database/dump.ts'
import { loadDump } from '../../src/database/load-dump.ts'
import { blocksFor, openNodes } from '../nodes.ts'
import { type FaultOptions, pause } from '../stage.ts'

export const restoreFaults: Record<string, FaultOptions> = {
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
      const second = openNodes(on.postgres.url('chaos_restored'), blocksFor(on.vendor.url))
      const keys = new Set((await restored.pool.query<{ key: string }>('select key from delivery')).rows.map(({ key }) => key))
      await second.start()
      await pause(4_000)
      const again = on.vendor.ledger.slice(silent).filter(({ key }) => keys.has(key) && on.vendor.ledger.findIndex((first) => first.key === key) < silent).length
      on.note('rows restored', rows)
      on.promise('sent again by the restored gateway', again)
      await second.stop()
      await restored.close()
      rmSync(folder, { recursive: true, force: true })
    },
  },
}
