/** For a screen on the wall: who waits, for how long, and how the day goes. */

import { useQuery } from '@tanstack/react-query'
import { get } from '../api.ts'
import { useSession } from '../session-data.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { useSpeech } from '../words.ts'
import { BacklogTable } from './backlog-table.tsx'
import { numberOf, type Report, written } from './figures.ts'
import { spanOf } from './span.ts'
import { reportWords } from './words.ts'
import './reports.css'

export default function WallPage() {
  const { language, locale } = useSpeech()
  const say = reportWords[language]
  const { departments, municipality } = useSession()
  const report = useQuery({
    queryKey: ['numbers', 'wall'],
    queryFn: ({ signal }) => {
      const { from, to } = spanOf('today', new Date(), municipality.timezone, { first: '', last: '' })
      return get<Report>(
        `/api/numbers?${new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), by: 'department' })}`,
        signal,
      )
    },
    refetchInterval: 10_000,
  })
  if (report.isPending) return <Loading />
  if (report.error) return <Failed problem={report.error} onRetry={() => void report.refetch()} />
  const { backlog, whole } = report.data
  const waiting = backlog.reduce((sum, row) => sum + row.waiting, 0)
  const oldest = backlog.flatMap(({ oldestWaiting }) => oldestWaiting ?? []).sort()[0]
  return (
    <main className="wall">
      <h1>{municipality.name}</h1>
      <ul className="wall-figures">
        <li data-bad={waiting > 0}>
          <b>{waiting}</b>
          {say.waiting}
        </li>
        <li>
          <b>{oldest ? written(Date.now() - Date.parse(oldest), 'duration', locale) : '—'}</b>
          {say.oldest}
        </li>
        <li>
          <b>{written(numberOf(whole, 'conversations'), 'count', locale)}</b>
          {say.conversations} · {say.today.toLowerCase()}
        </li>
        <li>
          <b>{written(numberOf(whole, 'firstResponseP50'), 'duration', locale)}</b>
          {say.firstResponse} · {say.today.toLowerCase()}
        </li>
        <li>
          <b>{written(numberOf(whole, 'score'), 'score', locale)}</b>
          {say.satisfaction} · {say.today.toLowerCase()}
        </li>
      </ul>
      <BacklogTable
        onWall
        now={Date.now()}
        rows={departments.map(({ id }) => backlog.find(({ departmentId }) => departmentId === id) ?? nothing(id))}
      />
      <p>{say.updated}</p>
    </main>
  )
}

const nothing = (departmentId: string): Report['backlog'][number] => ({
  departmentId,
  waiting: 0,
  oldestWaiting: null,
  assigned: 0,
  snoozed: 0,
  overdue: 0,
})
