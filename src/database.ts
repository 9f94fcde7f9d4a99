/** The database: the server at DATABASE_URL, or one of our own in the data folder. Which of the two, nobody else knows. */

import { mkdirSync, realpathSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { clusterIn, endServer, ensureRunning, superuserUrl, type Access, type ClusterFolder } from './database/cluster.ts'
import { refuseUnsafe } from './database/durable.ts'

export interface Database {
  url: string
  /** Lets go of it. Our own server ends when nobody uses it any more. */
  stop(): Promise<void>
}

/** Shared by all who use our own server; taken alone by the one who ends it. */
const inUse = 4_711_001

/** Throws when the server is one that could lose what it has confirmed. */
export async function openDatabase(options: { url?: string | undefined; folder: string; onTrouble?: (what: string) => void }): Promise<Database> {
  if (options.url) {
    await refuseUnsafe(options.url)
    return { url: options.url, stop: async () => undefined }
  }
  const own = await openOwn(options.folder, options.onTrouble)
  await makeRole(own.access)
  const url = new URL(superuserUrl(own.access, 'balcao'))
  url.username = 'balcao'
  await refuseUnsafe(url.href)
  return { url: url.href, stop: own.stop }
}

/** A server of our own, and its superuser. Used by `openDatabase` and by the tests, which make many databases in one. */
export async function openOwn(folder: string, onTrouble: (what: string) => void = () => undefined): Promise<{ access: Access; stop(): Promise<void> }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const at = clusterIn(realpathSync(folder))
  let { access, hold } = await join(at)
  let stopping = false

  const watch = () => hold.once('end', () => {
    if (stopping) return
    onTrouble('PostgreSQL has stopped; starting it again')
    void again()
  })
  const again = async () => {
    while (!stopping) {
      try {
        ;({ access, hold } = await join(at, access.port))
        watch()
        return
      } catch (error) {
        onTrouble(`PostgreSQL does not start: ${(error as Error).message}`)
        await pause(1_000)
      }
    }
  }
  watch()
  return {
    get access() { return access },
    stop: async () => {
      stopping = true
      await hold.end().catch(() => undefined)
      await endIfLast(at, access)
    },
  }
}

/** Others may be ending the server at this moment: then it is started anew. */
async function join(at: ClusterFolder, port?: number): Promise<{ access: Access; hold: pg.Client }> {
  for (;;) {
    const access = await ensureRunning(at, port)
    const hold = connectionTo(access)
    try {
      await hold.connect()
      await hold.query('select pg_advisory_lock_shared($1)', [inUse])
      return { access, hold }
    } catch (error) {
      await hold.end().catch(() => undefined)
      if (!isGoingAway(error)) throw error
      await pause(50)
    }
  }
}

async function endIfLast(at: ClusterFolder, access: Access): Promise<void> {
  const client = connectionTo(access)
  try {
    await client.connect()
    const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [inUse])
    if (rows[0]?.last) await endServer(at)
  } catch (error) {
    // It ends already, because whoever stopped us stopped it too.
    if (!isGoingAway(error)) throw error
    await endServer(at)
  } finally {
    await client.end().catch(() => undefined)
  }
}

function connectionTo(access: Access): pg.Client {
  const client = new pg.Client({ connectionString: superuserUrl(access), keepAlive: true, application_name: 'balcao hold' })
  // Without a listener a lost connection would end the process; `end` follows and is what we act on.
  client.on('error', () => undefined)
  return client
}

function isGoingAway(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return ['57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(code ?? '')
    || /Connection terminated|Connection ended/i.test(message ?? '')
}

/** The gateway's own role may do everything in its database and nothing on the machine. */
async function makeRole(access: Access): Promise<void> {
  const client = connectionTo(access)
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [inUse + 1])
    const has = async (query: string) => (await client.query(query)).rows.length > 0
    if (!await has(`select from pg_roles where rolname = 'balcao'`)) await client.query(`create role balcao login password '${access.password}'`)
    if (!await has(`select from pg_database where datname = 'balcao'`)) await client.query('create database balcao owner balcao')
  } finally {
    await client.end()
  }
}
