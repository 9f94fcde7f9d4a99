/** config/calendar.yaml: the shape that people write, and the calendar that it makes. */

import { z } from 'zod'
import type { Calendar, Exception, HolidayRule, Interval, Week } from './calendar.ts'
import { formatProblem, readDocument, type Problem, type YamlDocument } from './document.ts'
import { fitShape } from './fit-shape.ts'

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const Times = z.array(z.string())
const WeekShape = z.record(z.string(), Times)
const Day = z.iso.date('write a day as 2026-12-24')

const Shape = z.strictObject({
  version: z.literal(1),
  timezone: z.enum(['Europe/Lisbon', 'Atlantic/Madeira', 'Atlantic/Azores', 'Europe/Madrid', 'UTC']),
  holidays: z
    .strictObject({
      national: z.boolean().default(true),
      also: z.array(z.strictObject({ name: z.string().min(1), on: z.string() })).default([]),
    })
    .prefault({}),
  hours: WeekShape,
  departments: z.record(z.string(), WeekShape).default({}),
  exceptions: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        on: Day.optional(),
        from: Day.optional(),
        to: Day.optional(),
        open: Times.default([]),
        departments: z.array(z.string()).min(1).optional(),
      }),
    )
    .default([]),
})

export class CalendarError extends Error {
  readonly problems: Problem[]
  constructor(problems: Problem[]) {
    super(problems.map(formatProblem).join('\n'))
    this.name = 'CalendarError'
    this.problems = problems
  }
}

/** Throws a CalendarError that names every line that is wrong. */
export function parseCalendar(yamlText: string, fileName: string): Calendar {
  const document = readDocument(yamlText, fileName)
  const { value, problems } = fitShape(document, Shape)
  if (!value) throw new CalendarError(problems)
  const wrong: Problem[] = []
  const calendar: Calendar = {
    timeZone: value.timezone,
    hours: readWeek(document, ['hours'], value.hours, wrong),
    departments: Object.fromEntries(
      Object.entries(value.departments).map(([id, week]) => [id, readWeek(document, ['departments', id], week, wrong)]),
    ),
    holidays: {
      national: value.holidays.national,
      also: value.holidays.also.flatMap(({ name, on }, index) => {
        const rule = readRule(on, name)
        if (!rule)
          wrong.push(document.problem(['holidays', 'also', index, 'on'], 'write 06-13 (month-day) or "easter 47"'))
        return rule ? [rule] : []
      }),
    },
    exceptions: value.exceptions.flatMap((each, index): Exception[] => {
      const path = ['exceptions', index]
      const from = each.on ?? each.from
      const to = each.on ?? each.to
      if (!from || !to || (each.on && (each.from ?? each.to)) || to < from) {
        wrong.push(document.problem(path, 'give either "on", or "from" and a "to" that is not earlier'))
        return []
      }
      const intervals = readTimes(document, [...path, 'open'], each.open, wrong)
      return [{ from, to, name: each.name, intervals, ...(each.departments ? { departments: each.departments } : {}) }]
    }),
  }
  if (wrong.length > 0) throw new CalendarError(wrong)
  return calendar
}

type Path = (string | number)[]

function readWeek(document: YamlDocument, path: Path, week: Record<string, string[]>, wrong: Problem[]): Week {
  const read: Interval[][] = [[], [], [], [], [], [], []]
  const seen = new Set<number>()
  for (const [key, times] of Object.entries(week)) {
    const [first, last = first] = key.split('-').map((name) => days.indexOf(name as (typeof days)[number]))
    if (first === undefined || first < 0 || last === undefined || last < first || key.split('-').length > 2) {
      wrong.push(
        document.problem([...path, key], `"${key}" is no day: write mon, tue … sun, or a range such as mon-fri`),
      )
      continue
    }
    const intervals = readTimes(document, [...path, key], times, wrong)
    for (let day = first; day <= last; day++) {
      if (seen.has(day)) wrong.push(document.problem([...path, key], `${days[day]} has its hours twice`))
      seen.add(day)
      read[day] = intervals
    }
  }
  return read as unknown as Week
}

function readTimes(document: YamlDocument, path: Path, times: string[], wrong: Problem[]): Interval[] {
  const intervals: Interval[] = []
  for (const [index, text] of times.entries()) {
    const match = /^(\d{1,2}):([0-5]\d)\s*[-–]\s*(\d{1,2}):([0-5]\d)$/.exec(text.trim())
    const from = match ? Number(match[1]) * 60 + Number(match[2]) : NaN
    const to = match ? Number(match[3]) * 60 + Number(match[4]) : NaN
    if (!(from < to && to <= 1440)) {
      wrong.push(
        document.problem(
          [...path, index],
          `"${text}" is no interval: write "09:00-12:30", the end later than the beginning and at most 24:00`,
        ),
      )
    } else if (from < (intervals.at(-1)?.to ?? 0)) {
      wrong.push(document.problem([...path, index], `"${text}" begins before the interval above has ended`))
    } else intervals.push({ from, to })
  }
  return intervals
}

function readRule(on: string, name: string): HolidayRule | undefined {
  const moveable = /^easter(?:\s*([+-]?\s*\d{1,3}))?$/.exec(on.trim())
  if (moveable) return { name, easter: Number((moveable[1] ?? '0').replaceAll(' ', '')) }
  const [, month, day] = /^(\d\d)-(\d\d)$/.exec(on.trim()) ?? []
  if (!month || !day || Number(month) < 1 || Number(month) > 12) return undefined
  // 29 February counts in leap years only.
  if (Number(day) < 1 || Number(day) > new Date(Date.UTC(2024, Number(month), 0)).getUTCDate()) return undefined
  return { name, month: Number(month), day: Number(day) }
}
