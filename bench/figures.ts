/** Medians, percentiles and what a figure of the bench says. */

export interface Figure {
  name: string
  unit: string
  value: number
  spread: [number, number]
  floor: number
  ratio: number
  ratioSpread: [number, number]
  p50?: number
  p99?: number
  goal: string
}

export function percentile(values: number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN
}

export const median = (values: number[]): number => percentile(values, 0.5)

export function spread(values: number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)]
}
