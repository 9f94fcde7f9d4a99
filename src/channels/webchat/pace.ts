/** So many a minute for each key; what was not used fills up again. In memory: each process counts for itself. */

export interface Pace {
  /** 0: go on. Otherwise the milliseconds to wait. */
  take(key: string, perMinute: number, cost?: number): number
}

/** A flood of keys must not become a flood of memory. */
const maxKeys = 50_000

export function openPace(now: () => Date): Pace {
  const buckets = new Map<string, { left: number; at: number }>()

  return {
    take(key, perMinute, cost = 1) {
      const at = now().getTime()
      const known = buckets.get(key)
      const left = known ? Math.min(perMinute, known.left + (Math.max(0, at - known.at) / 60_000) * perMinute) : perMinute
      const allowed = left >= cost
      buckets.delete(key)
      buckets.set(key, { left: allowed ? left - cost : left, at })
      // The map is in order of use: the first is the longest unused.
      if (buckets.size > maxKeys) buckets.delete(buckets.keys().next().value!)
      return allowed ? 0 : Math.ceil(((cost - left) / perMinute) * 60_000)
    },
  }
}
