/** The conversations behind one figure. */

import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { ConversationSummary } from '../../../src/operator-api.types.ts'
import { get } from '../api.ts'
import { called } from '../citizen/called.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { useSpeech } from '../words.ts'
import { reportWords } from './words.ts'

export function Behind({ query, title, onClose }: { query: string; title: string; onClose(): void }) {
  const { language, words, clock } = useSpeech()
  const say = reportWords[language]
  const rows = useQuery({
    queryKey: ['numbers', 'behind', query],
    queryFn: ({ signal }) => get<{ rows: ConversationSummary[] }>(`/api/numbers/behind?${query}`, signal),
  })
  return (
    <Dialog title={`${title} · ${say.behind}`} onClose={onClose}>
      {rows.isPending ? (
        <Loading />
      ) : rows.error ? (
        <Failed problem={rows.error} onRetry={() => void rows.refetch()} />
      ) : (
        <ul className="behind">
          {rows.data.rows.length === 0 && <li>{say.none}</li>}
          {rows.data.rows.length === 200 && <li>{say.newest}</li>}
          {rows.data.rows.map((row) => (
            <li key={row.id}>
              <Link href={`/c/${encodeURIComponent(row.id)}?view=all`}>
                <b>{called(row.citizen, words)}</b> <span>{row.reference}</span> <small>{clock.moment(row.openedAt)}</small>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
