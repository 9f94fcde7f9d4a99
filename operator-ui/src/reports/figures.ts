/** What the API gives, and how a figure is written. */

export interface Definition {
  key: string
  section: 'people' | 'quality' | 'bot' | 'video'
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
  if (minutes < 48 * 60) return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return `${Math.round(minutes / 1440)} d`
}

/** As a percentage of what was before; null: nothing to compare with. */
export function change(now: number | null, before: number | null): number | null {
  return now === null || before === null || before === 0 ? null : Math.round(((now - before) / before) * 100)
}

/** The key of a figure's main number in a line. */
export const mainOf = ({ key, unit }: Pick<Definition, 'key' | 'unit'>) => (unit === 'duration' ? `${key}P50` : key)
