/** The sample calendar, as the gateway reads it. */

import { readFileSync } from 'node:fs'
import { parseCalendar } from '../../../src/core/calendar-file.ts'
import { previewFrom } from '../../../src/operator-api/calendar.ts'
import type { CalendarPreview } from '../../../src/operator-api.types.ts'
import { departments } from './town.ts'

const file = new URL('../../../config/calendar.yaml', import.meta.url)
const calendar = parseCalendar(readFileSync(file, 'utf8'), 'calendar.yaml')

/** Seen from the Monday of the pictures. */
export const calendarFrom = (from: string | undefined): CalendarPreview => previewFrom(calendar, departments.map(({ id }) => ({ id, calendar: id })), new Date('2026-11-23T10:42:00Z'), from)
