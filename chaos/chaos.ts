/** `npm run chaos -- [--seed N] [--minutes M] [--fault NAME] [--short] [--page FILE]`: breaks everything around the gateway and balances the books. */

import { parseArgs } from 'node:util'
import { faults } from './faults.ts'
import { broken, commitNow, writePage } from './page.ts'
import { openPostgres, type Outcome, stage } from './stage.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' }, minutes: { type: 'string', default: '10' }, fault: { type: 'string' }, short: { type: 'boolean' }, page: { type: 'string' },
  },
})
const seed = Number(values.seed)
const minutes = Number(values.minutes)
if (!Number.isSafeInteger(seed)) throw new Error('--seed takes a whole number')
if (!(minutes > 0)) throw new Error('--minutes takes a number above 0')
if (values.fault !== undefined && !(values.fault in faults)) throw new Error(`--fault takes one of: ${Object.keys(faults).join(', ')}`)

const wanted = values.short ? ['mixed'] : values.fault !== undefined ? [values.fault] : Object.keys(faults)
// Half of the time for all together.
const shareOf = (name: string) => (wanted.length === 1 ? 1 : name === 'mixed' ? 0.5 : 0.5 / (wanted.length - 1))
const commit = commitNow()
const postgres = await openPostgres()
const outcomes: Outcome[] = []
for (const name of wanted) {
  const ms = values.short ? 20_000 : minutes * 60_000 * shareOf(name)
  const outcome = await stage(name, faults[name]!, postgres, seed, ms)
  outcomes.push(outcome)
  console.log(JSON.stringify(outcome))
  // After each, so that a run which is ended early has something to show.
  if (values.page) writeFigures(values.page)
  for (const promise of broken(outcome)) console.log(`  ${name}: ${promise}`)
}
await postgres.stop()
process.exitCode = outcomes.some((outcome) => broken(outcome).length > 0) ? 1 : 0

function writeFigures(file: string): void {
  writePage(file, outcomes, {
    seed, commit, command: `npm run chaos -- ${process.argv.slice(2).filter((each) => each !== '--page' && each !== values.page).join(' ')}`,
    leftOut: [
      'The six channels here speak one plain protocol; each vendor’s own protocol, signatures and retries are tested against its stand-in in `test/channels`.',
      'A full disk of PostgreSQL or of the attachments; upgrade and rollback under load; a browser’s live line that is cut; 200 kills in one run (this one has its number in the table).',
    ],
  })
}
