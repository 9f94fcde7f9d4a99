/** The month of a report on the town's own clock, and the one before it to compare with. */

import { offsetOf } from '../core/wall-clock.ts'

export interface Span { from: Date; to: Date; timezone: string }
export interface Month {
  now: Span
  /** While the month is running: as much of the one before as has passed of this one. */
  before: Span
  isRunning: boolean
  /** Noon of some day in it, in UTC: for its name. */
  middle: Date
}

/** `month` as 2026-03. In summer a month begins an hour before it does in UTC. */
export function monthOf(month: string, timezone: string, at: Date): Month {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const begin = (first: number) => {
    const utc = Date.UTC(year, first, 1)
    return new Date(utc - offsetOf(timezone, utc))
  }
  const now = { from: begin(number - 1), to: begin(number), timezone }
  const last = { from: begin(number - 2), to: now.from, timezone }
  const passed = at.getTime() - now.from.getTime()
  const isRunning = passed >= 0 && at < now.to
  const end = isRunning ? new Date(Math.min(last.from.getTime() + passed, last.to.getTime())) : last.to
  return { now, before: { ...last, to: end }, isRunning, middle: new Date(Date.UTC(year, number - 1, 15, 12)) }
}
