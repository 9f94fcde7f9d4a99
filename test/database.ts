/** A real PostgreSQL for tests: one server a run, one database a test file. Locks are what we test. */

import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { migrate } from '../src/core/store/migrate.ts'
import { openPool } from '../src/core/store/pool.ts'
import { clusterIn, runningServer, superuserUrl } from '../src/database/cluster.ts'
import { openOwn } from '../src/database.ts'

/** Vitest's globalSetup. Gives what vitest calls when all is over. */
export async function setup(): Promise<() => Promise<void>> {
  const server = await startServer()
  process.env.BALCAO_TEST_SERVER = server.url
  process.env.BALCAO_TEST_TEMPLATE = server.template
  return server.stop
}

export interface TestServer { url: string; template: string; stop(): Promise<void> }

/** The server of TEST_DATABASE_URL, else one of our own in a folder that goes away with this process, however it ends. */
export async function startServer(given = process.env.TEST_DATABASE_URL): Promise<TestServer> {
  const template = `balcao_template_${process.pid}_${randomBytes(3).toString('hex')}`
  const server = given ? { url: given, stop: async () => undefined } : await startOwn()
  await onServer(server.url, `create database ${template}`)
  const pool = openPool(databaseUrl(server.url, template), 1, (error) => { throw error })
  await migrate(pool.db)
  await pool.close()
  return {
    url: server.url,
    template,
    stop: async () => {
      if (given) await onServer(server.url, `drop database ${template} with (force)`)
      await server.stop()
    },
  }
}

async function startOwn(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'balcao-test-'))
  chmodSync(folder, 0o711)
  const own = await openOwn(folder)
  // Outlives us for a moment: when we are killed, its input ends, and it clears away the server and the folder.
  const pid = runningServer(clusterIn(folder))?.pid
  const warden = spawn('sh', ['-c', 'read -r wait; kill -QUIT "$0" 2>/dev/null && rm -rf "$1"', String(pid), folder],
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  warden.unref()
  return {
    url: superuserUrl(own.access),
    stop: async () => {
      await own.stop()
      warden.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface FreshDatabase { url: string; drop(): Promise<void> }

/** A migrated, empty database for one test file. */
export async function freshDatabase(options: { migrated?: boolean } = {}): Promise<FreshDatabase> {
  const { BALCAO_TEST_SERVER: server, BALCAO_TEST_TEMPLATE: template } = process.env
  if (!server || !template) throw new Error('no test server: run by vitest, whose globalSetup is test/database.ts')
  const name = `balcao_${process.pid}_${randomBytes(5).toString('hex')}`
  await onServer(server, `create database ${name} template ${options.migrated === false ? 'template0' : template}`)
  return { url: databaseUrl(server, name), drop: () => onServer(server, `drop database if exists ${name} with (force)`) }
}

function databaseUrl(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
