/** The floor: one durable transaction a message that inserts one and touches its conversation, by pgbench where there is one, else by pg. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

const tables = `
create table if not exists floor_conversation (id int primary key, seq int not null default 0, at timestamptz);
insert into floor_conversation select generate_series(1, 1000) on conflict do nothing;
create table if not exists floor_message (id bigint generated always as identity primary key, external_id text unique, conversation_id int, content jsonb, at timestamptz default now());`

const one = `with c as (update floor_conversation set seq = seq + 1, at = now() where id = $1 returning id)
insert into floor_message (external_id, conversation_id, content) select $2, id, '{"text":"Bom dia, a fatura da água veio muito alta este mês. Podem ver o que se passa?"}' from c on conflict (external_id) do nothing`

export const hasPgbench = ['/usr/bin/pgbench', '/usr/local/bin/pgbench'].some((file) => existsSync(file))

/** `late`: how long each took, in ms, of some of them. */
export interface Floor { perSecond: number; late: number[] }

export async function floorTransactions(url: string, clients: number, seconds: number): Promise<Floor> {
  const pool = new pg.Pool({ connectionString: url, max: clients })
  try {
    await pool.query(tables)
    return hasPgbench ? await byPgbench(url, clients, seconds) : await byPool(pool, clients, seconds)
  } finally {
    await pool.end()
  }
}

async function byPgbench(url: string, clients: number, seconds: number): Promise<Floor> {
  const folder = await mkdtemp(path.join(tmpdir(), 'balcao-floor-'))
  const script = path.join(folder, 'one.sql')
  await writeFile(script, `\\set c random(1, 1000)\n\\set n random(1, 9000000000000000)\n${one.replaceAll('\n', ' ').replace('$1', ':c').replace('$2', ':n::text')};\n`)
  const { hostname, port, username, password, pathname } = new URL(url)
  const { stdout } = await run('pgbench', ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), '-f', script, '-l', '--sampling-rate=0.1', `--log-prefix=${path.join(folder, 'late')}`, '-h', hostname, '-p', port, '-U', decodeURIComponent(username), pathname.slice(1)], { env: { ...process.env, PGPASSWORD: decodeURIComponent(password) } })
  const logs = await Promise.all((await readdir(folder)).filter((name) => name.startsWith('late.')).map((name) => readFile(path.join(folder, name), 'utf8')))
  await rm(folder, { recursive: true })
  const late = logs.flatMap((log) => log.trim().split('\n').map((line) => Number(line.split(' ')[2]) / 1_000))
  return { perSecond: Number(/tps = ([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN), late }
}

async function byPool(pool: pg.Pool, clients: number, seconds: number): Promise<Floor> {
  const end = performance.now() + seconds * 1_000
  const begun = performance.now()
  const late: number[] = []
  await Promise.all(Array.from({ length: clients }, async (_, client) => {
    for (let n = 0; performance.now() < end; n += 1) {
      const from = performance.now()
      await pool.query({ name: 'floor', text: one, values: [(client * 31 + n) % 1_000 + 1, `${process.hrtime.bigint()}-${client}-${n}`] })
      late.push(performance.now() - from)
    }
  }))
  return { perSecond: late.length / ((performance.now() - begun) / 1_000), late }
}
