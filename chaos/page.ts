/** Writes docs/chaos.md: the figures of one run, as they were. */

import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { faults } from './faults/all.ts'
import { machine, today } from './machine.ts'
import type { Outcome } from './stage.ts'
import { vendors } from './vendors.ts'

/** Figures that must be nothing, and what they count. */
export const mustBeNothing = [
  ['unacknowledged', 'never acknowledged'], ['lost', 'acknowledged and lost'], ['storedTwice', 'stored twice'], ['shownTwice', 'shown twice'],
  ['answeredTwice', 'answered twice'], ['shownUnstored', 'shown but not stored'], ['orderBroken', 'sent out of order'], ['heardOutOfOrder', 'stored out of order'],
  ['twoOpen', 'two open conversations'], ['ownedByNobody', 'owned by nobody'], ['numbersBroken', 'gaps in the numbers'], ['silent', 'silent failures'],
  ['unsettled', 'never settled'], ['screenDiffers', 'screen differs'],
] as const satisfies [keyof Outcome, string][]

export function broken(outcome: Outcome): string[] {
  return [...mustBeNothing.map(([name, what]) => [what, outcome[name]] as const), ...Object.entries(outcome.own)]
    .flatMap(([what, times]) => (times === 0 ? [] : [`${what}: ${times}`]))
}

/** Figures that are asked for beside the promises: name, target, measured, whether it holds. */
function targets(outcomes: Outcome[]): string[][] {
  const of = (fault: string) => outcomes.find((outcome) => outcome.fault === fault)
  const overload = of('overload')
  const backs = outcomes.flatMap(({ notes }) => Object.entries(notes).flatMap(([name, value]) => (/PostgreSQL is back|room again/.test(name) ? [Number(value)] : [])))
  const rows: [string, number, number | undefined][] = [
    ['acknowledged, p99, without a fault', 300, of('calm')?.p99],
    ['first acknowledgement after PostgreSQL is back, slowest', 1_000, Math.max(...backs)],
    ['first acknowledgement after all lines went dead, slowest', 1_000, Number(of('half-open')?.notes['first acknowledgement over a new line, slowest, ms'])],
    ['slowest webhook while PostgreSQL stands still, acknowledged or refused', 2_500, of('database-frozen')?.slowest],
    ['slowest webhook while PostgreSQL is slow, acknowledged or refused', 2_500, of('database-slow')?.slowest],
    ['slowest webhook while PostgreSQL’s disk is full, acknowledged or refused', 2_500, of('database-full')?.slowest],
    ['slowest webhook while lines are dead, acknowledged or refused', 2_500, of('half-open')?.slowest],
    ['acknowledged, p99, at 1,000 messages/s', 300, overload?.p99],
    ['refused, p99, at 1,000 messages/s', 100, overload?.refusedP99],
    ['until the inbox says that nobody knows whether a message arrived, slowest', 60_000, Math.max(...outcomes.map(({ unknownAfterMs }) => unknownAfterMs))],
  ]
  return rows.flatMap(([name, target, value]) => (value === undefined || !Number.isFinite(value) ? [] : [[name, `≤ ${target}`, String(value), value <= target ? 'yes' : '**no**']]))
}

const list = (lines: string[]) => lines.map((line) => `- ${line}`).join('\n')
const table = (rows: (string | number)[][]) => [rows[0]!, rows[0]!.map(() => '---'), ...rows.slice(1)].map((row) => `| ${row.join(' | ')} |`).join('\n')

export interface Run { seed: number; commit: string; command: string; /** Faults that this machine does not allow. */ skipped: string[] }

export function writePage(file: string, outcomes: Outcome[], { seed, commit, command, skipped }: Run): void {
  const sum = (figure: (outcome: Outcome) => number) => outcomes.reduce((all, outcome) => all + figure(outcome), 0)
  writeFileSync(file, `# Chaos: what broke, and what did not

Written by \`${command.trim()}\` on ${today()}; seed ${seed}, commit ${commit}, ${machine()}.
Load generator, vendor, gateways and PostgreSQL shared the machine; its load at the end, over fifteen
minutes, was ${loadavg()[2]!.toFixed(1)}: whatever is above what the two of them need is other work, and the times are then longer than they would be alone.

Real gateway processes and a real PostgreSQL with fsync on; citizens write on six channels, and each vendor comes again as it does with what
was not acknowledged; one message in twenty is delivered twice at once. At the end three books are compared: the vendor’s, the database’s, and
the operator’s screen through the API. ${sum(({ acknowledged }) => acknowledged)} messages were acknowledged, gateways were killed ${sum(({ kills }) => kills)} times; unless a fault says otherwise, 20
messages a second were written.

${table([
    ['fault', 's', 'acknowledged', 'kills', 'broken promises', 'unknown', 'p50 ms', 'p99 ms', 'refused', 'refused p99 ms', 'vendor gave up'],
    ...outcomes.map((one) => [one.fault, one.seconds, one.acknowledged, one.kills, broken(one).join(', ') || '0', one.unknown, one.p50, one.p99, one.refused, one.refusedP99, one.givenUp]),
  ])}

«Broken promises» sums
${mustBeNothing.map(([, what]) => what).join(', ')}, and what is said at each fault below; the target of each is 0.
On the two channels that take our key, the vendor is asked to recognise it: a second request with the same key is not a second message.
«Unknown» are messages on channels where nobody can know whether they arrived: each is marked in the inbox for an operator, none is sent again
by itself. «Vendor gave up»: it was refused until its last try, so the citizen knows; nothing of it was acknowledged.

## The other targets

${table([['figure, ms', 'target', 'measured', 'holds'], ...targets(outcomes)])}

A webhook that cannot be stored in time is refused, and is stored all the same if it can be: the vendor comes again, and is told yes at once.

## The faults

${list([
    ...outcomes.map(({ fault, notes, own, screensRead }) => `**${fault}**: ${faults[fault]?.what ?? ''}.${[...Object.entries(notes), ...Object.entries(own)].map(([name, value]) => ` ${name}: ${value}.`).join('')} Conversations read on the screen: ${screensRead}.`),
    ...skipped.map((fault) => `**${fault}**: ${faults[fault]?.what ?? ''}. Skipped: only root may mount the small disk that it needs.`),
  ])}

## How each vendor comes again

${list(Object.entries(vendors).map(([channel, { said }]) => `**${channel}**: ${said}.`))}

A wait is cut at a quarter of a minute, so that a run ends.

## Not covered here

- In most faults six channels speak one plain protocol to the gateway. Their vendors' own are spoken in «real-channels», and the web chat's with the real page’s code in
  «browsers»; WhatsApp's linked device is in \`test/channels/storm\` only.

The order of single statements, crashes between any two of them, operators’ clicks and vendors’ receipts are the simulator’s work:
see [simulator.md](simulator.md).
`)
}
