/** The figures as a page for people. */

import type { Figure } from './figures.ts'

interface Part { at: string; seed: number; rounds: number; mode: string; machine: Record<string, string | number>; figures: Figure[] }

const short = (value: number | undefined): string => {
  if (value === undefined || Number.isNaN(value)) return ''
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return value.toPrecision(value < 0.1 ? 1 : 2)
}
const range = (given: [number, number] | undefined) => (given ? ` [${short(given[0])}, ${short(given[1])}]` : '')

export function table(figures: Figure[]): string {
  const head = '| | ours | floor | ratio | p50 / p99 ms | goal | |\n|---|---|---|---|---|---|---|'
  return [head, ...figures.map(({ name, unit, value, spread, floor, ratio, ratioSpread, p50, p99, floorP50, floorP99, goal, met }) => [
    '', name, `${short(value)} ${unit}${range(spread)}`, short(floor), `${ratio === undefined ? '' : short(ratio) + range(ratioSpread)}`,
    p50 === undefined ? '' : `${short(p50)} / ${short(p99)}${floorP50 === undefined ? '' : ` (floor ${short(floorP50)} / ${short(floorP99)})`}`, goal ?? '', met === undefined ? '' : met ? 'met' : '**not met**', '',
  ].join(' | ').trim())].join('\n')
}

export function page(parts: Record<string, Part>): string {
  return `# Bench: what was measured

Written by \`npm run bench\`; [performance.md](performance.md) says what it means. Each figure stands beside its floor, taken in turn in the same run on the same
machine: medians of the rounds, [least, most]. Load generator, gateway and PostgreSQL share the machine. Absolute figures are of that hour's load; ratios hold.
${Object.entries(parts).map(([name, { at, seed, rounds, mode, machine, figures }]) => `
## ${name}

${mode}, ${rounds} rounds, seed ${seed}, ${at} UTC, commit ${machine.commit}, Node ${machine.node}, ${machine.cpu}, ${machine.memoryGB} GB, load ${machine.load} at the begin, floor by ${machine.floor}.

${table(figures)}
`).join('')}`
}
