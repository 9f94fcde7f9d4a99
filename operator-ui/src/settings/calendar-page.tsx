/** The opening hours as the calendar has them: two weeks of every department, and the days that are not like the others. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CalendarDay, CalendarPreview } from '../../../src/operator-api.types.ts'
import { get } from '../api.ts'
import { useNames } from '../session-data.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { useSpeech } from '../words.ts'

const dayMs = 86_400_000
const later = (day: string, days: number) => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)

export function CalendarPage() {
  const { words, locale } = useSpeech()
  const names = useNames()
  const [from, setFrom] = useState<string>()
  const say = words.settings.hours
  const preview = useQuery({
    queryKey: ['calendar', from],
    queryFn: ({ signal }) => get<CalendarPreview>(`/api/admin/calendar${from ? `?from=${from}` : ''}`, signal),
    placeholderData: keepPreviousData,
  })
  if (preview.error && !preview.data)
    return <Failed problem={preview.error} onRetry={() => void preview.refetch()} />
  if (!preview.data) return <Loading />
  const { days, departments, special, today } = preview.data
  // A calendar day has no time zone.
  const format = (day: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`))
  const start = days[0] ?? today
  return (
    <>
      <p className="intro">{say.intro}</p>
      <div className="calendar-bar">
        <IconButton icon="back" label={say.earlier} onClick={() => setFrom(later(start, -14))} />
        <b aria-live="polite">
          {say.span(
            format(start, { day: 'numeric', month: 'long' }),
            format(days.at(-1) ?? start, { day: 'numeric', month: 'long', year: 'numeric' }),
          )}
        </b>
        <IconButton icon="next" label={say.later} onClick={() => setFrom(later(start, 14))} />
        <Button look="quiet" onClick={() => setFrom(undefined)}>
          {say.now}
        </Button>
      </div>
      {[days.slice(0, 7), days.slice(7)].map((week, n) => (
        <div key={week[0]} className="table-scroll" role="region" tabIndex={0} aria-label={say.week(format(week[0] ?? start, { day: 'numeric', month: 'long' }))}>
          <table className="calendar">
            <thead>
              <tr>
                <th scope="col">{say.department}</th>
                {week.map((day) => (
                  <th key={day} scope="col" aria-current={day === today ? 'date' : undefined}>
                    {format(day, { weekday: 'short', day: 'numeric' })}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {departments.map((department) => (
                <tr key={department.id}>
                  <th scope="row">{names.department(department.id)}</th>
                  {department.days.slice(n * 7, n * 7 + 7).map((day, at) => (
                    <Cell key={week[at]} day={day} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
      <section>
        <h2>{say.special}</h2>
        {special.length === 0 && <p className="quiet">{words.settings.none}</p>}
        <ul className="special-days">
          {special.map((one) => (
            <li key={one.day}>
              <time dateTime={one.day}>{format(one.day, { weekday: 'long', day: 'numeric', month: 'long' })}</time>
              <span>
                <b>{one.name}</b>
                {one.departments && ` · ${one.departments.map(names.department).join(', ')}`}
              </span>
              <span className="quiet">{one.hours.length === 0 ? say.closed : one.hours.map(interval).join(', ')}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

const interval = ({ from, to }: CalendarDay['hours'][number]) => `${from}–${to}`

function Cell({ day }: { day: CalendarDay }) {
  const { words } = useSpeech()
  return (
    <td data-closed={day.hours.length === 0}>
      {day.hours.length === 0 ? <span className="quiet">{words.settings.hours.closed}</span> : day.hours.map((one) => <span key={one.from}>{interval(one)}</span>)}
      {day.name && <small>{day.name}</small>}
    </td>
  )
}
