/** Writes docs/chaos.md: the figures of one run, as they were. */

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { faults } from './faults.ts'
import type { Outcome } from './stage.ts'

/** Figures that must be nothing, and what they count. */
export const mustBeNothing = [
  ['unacknowledged', 'never acknowledged'], ['lost', 'acknowledged and lost'], ['storedTwice', 'stored twice'], ['shownTwice', 'shown twice'],
  ['answeredTwice', 'answered twice'], ['shownUnstored', 'shown but not stored'], ['orderBroken', 'sent out of order'], ['heardOutOfOrder', 'stored out of order'],
  ['twoOpen', 'two open conversations'], ['ownedByNobody', 'owned by nobody'], ['numbersBroken', 'gaps in the numbers'], ['silent', 'silent failures'],
  ['unsettled', 'never settled'], ['screenDiffers', 'screen differs'],
] as const satisfies [keyof Outcome, string][]

export function broken(outcome: Outcome): string[] {
  return mustBeNothing.flatMap(([name, what]) => (outcome[name] === 0 ? [] : [`${what}: ${outcome[name]}`]))
}

export function writePage(file: string, outcomes: Outcome[], run: { seed: number; command: string; leftOut: string[] }): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const rows = outcomes.map((one) => [
    one.fault, one.seconds, one.acknowledged, one.kills, broken(one).join(', ') || '0', one.unknown, one.p50, one.p99, one.refused, one.refusedP99,
  ])
  const table = [
    ['fault', 's', 'acknowledged', 'kills', 'broken promises', 'unknown', 'p50 ms', 'p99 ms', 'refused', 'refused p99 ms'],
    Array.from({ length: 10 }, () => '---'), ...rows,
  ].map((row) => `| ${row.join(' | ')} |`)
  const all = outcomes.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  writeFileSync(file, `# Chaos: what broke, and what did not

Written by \`${run.command}\` on ${new Date().toISOString().slice(0, 10)}; seed ${run.seed}, commit ${commit}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'},
${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}. Load generator, vendor, gateways and PostgreSQL shared the machine.

Real gateway processes and a real PostgreSQL with fsync on; citizens write on six channels through a vendor that delivers again what is not
acknowledged, one in twenty twice at once. At the end three books are compared: the vendor's, the database's, and the operator's screen
through the API. ${all} messages were acknowledged.

${table.join('\n')}

«Broken promises» sums ${mustBeNothing.map(([, what]) => what).join(', ')}; the target of each is 0. «Unknown» are messages on
channels where nobody can know whether they arrived: each is marked in the inbox for an operator, none is sent again by itself. Times are
those of one webhook; while a gateway or PostgreSQL is away, a webhook waits or is refused, and the vendor comes again.

## The faults

${outcomes.map(({ fault, notes, screensRead }) => `- **${fault}**: ${faults[fault]?.what ?? ''}.${Object.entries(notes).map(([name, value]) => ` ${name}: ${value}.`).join('')} Conversations read on the screen: ${screensRead}.`).join('\n')}

## Not covered here

${run.leftOut.map((each) => `- ${each}`).join('\n')}

The order of single statements, crashes between any two of them, operators' clicks and vendors' receipts are the simulator's work:
\`npm run simulate -- --seeds 200\`. What it finds, it prints as a line that replays it.
`)
}
