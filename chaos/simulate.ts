/** `npm run simulate -- --seeds N [--jobs J] [--seed S] [--plant BUG] [--page FILE]`: many histories of the core, each told by its seed, each checked at its end. */

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { startServer } from '../test/database.ts'
import { writeResult } from './simulator/page.ts'
import { type Plant, type PlantName, plants } from './simulator/plants.ts'
import { openWarm, tell } from './simulator/story.ts'
import type { Tally } from './simulator/tally.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' }, first: { type: 'string', default: '1' }, jobs: { type: 'string', default: '1' }, seed: { type: 'string' },
    plant: { type: 'string' }, page: { type: 'string' }, verbose: { type: 'boolean' },
  },
})
const first = Number(values.seed ?? values.first)
const count = values.seed === undefined ? Number(values.seeds) : 1
const jobs = Number(values.jobs)
if (![first, count, jobs].every(Number.isSafeInteger) || count < 1 || jobs < 1) throw new Error('--seeds, --first, --jobs and --seed take whole numbers')
if (values.plant !== undefined && !(values.plant in plants)) throw new Error(`--plant takes one of: ${Object.keys(plants).join(', ')}`)
const begun = Date.now()
const tally = jobs > 1 && count > 1 ? await tellInParts() : await tellAll()
tally.seconds = Math.round((Date.now() - begun) / 100) / 10
console.log(JSON.stringify(tally))
if (values.page) writeResult(values.page, tally, process.argv.slice(2).filter((each) => each !== '--page' && each !== values.page).join(' '))
process.exitCode = tally.failed > 0 ? 1 : 0

async function tellAll(): Promise<Tally> {
  const plant: Plant | undefined = values.plant === undefined ? undefined : plants[values.plant as PlantName]
  const server = await startServer()
  process.env.BALCAO_TEST_SERVER = server.url
  process.env.BALCAO_TEST_TEMPLATE = server.template
  const servers = await openWarm(plant?.setUp)
  const sum: Tally = { seeds: count, failed: 0, steps: 0, messages: 0, deaths: 0, deadlocks: 0, seconds: 0 }
  for (let seed = first; seed < first + count; seed += 1) {
    const told = await tell(seed, servers, plant)
    sum.steps += told.steps
    sum.messages += told.messages
    sum.deaths += told.deaths
    sum.deadlocks += told.deadlocks
    if (values.verbose) console.log(told.tail.join('\n'))
    if (values.seed !== undefined) console.log(`seed ${seed}: ${told.steps} steps, history ${told.digest}`)
    if (told.violations.length === 0) continue
    sum.failed += 1
    for (const violation of told.violations) console.log(`  seed ${seed}: ${violation}`)
    console.log(`replay: npm run simulate -- --seed ${seed}${values.plant ? ` --plant '${values.plant}'` : ''} --verbose`)
  }
  await servers.close()
  await server.stop()
  return sum
}

/** Most of a history is waiting for PostgreSQL: several at once, each with a server of its own. */
async function tellInParts(): Promise<Tally> {
  const share = Math.ceil(count / jobs)
  const parts = await Promise.all(Array.from({ length: Math.ceil(count / share) }, async (_, n) => {
    const from = first + n * share
    const args = ['--first', String(from), '--seeds', String(Math.min(share, first + count - from)), ...(values.plant ? ['--plant', values.plant] : [])]
    const child = spawn(process.execPath, ['--import', 'tsx', 'chaos/simulate.ts', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    let told: Tally | undefined
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{')) told = JSON.parse(line) as Tally
      else console.log(line)
    }
    const code = await ended
    if (!told) throw new Error(`seeds from ${from} on ended with ${code} before their end`)
    return told
  }))
  const sum = (what: keyof Tally) => parts.reduce((all, part) => all + part[what], 0)
  return { seeds: sum('seeds'), failed: sum('failed'), steps: sum('steps'), messages: sum('messages'), deaths: sum('deaths'), deadlocks: sum('deadlocks'), seconds: 0 }
}
