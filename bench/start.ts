/** Start of the built program, as `npm start` runs it: from nothing to ready, again, and again after kill -9. The floor: a bare process that answers from PostgreSQL. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../src/database/cluster.ts'
import { freshDatabase } from '../test/database.ts'
import { compared, type Figure, median, type Plan, spread } from './figures.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export async function benchStart({ rounds }: Plan): Promise<Figure[]> {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'ignore' })
  const folder = mkdtempSync(join(tmpdir(), 'balcao-start-'))
  const [cold, warm, killed, bare, memory]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []]
  try {
    for (let round = 0; round < rounds; round += 1) {
      const data = join(folder, String(round))
      const first = await untilReady(ours({ BALCAO_DATA: data }))
      cold.push(first.ms)
      await end(first.child, 'SIGTERM')
      const second = await untilReady(ours({ BALCAO_DATA: data }))
      warm.push(second.ms)
      memory.push(rssMB(second.child))
      await end(second.child, 'SIGTERM')

      const database = await freshDatabase()
      const known = { DATABASE_URL: database.url, BALCAO_DATA: join(folder, `${round}-served`) }
      await end((await untilReady(ours(known))).child, 'SIGKILL')
      const again = await untilReady(ours(known))
      killed.push(again.ms)
      await end(again.child, 'SIGKILL')
      const floor = await untilReady(bareProcess(database.url))
      bare.push(floor.ms)
      await end(floor.child, 'SIGKILL')
      await database.drop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const restart = compared(killed, bare)
  return [
    { name: 'first start to ready, its own PostgreSQL made on the way', unit: 'ms', value: median(cold), spread: spread(cold) },
    { name: 'second start to ready, its own PostgreSQL started on the way', unit: 'ms', value: median(warm), spread: spread(warm), goal: '≤ 3,000 ms', met: median(warm) <= 3_000 },
    { name: 'start after kill -9 to the first answer, PostgreSQL running; floor: node:http and pg alone', unit: 'ms', ...restart, goal: 'ratio ≤ 1.5', met: restart.ratio! <= 1.5 },
    { name: 'memory when idle (RSS)', unit: 'MB', value: median(memory), spread: spread(memory) },
  ]
}

type Begin = (port: number) => ChildProcess

const ours = (env: Record<string, string>): Begin => {
  const { DATABASE_URL: _, ...rest } = process.env
  return (port) => spawn(process.execPath, ['--max-semi-space-size=64', 'bin/balcao.mjs', 'start'], { cwd: root, stdio: 'ignore', env: { ...rest, LOG_LEVEL: 'error', ...env, PORT: String(port) } })
}

const bareProcess = (url: string): Begin => (port) => spawn(process.execPath, ['-e', `
  const { createServer } = require('node:http')
  const pool = new (require('pg').Pool)({ connectionString: process.argv[1] })
  createServer((request, response) => pool.query('select 1').then(() => response.end('ok'))).listen(${port}, '127.0.0.1')`, url], { cwd: root, stdio: 'ignore' })

async function untilReady(begin: Begin): Promise<{ child: ChildProcess; ms: number }> {
  const port = await freePort()
  const from = performance.now()
  const child = begin(port)
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} and was never ready`)
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.ok) return { child, ms: performance.now() - from }
    if (performance.now() - from > 60_000) throw new Error('not ready within a minute')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

function rssMB(child: ChildProcess): number {
  const [, kB] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
  return Number(kB) / 1_000
}
