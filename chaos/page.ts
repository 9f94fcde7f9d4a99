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

export const commitNow = () => execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()

/** Figures that are asked for beside the promises: name, target, measured, whether it holds. */
function targets(outcomes: Outcome[]): string[][] {
  const of = (fault: string) => outcomes.find((outcome) => outcome.fault === fault)
  const rows: [string, number, number | undefined][] = [
    ['acknowledged, p99, without a fault', 300, of('calm')?.p99],
    ['first acknowledgement after PostgreSQL is back, slowest', 1_000, Math.max(...['database-killed', 'mixed'].flatMap((fault) => (
      Object.entries(of(fault)?.notes ?? {}).flatMap(([name, value]) => (name.includes('PostgreSQL is back') ? [Number(value)] : [])))))],
    ['slowest webhook while PostgreSQL stands still', 3_000, of('database-frozen')?.slowest],
    ['slowest webhook while PostgreSQL is slow', 3_000, of('database-slow')?.slowest],
    ['slowest webhook while lines are dead', 3_000, of('half-open')?.slowest],
    ['acknowledged, p99, at 1,000 messages/s', 300, of('overload')?.p99],
  ]
  return rows.flatMap(([name, target, value]) => (value === undefined || !Number.isFinite(value) ? [] : [[name, `≤ ${target}`, String(value), value <= target ? 'yes' : '**no**']]))
}

export function writePage(file: string, outcomes: Outcome[], run: { seed: number; commit: string; command: string; leftOut: string[] }): void {
  const rows = outcomes.map((one) => [
    one.fault, one.seconds, one.acknowledged, one.kills, broken(one).join(', ') || '0', one.unknown, one.p50, one.p99, one.refused, one.refusedP99,
  ])
  const table = [
    ['fault', 's', 'acknowledged', 'kills', 'broken promises', 'unknown', 'p50 ms', 'p99 ms', 'refused', 'refused p99 ms'],
    Array.from({ length: 10 }, () => '---'), ...rows,
  ].map((row) => `| ${row.join(' | ')} |`)
  const all = outcomes.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  writeFileSync(file, `# Chaos: what broke, and what did not

Written by \`${run.command}\` on ${new Date().toISOString().slice(0, 10)}; seed ${run.seed}, commit ${run.commit}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'},
${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}. Load generator, vendor, gateways and PostgreSQL shared the machine.

Real gateway processes and a real PostgreSQL with fsync on; citizens write on six channels through a vendor that delivers again what is not
acknowledged, one in twenty twice at once. At the end three books are compared: the vendor's, the database's, and the operator's screen
through the API. ${all} messages were acknowledged; unless a fault says otherwise, 20 a second were written.

${table.join('\n')}

«Broken promises» sums
${mustBeNothing.map(([, what]) => what).join(', ')}; the target of each is 0.
On the two channels that take our key, the vendor is asked to recognise it: a second request with the same key is not a second message.
«Unknown» are messages on
channels where nobody can know whether they arrived: each is marked in the inbox for an operator, none is sent again by itself. Times are
those of one webhook; while a gateway or PostgreSQL is away, a webhook waits or is refused, and the vendor comes again.

## The other targets

| figure, ms | target | measured | holds |
| --- | --- | --- | --- |
${targets(outcomes).map((row) => `| ${row.join(' | ')} |`).join('\n')}

A webhook that waits has lost nothing: it waits for the commit, and a vendor that gives up comes again. Where the table says no, the
gateway waits for its database instead of refusing at once.

## The faults

${outcomes.map(({ fault, notes, screensRead }) => `- **${fault}**: ${faults[fault]?.what ?? ''}.${Object.entries(notes).map(([name, value]) => ` ${name}: ${value}.`).join('')} Conversations read on the screen: ${screensRead}.`).join('\n')}

## Not covered here

${run.leftOut.map((each) => `- ${each}`).join('\n')}

The order of single statements, crashes between any two of them, operators' clicks and vendors' receipts are the simulator's work:
\`npm run simulate -- --seeds 200\`. What it finds, it prints as a line that replays it.
`)
}
