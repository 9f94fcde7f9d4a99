/** Start: from nothing to ready, with an empty and with a migrated database; memory when idle. The floor: a bare process that asks PostgreSQL one thing. */

import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freshDatabase } from '../test/database.ts'
import { compared, type Figure, median, type Plan, spread } from './figures.ts'

const file = fileURLToPath(new URL('started-process.ts', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))

export async function benchStart({ rounds }: Plan): Promise<Figure[]> {
  const [cold, warm, bare, memory]: [number[], number[], number[], number[]] = [[], [], [], []]
  for (let round = 0; round < rounds; round += 1) {
    const database = await freshDatabase({ migrated: false })
    cold.push((await started(database.url)).ms)
    const { ms, rssMB } = await started(database.url)
    warm.push(ms)
    memory.push(rssMB)
    bare.push(await bareStart(database.url))
    await database.drop()
  }
  const figure = compared(warm, bare)
  return [
    { name: 'start from source (tsx), empty database', unit: 'ms', value: median(cold), spread: spread(cold) },
    { name: 'start from source (tsx), warm, against a bare process', unit: 'ms', ...figure, goal: '≤ 3,000 ms', met: median(warm) <= 3_000 },
    { name: 'memory when idle (RSS)', unit: 'MB', value: median(memory), spread: spread(memory) },
  ]
}

async function started(databaseUrl: string): Promise<{ ms: number; rssMB: number }> {
  const from = performance.now()
  const child = fork(file, [JSON.stringify({ databaseUrl })])
  const [{ url, rssMB }] = await once(child, 'message') as [{ url: string; rssMB: number }]
  const ready = await fetch(`${url}/readyz`)
  const ms = performance.now() - from
  child.kill('SIGKILL')
  await once(child, 'exit')
  if (!ready.ok) throw new Error(`not ready: ${ready.status}`)
  return { ms, rssMB }
}

async function bareStart(databaseUrl: string): Promise<number> {
  const from = performance.now()
  const child = spawn(process.execPath, ['-e', `const pg = require('pg'); const c = new pg.Client({ connectionString: process.argv[1] }); c.connect().then(() => c.query('select 1')).then(() => process.exit(0))`, databaseUrl], { cwd: root })
  await once(child, 'exit')
  return performance.now() - from
}
