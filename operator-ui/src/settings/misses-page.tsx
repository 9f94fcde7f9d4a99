/** What citizens asked and the assistant could not answer: the next lines of its rulebook. */

import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { MissGroup } from '../../../src/operator-api.types.ts'
import { get } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'

const shownTexts = 6

export function MissesPage() {
  const { words, clock } = useSpeech()
  const toast = useToast()
  const say = words.settings.miss
  const misses = useQuery({
    queryKey: ['admin', 'misses'],
    queryFn: ({ signal }) => get<MissGroup[]>('/api/admin/misses', signal),
  })
  if (misses.isPending) return <Loading />
  if (misses.error) return <Failed problem={misses.error} onRetry={() => void misses.refetch()} />
  if (misses.data.length === 0) return <Empty icon="check" title={say.none} />
  const copy = (group: MissGroup) => {
    const examples = [...new Set(group.texts.map(({ text }) => withoutControls(text)))]
      .map((text) => `  - ${JSON.stringify(text)}`)
      .join('\n')
    void navigator.clipboard.writeText(examples).then(() => toast({ text: words.app.copied }))
  }
  return (
    <>
      <p className="intro">{say.intro}</p>
      <ul className="cards">
        {misses.data.map((group) => (
          <li key={group.id} className="card">
            <header>
              <h2>
                <bdi>{withoutControls(group.sample)}</bdi>
              </h2>
              <span className="count">{say.times(group.count)}</span>
            </header>
            {group.suggested.length > 0 && (
              <p>
                <small>
                  {say.suggested}: {group.suggested.join(', ')}
                </small>
              </p>
            )}
            <details>
              <summary>{say.examples}</summary>
              <ul className="misses">
                {group.texts.slice(0, shownTexts).map((one) => (
                  <li key={`${one.conversationId}-${one.at}`}>
                    <Link href={`/c/${encodeURIComponent(one.conversationId)}?view=all`}>
                      <bdi>{withoutControls(one.text)}</bdi>
                    </Link>
                    <small>{clock.short(one.at)}</small>
                  </li>
                ))}
              </ul>
            </details>
            <Button look="quiet" icon="file" onClick={() => copy(group)}>
              {say.copy}
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
