/** Puts the result of a run into docs/simulator.md, where the last one stood. */

import { readFileSync, writeFileSync } from 'node:fs'
import { commitNow, machine, today } from '../machine.ts'
import type { Tally } from './tally.ts'

const heading = '## The last long run'

export function writeResult(file: string, { seeds, failed, steps, messages, deaths, deadlocks, seconds }: Tally, given: string): void {
  const text = readFileSync(file, 'utf8')
  const before = text.includes(heading) ? text.slice(0, text.indexOf(heading)) : `${text.trimEnd()}\n\n`
  writeFileSync(file, `${before}${heading}

Written by \`npm run simulate -- ${given}\` on ${today()}; commit ${commitNow()}, ${machine()}.

| seeds | that broke a promise | steps | messages | gateways that died | deadlocks, all resolved | minutes |
| --- | --- | --- | --- | --- | --- | --- |
| ${seeds} | ${failed} | ${steps} | ${messages} | ${deaths} | ${deadlocks} | ${(seconds / 60).toFixed(1)} |
`)
}
