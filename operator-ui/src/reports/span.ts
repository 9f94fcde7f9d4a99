/** A stretch of whole days on the town's clock, and the one that it is held against. Ends are not included. */

export const spans = ['today', 'last7', 'last30', 'thisMonth', 'lastMonth', 'other'] as const
export type SpanName = (typeof spans)[number]

export interface Span {
  from: Date
  to: Date
  beforeFrom: Date
  beforeTo: Date
}
/** First and last day, `2026-11-01`. */
export interface Days {
  first: string
  last: string
}

const dayMs = 86_400_000

export function spanOf(name: SpanName, now: Date, timezone: string, other: Days): Span {
  const today = dayOf(now, timezone)
  const [year, month] = today.split('-').map(Number) as [number, number]
  const monthsAgo = (count: number) => new Date(Date.UTC(year, month - 1 - count, 1)).toISOString().slice(0, 10)
  const at = (day: string) => beginOf(day, timezone)
  const whole = (first: string, end: string, beforeFirst: string, beforeEnd: string): Span => ({
    from: at(first),
    to: at(end),
    beforeFrom: at(beforeFirst),
    beforeTo: at(beforeEnd),
  })
  const lately = (days: number) =>
    whole(plus(today, 1 - days), plus(today, 1), plus(today, 1 - 2 * days), plus(today, 1 - days))
  switch (name) {
    case 'today':
      return lately(1)
    case 'last7':
      return lately(7)
    case 'last30':
      return lately(30)
    case 'thisMonth': {
      // Against as many days of the month before: a month that has just begun is not held against a whole one.
      const [begun, before, end] = [monthsAgo(0), monthsAgo(1), plus(today, 1)]
      const same = plus(before, Math.round((Date.parse(end) - Date.parse(begun)) / dayMs))
      return whole(begun, end, before, same < begun ? same : begun)
    }
    case 'lastMonth':
      return whole(monthsAgo(1), monthsAgo(0), monthsAgo(2), monthsAgo(1))
    case 'other': {
      const [first, end] = [other.first, plus(other.last, 1)]
      const days = Math.round((Date.parse(end) - Date.parse(first)) / dayMs)
      return whole(first, end, plus(first, -days), first)
    }
  }
}

export const dayOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

export const plus = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)

/** The moment at which a day begins there. */
function beginOf(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  const ahead = (at: number) => Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - at
  // Asked twice: at the first guess the clocks may not have changed yet.
  return new Date(midnight - ahead(midnight - ahead(midnight)))
}
