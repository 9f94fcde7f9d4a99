/** Above the list: its name, the search field and the filters; all of it stands in the URL. */

import { useEffect, useMemo, useRef, useState } from 'react'
import type { ConversationFilter } from '../../../src/operator-api.types.ts'
import { type Command, useCommands } from '../commands.ts'
import { conditions, writeFilter } from '../filter.ts'
import { useSavedViews } from '../queries.ts'
import { useNames } from '../session-data.tsx'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useWords } from '../words.ts'
import { FilterDialog } from './filter-dialog.tsx'
import { SaveViewDialog } from './save-view-dialog.tsx'

/** Typing settles this long before the gateway is asked. */
const settleMs = 250

export function FilterBar({
  filter,
  onGo,
  onRefine,
  onNav,
}: {
  filter: ConversationFilter
  onGo(filter: ConversationFilter): void
  onRefine(filter: ConversationFilter): void
  onNav(): void
}) {
  const words = useWords()
  const names = useNames()
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(filter.q ?? '')
  const [dialog, setDialog] = useState<'filters' | 'save'>()
  const set = conditions(filter)
  useEffect(() => setTyped(filter.q ?? ''), [filter.q])

  const latest = useRef({ filter, onRefine })
  latest.current = { filter, onRefine }
  useEffect(() => {
    const now = latest.current
    if (typed.trim() === (now.filter.q ?? '')) return
    const timer = window.setTimeout(() => {
      const { q: _q, ...rest } = latest.current.filter
      // Words are looked for everywhere unless the operator has chosen a place.
      const view = typed.trim() && rest.view === 'mine' ? 'all' : rest.view
      latest.current.onRefine(typed.trim() ? { ...rest, view, q: typed.trim() } : rest)
    }, settleMs)
    return () => window.clearTimeout(timer)
  }, [typed])

  useCommands(
    useMemo<Command[]>(
      () => [
        {
          id: 'search',
          group: 'list',
          label: words.palette.focusSearch,
          keys: '/',
          run: () => {
            field.current?.focus()
            field.current?.select()
          },
        },
        {
          id: 'filters',
          group: 'list',
          label: words.palette.toggleFilters,
          keys: 'f',
          run: () => setDialog('filters'),
        },
        { id: 'save-view', group: 'list', label: words.views.saveView, run: () => setDialog('save') },
      ],
      [words],
    ),
  )

  const saved = useSavedViews().data?.find((view) => writeFilter(view.filter) === writeFilter(filter))
  const title = saved ? saved.name : filter.view === 'department' ? names.department(filter.department ?? null) : words.views[filter.view]
  return (
    <header className="list-head">
      <div className="list-title">
        <span className="list-nav">
          <IconButton icon="menu" label={words.views.expand} onClick={onNav} />
        </span>
        <h1>{title || words.views.department}</h1>
        {(set > 0 || filter.q) && (
          <IconButton icon="bookmark" label={words.views.saveView} onClick={() => setDialog('save')} />
        )}
      </div>
      <div className="list-tools">
        <div className="search-field" role="search">
          <Icon name="search" size={18} />
          <input
            ref={field}
            type="search"
            aria-label={words.filter.search}
            placeholder={words.filter.searchHint}
            value={typed}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') {
                if (typed) setTyped('')
                else field.current?.blur()
              }
            }}
          />
          {typed && (
            <button
              type="button"
              className="search-clear"
              aria-label={words.filter.clear}
              onClick={() => {
                setTyped('')
                field.current?.focus()
              }}
            >
              <Icon name="close" size={16} />
            </button>
          )}
        </div>
        <IconButton
          icon="filter"
          label={words.filter.label(set)}
          badge={set || undefined}
          onClick={() => setDialog('filters')}
        />
      </div>
      {dialog === 'filters' && <FilterDialog filter={filter} onClose={() => setDialog(undefined)} onGo={onGo} />}
      {dialog === 'save' && <SaveViewDialog filter={filter} onClose={() => setDialog(undefined)} />}
    </header>
  )
}
