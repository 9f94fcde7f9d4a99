/** What the API gives, and how a figure is written. */

export interface Definition {
  key: string
  unit: 'count' | 'duration' | 'score' | 'minutes'
  pt: string
  en: string
  explainPt: string
  explainEn: string
}
export type Line = { key: string; label: string } & Record<string, number | string | null>
export interface Backlog {
  departmentId: string
  waiting: number
  assigned: number
  snoozed: number
  oldestWaiting: string | null
  overdue: number
}
export interface Report {
  definitions: Definition[]
  lines: Line[]
  whole: Line | null
  before: Line | null
  backlog: Backlog[]
}

export const groupings = ['channel', 'department', 'operator', 'topic', 'hour', 'day', 'language'] as const
export type Grouping = (typeof groupings)[number]

export interface Span {
  from: Date
  to: Date
}
export const spans = ['last7', 'last30', 'thisMonth', 'lastMonth'] as const
export type SpanName = (typeof spans)[number]

/** Whole days on the operator's own clock; the end is not included. */
export function spanOf(name: SpanName, now: Date): Span {
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
  const before = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1 - days)
  switch (name) {
    case 'last7':
      return { from: before(7), to: tomorrow }
    case 'last30':
      return { from: before(30), to: tomorrow }
    case 'thisMonth':
      return { from: new Date(now.getFullYear(), now.getMonth(), 1), to: tomorrow }
    case 'lastMonth':
      return {
        from: new Date(now.getFullYear(), now.getMonth() - 1, 1),
        to: new Date(now.getFullYear(), now.getMonth(), 1),
      }
  }
}

export function numberOf(line: Line | null, key: string): number | null {
  const value = line?.[key]
  return typeof value === 'number' ? value : null
}

export function written(value: number | null, unit: Definition['unit'], locale: string): string {
  if (value === null) return '—'
  if (unit === 'duration') return duration(value)
  return value.toLocaleString(locale, { maximumFractionDigits: unit === 'score' ? 1 : 0 })
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return `${Math.round(minutes / 1440)} d`
}
