/** What waits right now, whatever the period; each number leads to the list of those conversations. */

import { useNow } from '../ui/use-now.ts'
import { useSpeech } from '../words.ts'
import { BacklogTable } from './backlog-table.tsx'
import type { Report } from './figures.ts'
import { reportWords } from './words.ts'

export function Now({ backlog }: { backlog: Report['backlog'] }) {
  const { language } = useSpeech()
  const now = useNow()
  if (backlog.length === 0) return null
  return (
    <section className="reports-now">
      <h2 id="figures-now">{reportWords[language].now}</h2>
      <div className="table-scroll" tabIndex={0} role="region" aria-labelledby="figures-now">
        <BacklogTable rows={backlog} now={now} />
      </div>
    </section>
  )
}
