/** When a department is open: one answer for bot, routing and numbers. Pure; local wall time is what counts. */

import type { DepartmentId } from './model.ts'
import { holidaysOf } from './holidays.ts'
import { day, minute, offsetOf, offsetsOf } from './wall-clock.ts'

/** Minutes since local midnight; `to` is not included, and may be 1440. */
export interface Interval {
  from: number
  to: number
}
/** Monday first. */
export type Week = readonly [Interval[], Interval[], Interval[], Interval[], Interval[], Interval[], Interval[]]

export interface Calendar {
  timeZone: string
  /** For every department that has no hours of its own. */
  hours: Week
  departments: Record<DepartmentId, Week>
  holidays: { national: boolean; also: HolidayRule[] }
  exceptions: Exception[]
}
/** A day of every year: a date, or so many days from Easter Sunday. */
export type HolidayRule = { name: string } & ({ month: number; day: number } | { easter: number })
/** One-off: closed when `intervals` is empty, open at these times otherwise, whatever the week or a holiday says. */
export interface Exception {
  /** First and last day, `2026-12-24`. */
  from: string
  to: string
  name: string
  intervals: Interval[]
  /** Everyone, when left out. */
  departments?: DepartmentId[]
}

export function isOpen(calendar: Calendar, department: DepartmentId | null, at: Date): boolean {
  const spans = spansAround(calendar, department, at)
  const index = lastStarting(spans, at.getTime())
  return index >= 0 && spans.ends[index]! > at.getTime()
}

/** The next moment, later than `after`, at which the doors open. null: not within two years. */
export function nextOpening(calendar: Calendar, department: DepartmentId | null, after: Date): Date | null {
  const time = after.getTime()
  const year = localYear(calendar, after)
  for (const spans of [year, year + 1, year + 2].map((each) => spansOf(calendar, department, each))) {
    for (let index = lastStarting(spans, time) + 1; index < spans.starts.length; index++) {
      const start = spans.starts[index]!
      if (!touches(calendar, department, start)) return new Date(start)
    }
  }
  return null
}

/** Open time between two moments. Fast enough for a million intervals: two searches in a list made once a year. */
export function openMillis(calendar: Calendar, department: DepartmentId | null, from: Date, to: Date): number {
  if (!(to.getTime() > from.getTime())) return 0
  const [first, last] = [localYear(calendar, from), localYear(calendar, to)]
  let sum = 0
  for (let year = first; year <= last; year++) {
    const spans = spansOf(calendar, department, year)
    sum += openUntil(spans, to.getTime()) - openUntil(spans, from.getTime())
  }
  return sum
}

/** Why a day is not like the others, e.g. «Natal». For texts and for the calendar page. */
export function dayName(calendar: Calendar, department: DepartmentId | null, at: Date): string | undefined {
  const day = localDay(calendar, at)
  return exceptionOn(calendar, department, day)?.name ?? holidaysOf(calendar.holidays, Number(day.slice(0, 4))).get(day)
}

/** The intervals of one local day, `2026-12-24`, as the week, the holidays and the exceptions have it. */
export function hoursOn(calendar: Calendar, department: DepartmentId | null, day: string): Interval[] {
  const exception = exceptionOn(calendar, department, day)
  if (exception) return exception.intervals
  if (holidaysOf(calendar.holidays, Number(day.slice(0, 4))).has(day)) return []
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return weekOf(calendar, department)[weekday] ?? []
}

function weekOf(calendar: Calendar, department: DepartmentId | null): Week {
  return (
    (department !== null && Object.hasOwn(calendar.departments, department)
      ? calendar.departments[department]
      : undefined) ?? calendar.hours
  )
}

/** The exception written last wins, one that names the department before one for everybody. */
function exceptionOn(calendar: Calendar, department: DepartmentId | null, day: string): Exception | undefined {
  const those = calendar.exceptions.filter((each) => each.from <= day && day <= each.to)
  return (
    those.findLast((each) => department !== null && each.departments?.includes(department)) ??
    those.findLast((each) => each.departments === undefined)
  )
}

/** The open spans of one local year, as moments. */
interface Spans {
  starts: Float64Array
  ends: Float64Array
  /** Open time before each span. */
  before: Float64Array
  total: number
}

/** Made once and kept beside the calendar, which is never changed: reloading makes a new one. */
const kept = new WeakMap<Calendar, Map<DepartmentId | null, Map<number, Spans>>>()

function spansOf(calendar: Calendar, department: DepartmentId | null, year: number): Spans {
  let departments = kept.get(calendar)
  if (!departments) kept.set(calendar, (departments = new Map()))
  let years = departments.get(department)
  if (!years) {
    const shared = department !== null && !isOwn(calendar, department)
    years = (shared ? departments.get(null) : undefined) ?? new Map<number, Spans>()
    departments.set(department, years)
    if (shared) departments.set(null, years)
  }
  let spans = years.get(year)
  if (!spans) years.set(year, (spans = makeSpans(calendar, department, year)))
  return spans
}

/** Departments without hours or exceptions of their own share one list. */
function isOwn(calendar: Calendar, department: DepartmentId): boolean {
  return (
    Object.hasOwn(calendar.departments, department) ||
    calendar.exceptions.some((each) => each.departments?.includes(department))
  )
}

function makeSpans(calendar: Calendar, department: DepartmentId | null, year: number): Spans {
  const found: [start: number, end: number][] = []
  const offsets = offsetsOf(calendar.timeZone, year)
  for (let time = Date.UTC(year, 0, 1); time < Date.UTC(year + 1, 0, 1); time += day) {
    for (const { from, to } of hoursOn(calendar, department, new Date(time).toISOString().slice(0, 10))) {
      // An hour that the clocks skip is not open time, and one that they repeat is so twice.
      for (const offset of offsets) {
        const start = Math.max(time + from * minute - offset.millis, offset.from)
        const end = Math.min(time + to * minute - offset.millis, offset.to)
        if (end > start) found.push([start, end])
      }
    }
  }
  found.sort((a, b) => a[0] - b[0])
  const spans: [number, number][] = []
  for (const [start, end] of found) {
    const last = spans.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else spans.push([start, end])
  }
  let total = 0
  const before = Float64Array.from(spans, ([start, end]) => (total += end - start) - (end - start))
  return {
    starts: Float64Array.from(spans, (each) => each[0]),
    ends: Float64Array.from(spans, (each) => each[1]),
    before,
    total,
  }
}

function spansAround(calendar: Calendar, department: DepartmentId | null, at: Date): Spans {
  return spansOf(calendar, department, localYear(calendar, at))
}

/** A span that goes on from the year before is no opening. */
function touches(calendar: Calendar, department: DepartmentId | null, start: number): boolean {
  return isOpen(calendar, department, new Date(start - 1))
}

function lastStarting(spans: Spans, time: number): number {
  let [low, high] = [0, spans.starts.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (spans.starts[middle]! <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}

function openUntil(spans: Spans, time: number): number {
  const index = lastStarting(spans, time)
  if (index < 0) return 0
  return spans.before[index]! + Math.min(time, spans.ends[index]!) - spans.starts[index]!
}

/** `2026-12-24`: the day on the wall. */
export function localDay(calendar: Calendar, at: Date): string {
  return new Date(at.getTime() + offsetOf(calendar.timeZone, at.getTime())).toISOString().slice(0, 10)
}

function localYear(calendar: Calendar, at: Date): number {
  const time = at.getTime()
  return new Date(time + offsetOf(calendar.timeZone, time)).getUTCFullYear()
}
