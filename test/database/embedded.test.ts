import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import pg from 'pg'
import { expect, onTestFinished, test, vi } from 'vitest'
import { clusterIn, endServer, runningServer } from '../../src/database/cluster.ts'
import { openDatabase } from '../../src/database.ts'
import { freshDatabase } from '../database.ts'

/** As npm makes folders for root: nobody else may look inside. */
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'balcao-own-'))
  onTestFinished(async () => {
    await endServer(clusterIn(join(made, 'data')))
    rmSync(made, { recursive: true, force: true })
  })
  return join(made, 'data')
}

async function ask<T extends object>(url: string, query: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(query)).rows
  } finally {
    await client.end()
  }
}

/** Another process that uses the database of this folder, until it is told to stop or killed. */
async function neighbour(data: string): Promise<{ child: ChildProcess; url: string }> {
  const script = `import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../../src/database.ts'))}
    const database = await openDatabase({ folder: ${JSON.stringify(data)} })
    process.once('SIGTERM', () => database.stop().then(() => process.exit(0)))
    process.stdout.write(database.url + '\\n')
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(child.stdout!, 'data') as [Buffer]
  return { child, url: line.toString().trim() }
}

const isGone = (data: string) => vi.waitFor(() => expect(runningServer(clusterIn(data))).toBeUndefined(), { timeout: 15_000, interval: 25 })

test('what is committed is there again after stop and start, at the same address', { timeout: 60_000 }, async () => {
  const data = folder()
  const first = await openDatabase({ folder: data })
  await ask(first.url, 'create table kept (word text); insert into kept values (\'ção\')')
  await first.stop()
  expect(runningServer(clusterIn(data))).toBeUndefined()
  const second = await openDatabase({ folder: data })
  expect(second.url).toBe(first.url)
  expect(await ask(second.url, 'select word from kept')).toEqual([{ word: 'ção' }])
  await second.stop()
})

test('it is durable, answers on this machine alone, and gives the gateway no power over the machine', { timeout: 60_000 }, async () => {
  const data = folder()
  const database = await openDatabase({ folder: data })
  const settings = await ask(database.url, `select name, setting from pg_settings where name in
    ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'data_checksums', 'server_encoding') order by name`)
  expect(Object.fromEntries(settings.map((each) => Object.values(each)))).toEqual({
    data_checksums: 'on', fsync: 'on', full_page_writes: 'on', listen_addresses: '127.0.0.1', server_encoding: 'UTF8', synchronous_commit: 'on',
  })
  expect(await ask(database.url, 'select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user'))
    .toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }])
  const wrong = new URL(database.url)
  wrong.password = 'guess'
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
  expect(statSync(clusterIn(data).access).mode & 0o077).toBe(0)
  await database.stop()
})

test('two processes share it, and the last one to leave ends it', { timeout: 60_000 }, async () => {
  const data = folder()
  const [one, two] = await Promise.all([neighbour(data), neighbour(data)])
  expect(one.url).toBe(two.url)
  one.child.kill('SIGTERM')
  await once(one.child, 'exit')
  expect(await ask(two.url, 'select 1 as up')).toEqual([{ up: 1 }])
  two.child.kill('SIGTERM')
  await once(two.child, 'exit')
  await isGone(data)
})

test('after kill -9 of the process, the next one takes the running server over', { timeout: 60_000 }, async () => {
  const data = folder()
  const before = await neighbour(data)
  const server = runningServer(clusterIn(data))?.pid
  before.child.kill('SIGKILL')
  await once(before.child, 'exit')
  const after = await openDatabase({ folder: data })
  expect(after.url).toBe(before.url)
  expect(runningServer(clusterIn(data))?.pid).toBe(server)
  await after.stop()
  expect(runningServer(clusterIn(data))).toBeUndefined()
})

test('after kill -9 of the server, it is started again at the same address', { timeout: 60_000 }, async () => {
  const data = folder()
  const troubles: string[] = []
  const database = await openDatabase({ folder: data, onTrouble: (what) => troubles.push(what) })
  await ask(database.url, 'create table kept (n int); insert into kept values (7)')
  process.kill(runningServer(clusterIn(data))!.pid, 'SIGKILL')
  await vi.waitFor(async () => expect(await ask(database.url, 'select n from kept')).toEqual([{ n: 7 }]), { timeout: 30_000, interval: 50 })
  expect(troubles[0]).toMatch(/PostgreSQL has stopped/)
  await database.stop()
})

test('a number left behind by a power cut, now that of another program, does not keep it from starting', { timeout: 60_000 }, async () => {
  const data = folder()
  await (await openDatabase({ folder: data })).stop()
  writeFileSync(join(clusterIn(data).cluster, 'postmaster.pid'), `${process.pid}\n/proc/self/cwd\n1\n5999\n\n127.0.0.1\n\nready   \n`)
  const again = await openDatabase({ folder: data })
  expect(await ask(again.url, 'select 1 as up')).toEqual([{ up: 1 }])
  await again.stop()
})

test('neither a statement nor the row that broke a rule gets into its log', { timeout: 60_000 }, async () => {
  const data = folder()
  const database = await openDatabase({ folder: data })
  await expect(ask(database.url, `create table one (word text primary key); insert into one values ('segredo-123'); insert into one values ('segredo-123')`)).rejects.toThrow()
  await database.stop()
  const log = readdirSync(join(clusterIn(data).cluster, 'log'))
  const said = log.map((file) => readFileSync(join(clusterIn(data).cluster, 'log', file), 'utf8')).join('\n')
  expect(said).toContain('duplicate key')
  expect(said).not.toContain('segredo')
})

test('a given server is used as it is, and refused when it may lose what it has confirmed', async () => {
  const { url, drop } = await freshDatabase({ migrated: false })
  onTestFinished(drop)
  const given = await openDatabase({ url, folder: '/nonexistent' })
  expect(given.url).toBe(url)
  await given.stop()
  await ask(url, `do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$`)
  await expect(openDatabase({ url, folder: '/nonexistent' })).rejects.toThrow(/synchronous_commit off .* set synchronous_commit = on/)
})
