/** Medians, percentiles and what a figure of the bench says. */

export interface Figure {
  name: string
  unit: string
  value: number
  /** Least and most of the rounds. */
  spread: [number, number]
  /** What the same machine does in the same run without us; undefined: nothing to compare with. */
  floor?: number
  /** Ours to the floor's, round by round. */
  ratio?: number
  ratioSpread?: [number, number]
  p50?: number
  p95?: number
  p99?: number
  floorP50?: number
  floorP99?: number
  goal?: string
  met?: boolean
}

export interface Plan {
  seed: number
  rounds: number
  seconds: number
  quick: boolean
  large: boolean
}

export function percentile(values: number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN
}

export const median = (values: number[]): number => percentile(values, 0.5)

export function spread(values: number[]): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)]
}

/** Ours and the floor's of each round. */
export function compared(ours: number[], floors: number[]): Pick<Figure, 'value' | 'spread' | 'floor' | 'ratio' | 'ratioSpread'> {
  const ratios = ours.map((each, at) => each / floors[at]!)
  return { value: median(ours), spread: spread(ours), floor: median(floors), ratio: median(ratios), ratioSpread: spread(ratios) }
}
