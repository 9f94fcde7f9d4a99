/** What waits right now, whatever the period; each number leads to the list of those conversations. */

import { Link } from 'wouter'
import type { ViewName } from '../../../src/operator-api.types.ts'
import { useNames } from '../session-data.tsx'
import { useNow } from '../ui/use-now.ts'
import { useSpeech } from '../words.ts'
import { type Report, written } from './figures.ts'
import { reportWords } from './words.ts'

export function Now({ backlog }: { backlog: Report['backlog'] }) {
  const { language, locale } = useSpeech()
  const say = reportWords[language]
  const names = useNames()
  const now = useNow()
  if (backlog.length === 0) return null
  const list = (view: ViewName, department: string, count: number) => (
    <td>{count === 0 ? 0 : <Link href={`/?view=${view}&department=${encodeURIComponent(department)}`}>{count}</Link>}</td>
  )
  return (
    <section aria-labelledby="figures-now">
      <h2 id="figures-now">{say.now}</h2>
      <div className="table-scroll" tabIndex={0} role="region" aria-labelledby="figures-now">
        <table>
          <thead>
            <tr>
              <th scope="col">{say.department}</th>
              <th scope="col">{say.waiting}</th>
              <th scope="col">{say.oldest}</th>
              <th scope="col">{say.assigned}</th>
              <th scope="col">{say.snoozed}</th>
              <th scope="col">{say.overdue}</th>
            </tr>
          </thead>
          <tbody>
            {backlog.map((row) => (
              <tr key={row.departmentId}>
                <th scope="row">{names.department(row.departmentId)}</th>
                {list('waiting', row.departmentId, row.waiting)}
                <td>{row.oldestWaiting ? written(now - Date.parse(row.oldestWaiting), 'duration', locale) : '—'}</td>
                {list('department', row.departmentId, row.assigned)}
                {list('snoozed', row.departmentId, row.snoozed)}
                {list('due', row.departmentId, row.overdue)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
