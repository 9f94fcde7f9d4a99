/** Puts a dump into a migrated, empty database: all of it or nothing. */

import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type pg from 'pg'
import { lines, type Table } from './dump.ts'

const atOnce = 500

/** Gives the number of rows. What was queued stays queued: sending is muted until somebody has looked. */
export async function loadDump(pool: pg.Pool, file: string): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0')
    await mustBeEmpty(client)
    const constraints = await setAside(client)
    const rows = await load(client, file)
    for (const { table, name, definition } of constraints) await client.query(`alter table ${table} add constraint "${name}" ${definition}`)
    await client.query(`insert into setting (name, value) values ('muted', 'true') on conflict (name) do update set value = excluded.value`)
    await client.query('commit')
    return rows
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release(true)
  }
}

async function mustBeEmpty(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(
    'select exists (select from conversation) or exists (select from citizen) or exists (select from inbound) as found')
  if (rows[0]?.found) throw new Error('this database is in use: a backup is put back into an empty one (another data folder, or another DATABASE_URL)')
}

interface Constraint { table: string; name: string; definition: string }

/** Tables refer to each other in rings, so no order of loading suits; the references are checked when all is in. */
async function setAside(client: pg.PoolClient): Promise<Constraint[]> {
  const { rows } = await client.query<Constraint>(`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`)
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint "${name}"`)
  return rows
}

async function load(client: pg.PoolClient, file: string): Promise<number> {
  let table: Table | undefined
  let waiting: string[] = []
  let rows = 0
  let isComplete = false
  const flush = async () => {
    if (!table || waiting.length === 0) return
    const columns = table.columns.map((column) => `"${column}"`).join(', ')
    await client.query(
      `insert into "${table.name}" (${columns}) overriding system value select ${columns} from json_populate_recordset(null::"${table.name}", $1::json)`,
      [`[${waiting.join(',')}]`])
    rows += waiting.length
    waiting = []
  }
  for await (const line of linesOf(file)) {
    const rest = line.slice(2)
    if (line.startsWith(lines.row)) {
      waiting.push(rest)
      if (waiting.length >= atOnce) await flush()
      continue
    }
    await flush()
    if (line.startsWith(lines.head)) await mustFit(client, JSON.parse(rest) as { migrations: string[] })
    else if (line.startsWith(lines.table)) {
      table = JSON.parse(rest) as Table
      // What the first start of an empty gateway has put there itself.
      await client.query(`delete from "${table.name}"`)
    } else if (line.startsWith(lines.sequence)) {
      const { name, value } = JSON.parse(rest) as { name: string; value: string }
      await client.query('select setval($1::regclass, $2::bigint)', [`"${name}"`, value])
    } else if (line.startsWith(lines.end)) isComplete = true
  }
  if (!isComplete) throw new Error(`${file} is cut off: nothing was restored`)
  return rows
}

/** By \n alone: node:readline also breaks at separators that citizens may write. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file)
  const text = source.pipe(createGunzip())
  source.once('error', (error) => text.destroy(error))
  text.setEncoding('utf8')
  let left = ''
  for await (const chunk of text as AsyncIterable<string>) {
    const parts = (left + chunk).split('\n')
    left = parts.pop() ?? ''
    yield* parts
  }
}

async function mustFit(client: pg.PoolClient, head: { migrations: string[] }): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select name from kysely_migration')
  const known = new Set(rows.map(({ name }) => name))
  const unknown = head.migrations.filter((name) => !known.has(name))
  if (unknown.length > 0) throw new Error(`this backup is of a newer version (${unknown.join(', ')}): restore it with that version`)
}
