/** Ready texts of the town and of each department. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { QuickAnswer } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { remove } from '../api.ts'
import { keys, useQuickAnswers } from '../queries.ts'
import { useNames, useSession } from '../session-data.tsx'
import { useAsk } from '../ui/ask.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'
import { useWords } from '../words.ts'
import { QuickAnswerForm } from './quick-answer-form.tsx'

export function QuickAnswersPage() {
  const words = useWords()
  const names = useNames()
  const client = useQueryClient()
  const ask = useAsk()
  const toast = useToast()
  const say = words.settings.quick
  const { operator } = useSession()
  const answers = useQuickAnswers()
  const [edited, setEdited] = useState<QuickAnswer | 'new'>()
  /** As the gateway has it: a department's own are its people's affair, those for all an admin's or a supervisor's. */
  const mayKeep = ({ departmentId }: QuickAnswer) =>
    operator.role === 'admin' ||
    (departmentId === null ? operator.role === 'supervisor' : operator.departments.includes(departmentId))
  const refresh = () => void client.invalidateQueries({ queryKey: keys.quickAnswers })
  const drop = useMutation({
    mutationFn: (id: string) => remove(`/api/quick-answers/${encodeURIComponent(id)}`),
    onSuccess: refresh,
    onError: (problem) => toast({ text: plainly(problem, words), kind: 'bad' }),
  })
  const dropAsked = async (answer: QuickAnswer) => {
    if (await ask({ title: words.app.remove, text: say.remove(answer.title), yes: words.app.remove, danger: true }))
      drop.mutate(answer.id)
  }
  if (answers.isPending) return <Loading />
  if (answers.error) return <Failed problem={answers.error} onRetry={() => void answers.refetch()} />
  return (
    <>
      <p className="intro">{say.intro}</p>
      <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
        {say.add}
      </Button>
      {answers.data.length === 0 && <Empty icon="bolt" title={words.composer.emptyAnswers} />}
      <ul className="cards list">
        {answers.data.map((answer) => (
          <li key={answer.id} className="card quick">
            <span className="quick-what">
              <b>
                <kbd>/{answer.shortcut}</kbd> {answer.title}
              </b>
              <span className="quick-text">{answer.text}</span>
              <span>
                <span className="tag">
                  {answer.departmentId ? names.department(answer.departmentId) : say.everyone}
                </span>{' '}
                <span className="tag">{words.languageName[answer.language]}</span>{' '}
                {answer.attachments.map(({ source, name }) => (
                  <span key={source} className="tag">
                    {name}
                  </span>
                ))}
              </span>
            </span>
            {mayKeep(answer) && (
              <>
                <IconButton icon="edit" label={`${words.app.edit}: ${answer.title}`} onClick={() => setEdited(answer)} />
                <IconButton
                  icon="trash"
                  label={`${words.app.remove}: ${answer.title}`}
                  onClick={() => void dropAsked(answer)}
                />
              </>
            )}
          </li>
        ))}
      </ul>
      {edited && (
        <QuickAnswerForm
          answer={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
          onSaved={() => {
            setEdited(undefined)
            refresh()
          }}
        />
      )}
    </>
  )
}
