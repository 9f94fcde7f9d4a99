/** Open hours against the plainest possible count: minute by minute, on the wall clock that Intl gives. */

import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CalendarError, parseCalendar } from '../../src/core/calendar-file.ts'
import { dayName, hoursOn, isOpen, nextOpening, openMillis, type Calendar } from '../../src/core/calendar.ts'
import { easter } from '../../src/core/holidays.ts'

const sample = parseCalendar(await readFile('config/calendar.yaml', 'utf8'), 'config/calendar.yaml')
const zones = ['Europe/Lisbon', 'Atlantic/Madeira', 'Atlantic/Azores'] as const

function naiveOpen(calendar: Calendar, department: string, time: number): boolean {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: calendar.timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(time)
  const part = (type: string) => parts.find((each) => each.type === type)!.value
  const minute = Number(part('hour')) * 60 + Number(part('minute'))
  const day = `${part('year')}-${part('month')}-${part('day')}`
  return hoursOn(calendar, department, day).some(({ from, to }) => from <= minute && minute < to)
}

const interval = fc.tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
const times = fc.uniqueArray(fc.integer({ min: 0, max: 288 }), { minLength: 0, maxLength: 6 }).map((marks) => {
  const sorted = marks.toSorted((a, b) => a - b)
  return Array.from({ length: Math.floor(sorted.length / 2) }, (_, index) => ({
    from: sorted[2 * index]! * 5,
    to: sorted[2 * index + 1]! * 5,
  }))
})
const week = fc.tuple(times, times, times, times, times, times, times)
const calendars: fc.Arbitrary<Calendar> = fc.record({
  timeZone: fc.constantFrom(...zones),
  hours: week,
  departments: week.map((each) => ({ aguas: each })),
  holidays: fc.constant<Calendar['holidays']>({ national: true, also: [{ name: 'Carnaval', easter: -47 }] }),
  exceptions: fc.constantFrom<Calendar['exceptions'][]>(
    [],
    [
      { from: '2026-03-28', to: '2026-03-29', name: 'Aberto sempre', intervals: [{ from: 0, to: 1440 }] },
      {
        from: '2026-10-24',
        to: '2026-10-26',
        name: 'Obras',
        intervals: [
          { from: 0, to: 90 },
          { from: 100, to: 1440 },
        ],
        departments: ['aguas'],
      },
    ],
  ),
})
/** Near what is hard: both changes of the clocks, the turn of the year, Easter. */
const moments = fc
  .tuple(
    fc.constantFrom(
      '2026-03-28T12:00Z',
      '2026-10-24T12:00Z',
      '2026-12-31T12:00Z',
      '2026-04-02T00:00Z',
      '2027-03-27T09:00Z',
    ),
    fc.integer({ min: 0, max: 2880 }),
  )
  .map(([start, minutes]) => Date.parse(start) + minutes * 60_000)

