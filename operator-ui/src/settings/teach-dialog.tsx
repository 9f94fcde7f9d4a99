/** A citizen's words on their way into the rulebook: read over, seen as lines of the file, tried, and only then written. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { BotCatalogue, RulebookChange, RulebookReview } from '../../../src/operator-api.types.ts'
import type { Language } from '../../../src/core/model.ts'
import { plainly } from '../act.ts'
import { post } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { useToast } from '../ui/toast.tsx'
import { useSpeech } from '../words.ts'
import { DiffView } from './diff-view.tsx'
import { masked } from './mask.ts'
import { type NewAnswer, NewAnswerFields } from './new-answer-fields.tsx'
import { wallNow } from './trial-page.tsx'
import { namerOf, TrialTalk } from './trial-talk.tsx'
import { useTrial } from './use-trial.ts'

/** After the last letter; to look at a change takes the gateway half a second. */
const restMs = 700

/** `target`: the answer or form that gets the words; null: a new one. */
export function TeachDialog({ text, language: spoken, target, catalogue, onClose }: { text: string; language: Language; target: string | null; catalogue: BotCatalogue; onClose(): void }) {
  const { words, language: reader } = useSpeech()
  const say = words.settings.teach
  const toast = useToast()
  const queries = useQueryClient()
  const [mask] = useState(() => masked(text))
  const [phrase, setPhrase] = useState(mask.text.slice(0, 300))
  const language = catalogue.languages.find((one) => one.language === spoken)?.language ?? catalogue.languages[0]?.language ?? 'pt'
  const [draft, setDraft] = useState<NewAnswer>({ file: catalogue.files[0] ?? '', topic: '', department: '', keywords: '', question: {}, say: {} })
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const [trying, setTrying] = useState(false)

  const change = changeOf(target, language, phrase, draft)
  const wanted = JSON.stringify(change)
  const [settled, setSettled] = useState(wanted)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(wanted), restMs)
    return () => window.clearTimeout(timer)
  }, [wanted])
  const review = useQuery({
    queryKey: ['bot', 'review', settled],
    queryFn: () => post<RulebookReview>('/api/admin/bot/review', { change: JSON.parse(settled) as RulebookChange }),
    enabled: settled !== 'null' && settled === wanted,
    gcTime: 0,
    retry: false,
  })
  const seen = settled === wanted ? review.data : undefined
  const isGood = seen !== undefined && seen.failures.length === 0 && seen.problems.every(({ severity }) => severity === 'warning')
  const nameOf = namerOf(catalogue, reader)

  const write = async () => {
    if (!seen || !change || busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      const { file } = await post<{ file: string }>('/api/admin/bot/changes', { change, seen: seen.seen })
      await Promise.all([queries.invalidateQueries({ queryKey: ['bot'] }), queries.invalidateQueries({ queryKey: ['admin', 'misses'] })])
      toast({ text: say.written(file) })
      onClose()
    } catch (error) {
      setProblem(error)
      setBusy(false)
      await review.refetch()
    }
  }

  return (
    <Dialog title={target === null ? say.newTitle : say.title(nameOf(target))} wide onClose={onClose}>
      <div className="form teach">
        {mask.found.length > 0 && (
          <p className="what-to-do" role="status">
            {say.masked(mask.found.map((one) => say.found[one]).join(', '))}
          </p>
        )}
        <Field label={say.phrase} hint={say.phraseHint}>
          {(ids) => <textarea {...ids} rows={2} maxLength={300} value={phrase} onChange={(event) => setPhrase(event.target.value)} />}
        </Field>
        {mask.text !== text.trim() && (
          <details>
            <summary>{say.original}</summary>
            <p>
              <bdi>{text}</bdi>
            </p>
            <Button look="quiet" onClick={() => setPhrase(text.trim().slice(0, 300))}>
              {say.useOriginal}
            </Button>
          </details>
        )}
        {target === null && <NewAnswerFields draft={draft} onChange={setDraft} catalogue={catalogue} language={language} />}
        <section aria-busy={review.isFetching} className="teach-review">
          <h3>{seen ? say.inFile(seen.file) : say.review}</h3>
          {change === null && <p className="quiet">{say.incomplete}</p>}
          {change !== null && !seen && !review.error && <p className="quiet">{say.reviewing}</p>}
          {review.error && settled === wanted && (
            <p className="form-problem" role="alert">
              {plainly(review.error, words)}
            </p>
          )}
          {seen && (
            <>
              <DiffView review={seen} />
              {isGood && <p className="teach-outcome">{seen.then === null ? say.notAtOnce : say.outcome(seen.now === null ? say.nothing : say.named(nameOf(seen.now)), say.named(nameOf(seen.then)))}</p>}
            </>
          )}
        </section>
        {isGood && change && (
          <details className="teach-trial" onToggle={(event) => setTrying(event.currentTarget.open)}>
            <summary>{say.tryIt}</summary>
            {trying && <Trying change={change} catalogue={catalogue} language={language} nameOf={nameOf} />}
          </details>
        )}
        {problem !== undefined && (
          <p className="form-problem" role="alert">
            {plainly(problem, words)}
          </p>
        )}
        <footer className="dialog-foot">
          <Button look="quiet" onClick={onClose}>
            {words.app.cancel}
          </Button>
          <Button look="primary" busy={busy} disabled={!isGood} onClick={() => void write()}>
            {say.write}
          </Button>
        </footer>
      </div>
    </Dialog>
  )
}

function Trying({ change, catalogue, language, nameOf }: { change: RulebookChange; catalogue: BotCatalogue; language: Language; nameOf(ref: string): string }) {
  const [at] = useState(() => wallNow(catalogue.timezone))
  const trial = useTrial({ kind: 'webchat', at, language }, change)
  return <TrialTalk trial={trial} kind="webchat" nameOf={nameOf} />
}

/** null: something is missing still. */
function changeOf(target: string | null, language: Language, phrase: string, draft: NewAnswer): RulebookChange | null {
  const words = phrase.trim()
  if (words.length < 2) return null
  if (target !== null) return { do: 'example', ref: target, language, phrase: words }
  const filled = (texts: NewAnswer['say']) => Object.fromEntries(Object.entries(texts).flatMap(([one, text]) => (text?.trim() ? [[one, text.trim()]] : [])))
  const { file, topic, department } = draft
  const [question, say] = [filled(draft.question), filled(draft.say)]
  if (!file || !question[language] || !say[language]) return null
  const keywords = draft.keywords.split(/[,;]/).map((one) => one.trim()).filter((one) => one !== '')
  return { do: 'answer', file, language, phrase: words, question, say, ...(topic && { topic }), ...(department && { department }), ...(keywords.length > 0 && { keywords }) }
}
