/** What the calendar makes of the coming days, department by department: for whoever checks what was written in calendar.yaml. */

import { Router } from 'express'
import { z } from 'zod'
import { type Calendar, dayName, hoursOn, localDay } from '../core/calendar.ts'
import type { CalendarDay, CalendarPreview } from '../operator-api.types.ts'
import { only, wanted } from './access.ts'
import type { Api } from './api.ts'

const dayMs = 86_400_000
const shownDays = 14
/** How far ahead the days that are not like the others are looked for. */
const aheadDays = 180

export function calendarPreview(api: Api): Router {
  const router = Router()
  router.get('/admin/calendar', only('admin', 'supervisor'), (request, response) => {
    const { from } = wanted(z.object({ from: z.iso.date().optional() }), request.query)
    const departments = api.config().departments.map(({ id, calendar }) => ({ id, calendar: calendar ?? id }))
    response.json(previewFrom(api.calendar(), departments, api.now(), from))
  })
  return router
}

/** `calendar` of a department: whose hours it keeps. */
export function previewFrom(calendar: Calendar, departments: { id: string; calendar: string }[], now: Date, from: string | undefined): CalendarPreview {
  const today = localDay(calendar, now)
  const first = Date.parse(`${from ?? today}T00:00:00Z`)
  // From a Monday on: a week is read as a week.
  const monday = first - ((new Date(first).getUTCDay() + 6) % 7) * dayMs
  const daysFrom = (start: number, count: number) => Array.from({ length: count }, (_, n) => new Date(start + n * dayMs).toISOString().slice(0, 10))
  const dayOf = (own: string, day: string): CalendarDay => ({
    hours: hoursOn(calendar, own, day).map((interval) => ({ from: clock(interval.from), to: clock(interval.to) })),
    // Noon is that day in every zone.
    name: dayName(calendar, own, new Date(`${day}T12:00:00Z`)) ?? null,
  })
  const days = daysFrom(monday, shownDays)
  const special = daysFrom(Date.parse(`${today}T00:00:00Z`), aheadDays).flatMap((day) => {
    const named = departments.flatMap(({ id, calendar: own }) => {
      const { name, hours } = dayOf(own, day)
      return name === null ? [] : [{ id, name, hours }]
    })
    const [any] = named
    return any ? [{ day, name: any.name, hours: any.hours, departments: named.length === departments.length ? null : named.map(({ id }) => id) }] : []
  })
  return { today, days, special, timezone: calendar.timeZone, departments: departments.map(({ id, calendar: own }) => ({ id, days: days.map((day) => dayOf(own, day)) })) }
}

const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
