/** A link to nowhere. */

import { Link } from 'wouter'
import { Empty } from '../ui/states.tsx'
import { useWords } from '../words.ts'

export function NotFound() {
  const words = useWords()
  return (
    <main className="alone">
      <Empty icon="question" title={words.app.notFound}>
        <Link href="/" className="button primary">
          {words.app.toInbox}
        </Link>
      </Empty>
    </main>
  )
}
