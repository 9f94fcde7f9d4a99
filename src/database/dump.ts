/** Writes every row of the database to a file of JSON lines, as of one moment. */

import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'

/** First letter of a line: what it is. */
export const lines = { head: 'H', table: 'T', row: 'R', sequence: 'S', end: 'E' } as const

/** Rows are read so many at a time: memory stays small whatever the size of the town. */
const atOnce = 2_000

/** Gives the number of rows. The file appears under its name when it is complete. */
export async function dumpDatabase(pool: pg.Pool, file: string): Promise<number> {
  const client = await pool.connect()
  let rows = 0
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0')
    const half = `${file}.part`
    await pipeline(Readable.from(all(client, () => { rows += 1 })), createGzip(), createWriteStream(half, { mode: 0o600 }))
    await client.query('commit')
    await rename(half, file)
    return rows
  } finally {
    client.release(true)
  }
}

async function* all(client: pg.PoolClient, counted: () => void): AsyncGenerator<string> {
  const migrations = await client.query<{ name: string }>('select name from kysely_migration order by name')
  yield `${lines.head} ${JSON.stringify({ balcao: 1, at: new Date().toISOString(), migrations: migrations.rows.map(({ name }) => name) })}\n`
  for (const table of await tablesOf(client)) {
    yield `${lines.table} ${JSON.stringify(table)}\n`
    const columns = table.columns.map((column) => `"${column}"`).join(', ')
    await client.query(`declare dump no scroll cursor for select row_to_json(each)::text as line from (select ${columns} from "${table.name}") each`)
    for (;;) {
      const { rows } = await client.query<{ line: string }>(`fetch ${atOnce} from dump`)
      if (rows.length === 0) break
      for (const { line } of rows) {
        counted()
        yield `${lines.row} ${line}\n`
      }
    }
    await client.query('close dump')
  }
  const sequences = await client.query<{ name: string; value: string }>(
    `select sequencename as name, last_value::text as value from pg_sequences where schemaname = current_schema() and last_value is not null`)
  for (const each of sequences.rows) yield `${lines.sequence} ${JSON.stringify(each)}\n`
  yield `${lines.end}\n`
}

export interface Table { name: string; columns: string[] }

/** Without the columns that the database works out by itself, and without the memory of migrations. */
async function tablesOf(client: pg.PoolClient): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname not like 'kysely_%'
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname`)
  return rows
}
