/** `npm run bench -- [--quick] [--large] [--seed N] [--rounds N] [part …]`: each figure beside its floor, in docs/bench.md and docs/bench.json. */

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { startServer } from '../test/database.ts'
import type { Figure, Plan } from './figures.ts'
import { hasPgbench } from './floor.ts'
import { benchInbound, benchMemory, benchReceive } from './inbound.ts'
import { benchInbox } from './inbox.ts'
import { benchLive } from './live.ts'
import { benchOutbox, benchRoundTrip } from './outbound.ts'
import { benchStart } from './start.ts'
import { page, table } from './page.ts'

const parts: Record<string, (plan: Plan) => Promise<Figure[]>> = {
  inbound: benchInbound, receive: benchReceive, 'round-trip': benchRoundTrip, outbox: benchOutbox, live: benchLive, inbox: benchInbox, start: benchStart, memory: benchMemory,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, large: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' }, rounds: { type: 'string' } },
})
const unknown = positionals.filter((name) => !(name in parts))
if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`)
const plan: Plan = { seed: Number(values.seed), rounds: Number(values.rounds ?? (values.quick ? 3 : 5)), seconds: values.quick ? 2 : 3, quick: values.quick, large: values.large }
if (!Number.isSafeInteger(plan.seed) || !Number.isSafeInteger(plan.rounds) || plan.rounds < 1) throw new Error('--seed and --rounds take whole numbers')

const server = await startServer()
process.env.BALCAO_TEST_SERVER = server.url
process.env.BALCAO_TEST_TEMPLATE = server.template
const docs = fileURLToPath(new URL('../docs/', import.meta.url))
const git = (...args: string[]) => execFileSync('git', args, { cwd: docs, encoding: 'utf8' }).trim()
const at = new Date().toISOString().slice(0, 19)
const machine = {
  commit: `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', '../src', '../bench') ? ' with changes' : ''}`,
  node: process.version, cpu: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`, memoryGB: Math.round(totalmem() / 1e9), floor: hasPgbench ? 'pgbench' : 'pg',
  load: readFileSync('/proc/loadavg', 'utf8').split(' ')[0]!,
}
const failures: string[] = []
const results: Record<string, { at: string; seed: number; rounds: number; mode: string; machine: typeof machine; figures: Figure[] }> = existsSync(`${docs}bench.json`)
  ? JSON.parse(readFileSync(`${docs}bench.json`, 'utf8')) : {}
for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
  const begun = performance.now()
  try {
    const figures = await parts[name]!(plan)
    const mode = plan.large ? 'large' : plan.quick ? 'quick' : 'full'
    results[name] = { at, seed: plan.seed, rounds: plan.rounds, mode, machine, figures }
    console.log(`\n${name} (${Math.round((performance.now() - begun) / 1_000)} s)\n${table(figures)}`)
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.stack : String(error)}`)
    console.error(failures.at(-1))
  }
  writeFileSync(`${docs}bench.json`, `${JSON.stringify(results, null, 1)}\n`)
  writeFileSync(`${docs}bench.md`, page(results))
}
await server.stop()
process.exit(failures.length > 0 ? 1 : 0)
