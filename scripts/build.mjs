/** Builds dist when what it is made of has changed: the gateway by tsc, then packed; the inbox, the citizen's chat and the page of a call by Vite. */

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const stampOf = (folder) => join(folder, '.built-from')

/** Each has a vite.config.ts that writes into dist/<name>. */
const pages = [
  { name: 'inbox', folder: 'operator-ui' },
  { name: 'widget', folder: 'src/channels/webchat/widget' },
  { name: 'call-page', folder: 'src/call-page' },
]
const madeFrom = ['src', 'operator-ui', 'package-lock.json', 'tsconfig.json', 'scripts/build.mjs', 'scripts/gateway.vite.config.mjs']

/** @returns whether there was anything to do. */
export async function buildIfStale(say = (line) => process.stderr.write(`${line}\n`)) {
  // An installation may bring dist alone.
  if (!existsSync(join(root, 'src'))) return false
  const wanted = fingerprint()
  if (existsSync(stampOf(dist)) && readFileSync(stampOf(dist), 'utf8') === wanted) return false
  const began = Date.now()
  say('Building …')
  const fresh = join(root, `dist.${process.pid}`)
  rmSync(fresh, { recursive: true, force: true })
  try {
    mkdirSync(fresh, { recursive: true })
    const present = pages.filter(({ folder }) => existsSync(join(root, folder, 'vite.config.ts')))
    await allOf([
      node('typescript/bin/tsc', ['-p', 'tsconfig.json', '--outDir', fresh, '--noCheck']).then(() =>
        node('vite/bin/vite.js', ['build', '--config', join('scripts', 'gateway.vite.config.mjs'), fresh])),
      inTurn(present, ({ name, folder }) =>
        node('vite/bin/vite.js', ['build', folder, '--config', join(folder, 'vite.config.ts'), '--outDir', join(fresh, name), '--emptyOutDir', '--logLevel', 'warn'])),
    ])
    for (const file of filesIn(join(root, 'src'))) {
      if (/\.(ts|tsx)$/.test(file) || pages.some(({ folder }) => file.startsWith(join(root, folder)))) continue
      cpSync(file, join(fresh, relative(join(root, 'src'), file)))
    }
    writeFileSync(stampOf(fresh), wanted)
    putInPlace(fresh)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  say(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`)
  return true
}

/** A gateway that is running keeps the files it has open; another build may be doing the same. */
function putInPlace(fresh) {
  const old = `${fresh}.old`
  try {
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(fresh, dist)
  } catch (error) {
    if (!existsSync(stampOf(dist))) throw error
  } finally {
    rmSync(old, { recursive: true, force: true })
  }
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const each of madeFrom) {
    for (const file of filesIn(join(root, each))) hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

function filesIn(path) {
  if (!existsSync(path)) return []
  if (/\.[a-z]+$/.test(path)) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
}

/** Waits for the others before it fails, so that nobody writes into a folder that is being cleared away. */
async function allOf(promises) {
  const outcomes = await Promise.allSettled(promises)
  const broken = outcomes.filter(({ status }) => status === 'rejected')
  if (broken.length > 0) throw new Error(broken.map(({ reason }) => reason.message).join('\n'))
}

const inTurn = (all, work) => all.reduce((before, each) => before.then(() => work(each)), Promise.resolve())

/** Runs a program of node_modules; what it says is shown only when it fails. */
function node(program, args) {
  const file = join(packageFolder(program.split('/')[0]), ...program.split('/').slice(1))
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text })
    child.on('error', reject)
    child.on('close', (code) => code === 0 ? resolve() : reject(new Error(`${program} failed:\n${said}`)))
  })
}

function packageFolder(name) {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
  } catch {
    throw new Error(`${name} is not installed: run npm ci first`)
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    if (!await buildIfStale()) process.stderr.write('dist is up to date.\n')
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
