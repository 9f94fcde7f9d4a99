/** `npm run simulate -- --seeds N [--seed S] [--plant BUG]`: many histories of the core, each told by its seed, each checked at its end. */

import { parseArgs } from 'node:util'
import { startServer } from '../test/database.ts'
import { type Plant, type PlantName, plants } from './simulator/plants.ts'
import { openServers } from './simulator/servers.ts'
import { tell } from './simulator/story.ts'

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '200' }, seed: { type: 'string' }, plant: { type: 'string' }, verbose: { type: 'boolean' } } })
const first = Number(values.seed ?? 1)
const count = values.seed === undefined ? Number(values.seeds) : 1
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || count < 1) throw new Error('--seeds and --seed take whole numbers')
if (values.plant !== undefined && !(values.plant in plants)) throw new Error(`--plant takes one of: ${Object.keys(plants).join(', ')}`)
const plant: Plant | undefined = values.plant === undefined ? undefined : plants[values.plant as PlantName]

const server = await startServer()
process.env.BALCAO_TEST_SERVER = server.url
process.env.BALCAO_TEST_TEMPLATE = server.template
const servers = await openServers(plant?.setUp)
const begun = Date.now()
let [failed, steps, messages, deaths, deadlocks] = [0, 0, 0, 0, 0]
for (let seed = first; seed < first + count; seed += 1) {
  const told = await tell(seed, servers, plant)
  steps += told.steps
  messages += told.messages
  deaths += told.deaths
  deadlocks += told.deadlocks
  if (values.verbose) console.log(told.tail.join('\n'))
  if (values.seed !== undefined) console.log(`seed ${seed}: ${told.steps} steps, history ${told.digest}`)
  if (told.violations.length === 0) continue
  failed += 1
  for (const violation of told.violations) console.log(`  seed ${seed}: ${violation}`)
  console.log(`replay: npm run simulate -- --seed ${seed}${values.plant ? ` --plant '${values.plant}'` : ''} --verbose`)
}
await servers.close()
await server.stop()
console.log(JSON.stringify({ seeds: count, failed, steps, messages, deaths, deadlocks, seconds: Math.round((Date.now() - begun) / 100) / 10 }))
process.exitCode = failed > 0 ? 1 : 0
