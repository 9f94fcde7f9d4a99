/** What waits in each department, and for how long. */

import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { ViewName } from '../../../src/operator-api.types.ts'
import { useNames } from '../session-data.tsx'
import { useSpeech } from '../words.ts'
import { type Report, written } from './figures.ts'
import { reportWords } from './words.ts'

type Backlog = Report['backlog'][number]

export function BacklogTable({
  rows,
  now,
  onWall,
}: {
  rows: Backlog[]
  now: number
  /** Nobody can click there, and what waits is to be seen from afar. */
  onWall?: true
}) {
  const { language, locale } = useSpeech()
  const say = reportWords[language]
  const names = useNames()
  const cell = (view: ViewName, department: string, count: number): ReactNode =>
    onWall || count === 0 ? count : <Link href={`/?view=${view}&department=${encodeURIComponent(department)}`}>{count}</Link>
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{say.department}</th>
          <th scope="col">{say.waiting}</th>
          <th scope="col">{say.oldest}</th>
          <th scope="col">{say.overdue}</th>
          <th scope="col">{say.assigned}</th>
          {!onWall && <th scope="col">{say.snoozed}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.departmentId}>
            <th scope="row">{names.department(row.departmentId)}</th>
            <td data-bad={onWall && row.waiting > 0}>{cell('waiting', row.departmentId, row.waiting)}</td>
            <td>{row.oldestWaiting ? written(now - Date.parse(row.oldestWaiting), 'duration', locale) : '—'}</td>
            <td data-bad={onWall && row.overdue > 0}>{cell('due', row.departmentId, row.overdue)}</td>
            <td>{cell('department', row.departmentId, row.assigned)}</td>
            {!onWall && <td>{cell('snoozed', row.departmentId, row.snoozed)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
