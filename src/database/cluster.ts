/** A PostgreSQL server of our own in a folder: made once, started, found again after a crash, stopped by the last who leaves. */

import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, readlinkSync, realpathSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type Binaries, chooseUser, prepareBinaries, type RunAs } from './binaries.ts'

export interface ClusterFolder {
  /** PostgreSQL's own files. */
  cluster: string
  /** Port and password of the superuser; readable by us alone. */
  access: string
  /** What PostgreSQL said before it could open its own log. */
  startLog: string
  /** For a copy of the binaries, when they cannot run where npm put them. */
  spare: string
}

export const clusterIn = (folder: string): ClusterFolder => ({
  cluster: join(folder, 'postgres'),
  access: join(folder, 'postgres.json'),
  startLog: join(folder, 'postgres-start.log'),
  spare: folder,
})

export interface Access { port: number; password: string }

export const superuserUrl = ({ port, password }: Access, database = 'postgres') =>
  `postgres://postgres:${password}@127.0.0.1:${port}/${database}`

/**
 * A process that works inside its folder reaches it by this name even when root alone may walk down to it,
 * as in a clone under /root: PostgreSQL, which refuses to run as root, can then still keep its files in ./data.
 */
const insideOf = (folder: string) => process.platform === 'linux' ? '/proc/self/cwd' : folder

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgres-%a.log',
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_checkpoints: 'off',
  // An error's details and its statement may hold what a citizen wrote.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
}

/** Gives access to the running server of this folder; makes and starts it where needed. `port`: that one and no other. */
export async function ensureRunning(at: ClusterFolder, port?: number): Promise<Access> {
  const as = chooseUser(at.cluster)
  const binaries = prepareBinaries(at.spare, as)
  const password = await makeOnce(at, binaries, as)
  for (;;) {
    const running = runningServer(at)
    const access = { port: running?.port ?? port ?? await pickPort(at), password }
    const child = running ? undefined : launch(at, binaries, as, access.port)
    const outcome = await answering(access, () => child ? child.exitCode === null && child.signalCode === null : runningServer(at) !== undefined)
    if (outcome === 'ready') {
      writeFileSync(at.access, JSON.stringify(access), { mode: 0o600 })
      return access
    }
    if (!child) continue
    const said = readFileSync(at.startLog, 'utf8').trim()
    // Somebody else was quicker: look again.
    if (/lock file .* already exists|Address already in use/.test(said)) await pause(50)
    else throw new Error(`PostgreSQL did not start in ${at.cluster}: ${said || 'it said nothing'} (see ${join(at.cluster, 'log')})`)
  }
}

/** First start only. The folder appears under its name when it is complete, so a half-made one is never used. */
async function makeOnce(at: ClusterFolder, { initdb }: Binaries, as: RunAs | undefined): Promise<string> {
  const known = readAccess(at)
  if (known) return known.password
  const password = randomBytes(24).toString('base64url')
  const half = `${at.cluster}.${process.pid}`
  const passwordFile = `${half}.password`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { recursive: true, mode: 0o700 })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (as) for (const path of [half, passwordFile]) chownSync(path, as.uid, as.gid)
  const stdin = openSync(passwordFile, 'r')
  try {
    const child = spawn(initdb, [
      '-D', insideOf(half), '-U', 'postgres', '--auth=scram-sha-256', '--pwfile=/dev/stdin', '--encoding=UTF8',
      '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--data-checksums', '--no-instructions',
    ], { cwd: half, ...as, env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' }, stdio: [stdin, 'ignore', 'pipe'] })
    let said = ''
    child.stderr?.on('data', (text: Buffer) => { said += text.toString() })
    const [code] = await once(child, 'close') as [number | null]
    if (code !== 0) throw new Error(`PostgreSQL could not make its files in ${at.cluster}: ${said.trim()}`)
    // The password goes inside first: files under their final name always have one.
    writeFileSync(join(half, 'balcao.json'), JSON.stringify({ password }), { mode: 0o600 })
    renameSync(half, at.cluster)
    return password
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    const other = readAccess(at)
    if (other) return other.password
    throw error
  } finally {
    closeSync(stdin)
    unlinkSync(passwordFile)
  }
}

function readAccess(at: ClusterFolder): { port?: number; password: string } | undefined {
  const read = (file: string) => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as { port?: number; password: string }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }
  const made = read(join(at.cluster, 'balcao.json'))
  return made && { ...read(at.access), password: made.password }
}

/** The server that runs in this folder, maybe since before we were started. */
export function runningServer(at: ClusterFolder): { pid: number; port: number } | undefined {
  const file = join(at.cluster, 'postmaster.pid')
  let lines: string[]
  try {
    lines = readFileSync(file, 'utf8').split('\n')
  } catch {
    return undefined
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!pid || !port) return undefined
  if (isServer(pid, at.cluster)) return { pid, port }
  // After a power cut another program may have this number: PostgreSQL would take it for itself and not start.
  if (process.platform === 'linux') rmSync(file, { force: true })
  return undefined
}

function isServer(pid: number, cluster: string): boolean {
  const isLinux = process.platform === 'linux'
  try {
    if (isLinux) return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster)
    process.kill(pid, 0)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM') return false
    // Root of a container may not look where a process of another user works, only what it is called.
    return !isLinux || readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres'
  }
}

/** In a group of its own, so that Ctrl-C reaches us and not the server: what is in flight can still be stored. */
function launch(at: ClusterFolder, { postgres }: Binaries, as: RunAs | undefined, port: number): ChildProcess {
  const log = openSync(at.startLog, 'w', 0o600)
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(postgres, ['-D', insideOf(at.cluster), '-p', String(port), ...options],
    { cwd: at.cluster, ...as, detached: true, env: { ...process.env, TZ: 'UTC' }, stdio: ['ignore', log, log] })
  closeSync(log)
  child.unref()
  return child
}

const silenceMs = 30_000

/** Waits for as long as the server says that it is busy: after a power cut it may have minutes of work to redo. */
async function answering(access: Access, isAlive: () => boolean): Promise<'ready' | 'gone'> {
  let lastWord = Date.now()
  while (isAlive()) {
    const client = new pg.Client({ connectionString: superuserUrl(access), connectionTimeoutMillis: 5_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return 'ready'
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === '28P01') throw new Error('the password in the data folder is not that of its PostgreSQL', { cause: error })
      if (code === '57P03') lastWord = Date.now()
      if (Date.now() - lastWord > silenceMs) throw new Error(`the PostgreSQL of the data folder does not answer on 127.0.0.1:${access.port}`, { cause: error })
      await pause(25)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  return 'gone'
}

/** The port of last time when it is free, so that the address stays the same. */
async function pickPort(at: ClusterFolder): Promise<number> {
  const last = readAccess(at)?.port
  return last && await isFree(last) ? last : await freePort()
}

async function isFree(port: number): Promise<boolean> {
  return await listenOn(port) !== undefined
}

export async function freePort(): Promise<number> {
  const port = await listenOn(0)
  if (port === undefined) throw new Error('no free port on 127.0.0.1')
  return port
}

function listenOn(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}

/** Ends the server: connections are cut, everything committed is on disk. */
export async function endServer(at: ClusterFolder): Promise<void> {
  const running = runningServer(at)
  if (!running) return
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(running.pid, name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  signal('SIGINT')
  const patience = Date.now() + 2_500
  let hurried = false
  while (runningServer(at)?.pid === running.pid) {
    if (!hurried && Date.now() > patience) {
      hurried = true
      // Without a last checkpoint: the next start redoes from the log. Nothing is lost.
      signal('SIGQUIT')
    }
    await pause(20)
  }
}
