/** What citizens asked and the assistant could not answer: the next lines of its rulebook, one click from it. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Language } from '../../../src/core/model.ts'
import type { BotCatalogue, MissGroup } from '../../../src/operator-api.types.ts'
import { get } from '../api.ts'
import { useSession } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Chooser } from '../ui/chooser.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'
import './bot.css'
import { TeachDialog } from './teach-dialog.tsx'
import { useBotCatalogue } from './trial-page.tsx'
import { namerOf } from './trial-talk.tsx'

const shownTexts = 6

interface Words { text: string; language: Language }
/** `target` undefined: it is still to be chosen. */
type Lesson = Words & { target: string | null | undefined }

export function MissesPage() {
  const { words } = useSpeech()
  const say = words.settings.miss
  const { operator } = useSession()
  const catalogue = useBotCatalogue()
  const [lesson, setLesson] = useState<Lesson>()
  const misses = useQuery({ queryKey: ['admin', 'misses'], queryFn: ({ signal }) => get<MissGroup[]>('/api/admin/misses', signal) })
  if (misses.isPending || catalogue.isPending) return <Loading />
  if (misses.error) return <Failed problem={misses.error} onRetry={() => void misses.refetch()} />
  if (misses.data.length === 0) return <Empty icon="check" title={say.none} />
  const open = misses.data.filter(({ answered }) => answered === null)
  const answered = misses.data.filter((group) => group.answered !== null)
  // Only who may write is shown how.
  const taught = operator.role === 'admin' ? catalogue.data : undefined
  const cards = (groups: MissGroup[]) => (
    <ul className="cards">
      {groups.map((group) => (
        <MissCard key={group.id} group={group} catalogue={catalogue.data} canTeach={taught !== undefined} onTeach={(text, target) => setLesson({ text: withoutControls(text), language: group.language, target })} />
      ))}
    </ul>
  )
  return (
    <>
      <p className="intro">{say.intro}</p>
      {cards(open)}
      {answered.length > 0 && (
        <details className="misses-answered">
          <summary>{say.answered(answered.length)}</summary>
          {cards(answered)}
        </details>
      )}
      {lesson && taught && lesson.target === undefined && <AnswerChooser catalogue={taught} onChoose={(target) => setLesson({ ...lesson, target })} onClose={() => setLesson((now) => (now?.target === undefined ? undefined : now))} />}
      {lesson && taught && lesson.target !== undefined && <TeachDialog text={lesson.text} language={lesson.language} target={lesson.target} catalogue={taught} onClose={() => setLesson(undefined)} />}
    </>
  )
}

function MissCard({ group, catalogue, canTeach, onTeach }: { group: MissGroup; catalogue: BotCatalogue | undefined; canTeach: boolean; onTeach(text: string, target: string | null | undefined): void }) {
  const { words, clock, language } = useSpeech()
  const toast = useToast()
  const say = words.settings.miss
  const nameOf = catalogue ? namerOf(catalogue, language) : (ref: string) => ref
  const copy = () => {
    const examples = [...new Set(group.texts.map(({ text }) => withoutControls(text)))].map((text) => `  - ${JSON.stringify(text)}`).join('\n')
    void navigator.clipboard.writeText(examples).then(() => toast({ text: words.app.copied }))
  }
  return (
    <li className="card">
      <header>
        <h2>
          <bdi>{withoutControls(group.sample)}</bdi>
        </h2>
        <span className="count">{say.times(group.count)}</span>
      </header>
      {group.answered !== null && (
        <p>
          <small>{say.answersNow(nameOf(group.answered))}</small>
        </p>
      )}
      {canTeach && group.answered === null ? (
        <div className="teach-targets" role="group" aria-label={say.belongsTo}>
          <small>{say.belongsTo}</small>
          {group.nearest.map((ref) => (
            <Button key={ref} onClick={() => onTeach(group.sample, ref)}>
              {nameOf(ref)}
            </Button>
          ))}
          <Button icon="search" look="quiet" onClick={() => onTeach(group.sample, undefined)}>
            {say.other}
          </Button>
          <Button icon="plus" look="quiet" onClick={() => onTeach(group.sample, null)}>
            {say.create}
          </Button>
        </div>
      ) : (
        group.answered === null &&
        group.nearest.length > 0 && (
          <p>
            <small>
              {say.nearest}: {group.nearest.map(nameOf).join(' · ')}
            </small>
          </p>
        )
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
              {canTeach && (
                <Button look="quiet" onClick={() => onTeach(one.text, undefined)}>
                  {say.teach}
                </Button>
              )}
            </li>
          ))}
        </ul>
        <Button look="quiet" icon="file" onClick={copy}>
          {say.copy}
        </Button>
      </details>
    </li>
  )
}

function AnswerChooser({ catalogue, onChoose, onClose }: { catalogue: BotCatalogue; onChoose(target: string | null): void; onClose(): void }) {
  const { words, language } = useSpeech()
  const say = words.settings.miss
  const nameOf = namerOf(catalogue, language)
  const options = [
    ...catalogue.answers.map(({ ref, question }) => ({ id: ref, label: nameOf(ref), detail: Object.values(question).filter((one) => one !== nameOf(ref)).join(' · '), icon: ref.startsWith('form.') ? ('form' as const) : ('bot' as const) })),
    { id: '', label: say.create, icon: 'plus' as const },
  ]
  return <Chooser title={say.choose} options={options} onChoose={({ id }) => onChoose(id === '' ? null : id)} onClose={onClose} />
}
