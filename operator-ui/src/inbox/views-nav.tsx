/** Where to look: the views with their counts, the departments, and the views that people saved. */

import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import type { ConversationFilter, ViewName } from '../../../src/operator-api.types.ts'
import { plainly } from '../act.ts'
import { remove } from '../api.ts'
import { writeFilter } from '../filter.ts'
import { keys, useCounts, useSavedViews } from '../queries.ts'
import { hasDeadlines, useSession } from '../session-data.tsx'
import { IconButton } from '../ui/button.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { useToast } from '../ui/toast.tsx'
import { inLanguage, useSpeech } from '../words.ts'

const shown: {
  view: Exclude<ViewName, 'department'>
  icon: IconName
  count?: 'mine' | 'mentions' | 'waiting' | 'unanswered' | 'bot' | 'snoozed' | 'problems' | 'late'
  loud?: true
}[] = [
  { view: 'mine', icon: 'user', count: 'mine', loud: true },
  { view: 'waiting', icon: 'clock', count: 'waiting', loud: true },
  { view: 'unanswered', icon: 'question', count: 'unanswered' },
  { view: 'due', icon: 'alarm', count: 'late', loud: true },
  { view: 'mentions', icon: 'at', count: 'mentions', loud: true },
  { view: 'bot', icon: 'bot', count: 'bot' },
  { view: 'snoozed', icon: 'snooze', count: 'snoozed' },
  { view: 'problems', icon: 'alert', count: 'problems', loud: true },
  { view: 'all', icon: 'all' },
  { view: 'closed', icon: 'archive' },
]

export function ViewsNav({
  filter,
  onGo,
  isOpen,
  onClose,
  children,
}: {
  filter: ConversationFilter
  onGo(filter: ConversationFilter): void
  isOpen: boolean
  onClose(): void
  children: ReactNode
}) {
  const { words, language } = useSpeech()
  const session = useSession()
  const client = useQueryClient()
  const toast = useToast()
  const counts = useCounts().data
  const saved = useSavedViews().data ?? []
  const current = writeFilter(filter)
  const panel = useRef<HTMLElement>(null)
  const isSaved = saved.some((view) => writeFilter(view.filter) === current)

  useEffect(() => {
    if (!isOpen) return
    panel.current?.querySelector<HTMLElement>('[aria-current]')?.focus()
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onClose()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [isOpen, onClose])

  const drop = (id: string) =>
    remove(`/api/saved-views/${encodeURIComponent(id)}`)
      .then(() => client.invalidateQueries({ queryKey: keys.savedViews }))
      .catch((problem: unknown) => toast({ text: plainly(problem, words), kind: 'bad' }))

  return (
    <>
      <nav ref={panel} className="views" aria-label={words.views.label}>
        <div className="views-head">
          <img src="/inbox/icon.svg" alt="" width="28" height="28" />
          <span>
            <strong>{words.app.name}</strong>
            <small>{session.municipality.name}</small>
          </span>
          <span className="views-close">
            <IconButton icon="close" label={words.app.close} onClick={onClose} />
          </span>
        </div>
        <div className="views-scroll">
          <ul>
            {shown.filter(({ view }) => view !== 'due' || hasDeadlines(session)).map(({ view, icon, count, loud }) => {
              const number = count ? counts?.[count] : undefined
              return (
                <li key={view}>
                  <Entry
                    icon={icon}
                    label={words.views[view]}
                    count={number}
                    countLabel={number === undefined ? '' : view === 'due' ? words.views.late(number) : words.views.count(number)}
                    loud={loud && view !== 'problems' && view !== 'due'}
                    bad={view === 'problems' || view === 'due'}
                    current={filter.view === view && !isSaved}
                    onClick={() => onGo({ view })}
                  />
                </li>
              )
            })}
          </ul>
          <h2>{words.views.departments}</h2>
          <ul>
            {session.departments.map((department) => {
              const count = counts?.departments[department.id]
              return (
                <li key={department.id}>
                  <Entry
                    label={inLanguage(department.name, language)}
                    note={department.open ? undefined : words.views.closedNow}
                    count={count?.waiting ? undefined : count?.open}
                    countLabel={count ? words.views.departmentCount(count.open, count.waiting) : ''}
                    waiting={count?.waiting}
                    current={filter.view === 'department' && filter.department === department.id && !isSaved}
                    onClick={() => onGo({ view: 'department', department: department.id })}
                  />
                </li>
              )
            })}
          </ul>
          {saved.length > 0 && <h2>{words.views.saved}</h2>}
          <ul>
            {saved.map((view) => (
              <li key={view.id} className="saved-view">
                <Entry
                  icon="bookmark"
                  label={view.name}
                  note={view.shared ? words.views.shared : undefined}
                  countLabel=""
                  current={writeFilter(view.filter) === current}
                  onClick={() => onGo(view.filter)}
                />
                {view.mine && (
                  <IconButton
                    icon="trash"
                    label={`${words.views.deleteView}: ${view.name}`}
                    onClick={() => void drop(view.id)}
                  />
                )}
              </li>
            ))}
          </ul>
        </div>
        {children}
      </nav>
      {isOpen && <div className="views-shade" onClick={onClose} aria-hidden="true" />}
    </>
  )
}

function Entry({
  icon,
  label,
  note,
  count,
  countLabel,
  waiting,
  loud,
  bad,
  current,
  onClick,
}: {
  icon?: IconName
  label: string
  note?: string | undefined
  count?: number | undefined
  countLabel: string
  waiting?: number | undefined
  loud?: boolean | undefined
  bad?: boolean
  current: boolean
  onClick(): void
}) {
  return (
    <button
      type="button"
      className="view"
      data-plain={icon === undefined}
      aria-current={current ? 'page' : undefined}
      aria-description={countLabel || undefined}
      onClick={onClick}
      title={label}
    >
      {icon && <Icon name={icon} />}
      <span className="view-label">
        <span className="view-name">{label}</span>
        {note && <small>{note}</small>}
      </span>
      {waiting ? <span className="view-waiting">{waiting}</span> : null}
      {count ? (
        <span className="view-count" data-loud={loud} data-bad={bad}>
          {count > 999 ? '999+' : count}
        </span>
      ) : null}
    </button>
  )
}
