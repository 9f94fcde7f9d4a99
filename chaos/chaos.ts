/** `npm run chaos -- [--seed N] [--minutes M] [--fault NAME] [--kills N] [--short] [--page FILE]`: breaks everything around the gateway and balances the books. */

import { parseArgs } from 'node:util'
import { faults } from './faults/all.ts'
import { commitNow } from './machine.ts'
import { broken, writePage } from './page.ts'
import { openPostgres, type Outcome, stage } from './stage.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' }, minutes: { type: 'string', default: '10' }, fault: { type: 'string', multiple: true }, kills: { type: 'string', default: '0' },
    short: { type: 'boolean' }, page: { type: 'string' },
  },
})
const seed = Number(values.seed)
const minutes = Number(values.minutes)
const kills = Number(values.kills)
if (!Number.isSafeInteger(seed)) throw new Error('--seed takes a whole number')
if (!(minutes > 0)) throw new Error('--minutes takes a number above 0')
if (!Number.isSafeInteger(kills) || kills < 0) throw new Error('--kills takes a whole number')
for (const name of values.fault ?? []) if (!(name in faults)) throw new Error(`--fault takes one of: ${Object.keys(faults).join(', ')}`)

const wanted = values.short ? ['mixed'] : values.fault ?? Object.keys(faults)
// A third of the time for all together.
const shareOf = (name: string) => (wanted.length === 1 ? 1 : !wanted.includes('mixed') ? 1 / wanted.length : name === 'mixed' ? 1 / 3 : 2 / 3 / (wanted.length - 1))
const commit = commitNow()
const postgres = await openPostgres()
// Ended early, it leaves no server behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void postgres.stop().finally(() => process.exit(1)))
const outcomes: Outcome[] = []
const skipped: string[] = []
for (const name of wanted) {
  const ms = values.short ? 20_000 : minutes * 60_000 * shareOf(name)
  const outcome = await stage(name, faults[name]!, postgres, seed, ms, name === 'kill' ? kills : 0).catch(async (error: Error) => {
    // What it has begun may never end: this process does, and its gateways with it.
    console.log(`  ${name}: ${error.message}`)
    await postgres.stop()
    return process.exit(1)
  })
  if (outcome) outcomes.push(outcome)
  else skipped.push(name)
  console.log(JSON.stringify(outcome ?? { fault: name, skipped: 'needs root, to mount a small disk' }))
  // After each, so that a run which is ended early has something to show.
  if (values.page) writeFigures(values.page)
  if (outcome) for (const promise of broken(outcome)) console.log(`  ${name}: ${promise}`)
}
await postgres.stop()
process.exitCode = outcomes.some((outcome) => broken(outcome).length > 0) ? 1 : 0

function writeFigures(file: string): void {
  writePage(file, outcomes, { seed, commit, skipped, command: `npm run chaos -- ${process.argv.slice(2).filter((each) => each !== '--page' && each !== values.page).join(' ')}` })
}