describe('the calendar', () => {
  test('counts open time as a minute-by-minute count does, on days when clocks change too', () => {
    fc.assert(
      fc.property(
        calendars,
        moments,
        fc.integer({ min: 0, max: 1800 }),
        fc.constantFrom('aguas', 'geral'),
        (calendar, from, minutes, department) => {
          let open = 0
          for (let minute = 0; minute < minutes; minute++) {
            if (naiveOpen(calendar, department, from + minute * 60_000)) open++
          }
          const to = new Date(from + minutes * 60_000)
          expect(openMillis(calendar, department, new Date(from), to)).toBe(open * 60_000)
        },
      ),
      { numRuns: 60, seed: 20261025 },
    )
  })

  test('says the next opening that a walk through the minutes finds', () => {
    fc.assert(
      fc.property(calendars, moments, (calendar, from) => {
        const found = nextOpening(calendar, 'aguas', new Date(from))
        let walked: number | undefined
        for (let minute = 1; minute < 2000 && walked === undefined; minute++) {
          const time = from + minute * 60_000
          if (naiveOpen(calendar, 'aguas', time) && !naiveOpen(calendar, 'aguas', time - 60_000)) walked = time
        }
        if (walked === undefined) expect(found === null || found.getTime() >= from + 2000 * 60_000).toBe(true)
        else expect(found?.getTime()).toBe(walked)
      }),
      { numRuns: 60, seed: 7 },
    )
  })

  test('agrees with itself: open now exactly when the next second counts', () => {
    fc.assert(
      fc.property(calendars, moments, (calendar, time) => {
        const counted = openMillis(calendar, 'geral', new Date(time), new Date(time + 1000)) > 0
        expect(isOpen(calendar, 'geral', new Date(time))).toBe(counted)
      }),
      { numRuns: 300, seed: 3 },
    )
  })

  test('adds up: two stretches count as much as the whole, over years', () => {
    fc.assert(
      fc.property(interval, ([a, b]) => {
        const [from, middle, to] = [
          Date.UTC(2024, 0, 1),
          Date.UTC(2024, 0, 1) + a * 1e9,
          Date.UTC(2024, 0, 1) + (a + b) * 1e9,
        ]
        const count = (x: number, y: number) => openMillis(sample, 'geral', new Date(x), new Date(y))
        expect(count(from, middle) + count(middle, to)).toBe(count(from, to))
      }),
      { numRuns: 200, seed: 11 },
    )
  })

  test('knows when Easter is', () => {
    const known = {
      1961: '04-02',
      2000: '04-23',
      2008: '03-23',
      2019: '04-21',
      2024: '03-31',
      2025: '04-20',
      2026: '04-05',
      2027: '03-28',
      2038: '04-25',
    }
    for (const [year, day] of Object.entries(known)) {
      expect(new Date(easter(Number(year))).toISOString()).toBe(`${year}-${day}T00:00:00.000Z`)
    }
  })

  test('is closed on Good Friday, on Christmas and on the municipal day, and says why', () => {
    for (const [day, name] of [
      ['2026-04-03', 'Sexta-feira Santa'],
      ['2026-12-25', 'Natal'],
      ['2026-09-08', 'Feriado municipal'],
    ] as const) {
      const at = new Date(`${day}T10:00:00Z`)
      expect(isOpen(sample, 'geral', at)).toBe(false)
      expect(dayName(sample, 'geral', at)).toBe(name)
    }
  })

  test('lets a department have its own week, and an extra Saturday', () => {
    expect(isOpen(sample, 'geral', new Date('2026-11-23T13:00:00Z'))).toBe(false)
    expect(isOpen(sample, 'aguas', new Date('2026-11-23T13:00:00Z'))).toBe(true)
    expect(isOpen(sample, 'aguas', new Date('2026-11-28T10:00:00Z'))).toBe(true)
    expect(isOpen(sample, 'geral', new Date('2026-11-28T10:00:00Z'))).toBe(false)
  })

  test('opens at the same wall time in summer and in winter', () => {
    const opening = (after: string) => nextOpening(sample, 'geral', new Date(after))?.toISOString()
    expect(opening('2026-03-27T20:00:00Z')).toBe('2026-03-30T08:00:00.000Z')
    expect(opening('2026-10-23T20:00:00Z')).toBe('2026-10-26T09:00:00.000Z')
    expect(opening('2026-12-23T18:00:00Z')).toBe('2026-12-28T09:00:00.000Z')
  })

  test('has no next opening when it never closes, and none when it never opens', () => {
    const always = parseCalendar(
      'version: 1\ntimezone: UTC\nholidays: { national: false }\nhours: { mon-sun: ["0:00-24:00"] }',
      'a',
    )
    const never = parseCalendar('version: 1\ntimezone: UTC\nhours: {}', 'b')
    const now = new Date('2026-12-31T23:30:00Z')
    expect(nextOpening(always, 'x', now)).toBeNull()
    expect(isOpen(always, 'x', now)).toBe(true)
    expect(nextOpening(never, 'x', now)).toBeNull()
  })

  test('names the line and column of what is wrong', () => {
    const text = [
      'version: 1',
      'timezone: Europe/Lisbon',
      'hours:',
      '  mon-fry: [09:00-12:00]',
      '  sat: [12:00-09:00]',
      '  sun: [09:00-12:00, 11:00-13:00]',
      'holidays: { also: [{ name: X, on: 13-45 }] }',
      'exceptions:',
      '  - { name: Y }',
    ].join('\n')
    const problems = (() => {
      try {
        parseCalendar(text, 'calendar.yaml')
      } catch (error) {
        return (error as CalendarError).message
      }
      return ''
    })()
    expect(problems).toContain('calendar.yaml:4:3 hours.mon-fry')
    expect(problems).toContain('calendar.yaml:5:9 hours.sat.0')
    expect(problems).toContain('calendar.yaml:6:22 hours.sun.1')
    expect(problems).toContain('calendar.yaml:7:31 holidays.also.0.on')
    expect(problems).toContain('calendar.yaml:9:5 exceptions.0')
  })

  test('asks whether an unknown key was a misspelt one', () => {
    expect(() => parseCalendar('version: 1\ntimezon: UTC\nhours: {}\ntimezone: UTC', 'c.yaml')).toThrow(
      'c.yaml:2:1 timezon: unknown key "timezon": did you mean "timezone"?',
    )
  })
})
