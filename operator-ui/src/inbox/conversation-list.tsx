/** The list: only the rows in sight exist; it keeps its place while conversations come and go. */

import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ConversationFilter, ConversationSummary } from '../../../src/operator-api.types.ts'
import { type Command, useCommands } from '../commands.ts'
import { wordsOf } from '../fold.ts'
import { useList } from '../queries.ts'
import { preferencesOf, useSession } from '../session-data.tsx'
import { Button } from '../ui/button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { useSpeech } from '../words.ts'
import { BulkBar } from './bulk-bar.tsx'
import { Row } from './row.tsx'
import { useCalmRows } from './use-calm-rows.ts'
import { useSelection } from './use-selection.ts'

const rowHeight = 88
const searchRowHeight = 104
/** So many pages are turned without being asked: words that are nowhere would be looked for in all the years. */
const pagesAtOnce = 5

export function ConversationList({
  filter,
  openId,
  onOpen,
  neighbour,
}: {
  filter: ConversationFilter
  openId: string | undefined
  onOpen(id: string): void
  /** Given by the list: which conversation comes after the open one. */
  neighbour: RefObject<() => string | undefined>
}) {
  const { words, clock } = useSpeech()
  const list = useList(filter)
  const find = useMemo(() => wordsOf(filter.q), [filter.q])
  const calm = preferencesOf(useSession().operator).calm
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const [isUsed, setIsUsed] = useState(false)
  const loaded = useMemo(() => once(list.data?.pages.flatMap((page) => page.rows) ?? []), [list.data])
  const { rows, moved, catchUp } = useCalmRows(loaded, calm && isUsed)
  const selection = useSelection(rows)
  const height = filter.q ? searchRowHeight : rowHeight

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 1,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const turned = list.data?.pages.length ?? 0
  const [allowed, setAllowed] = useState(pagesAtOnce)
  const goOn = () => setAllowed(turned + pagesAtOnce)
  const wantsMore = hasNextPage && lastShown >= rows.length - 12
  useEffect(() => {
    if (wantsMore && turned < allowed && !isFetchingNextPage) void fetchNextPage()
  }, [wantsMore, turned, allowed, isFetchingNextPage, fetchNextPage])
  const readSince = list.data?.pages.at(-1)?.readSince
  const hasStopped = wantsMore && turned >= allowed

  const openIndex = rows.findIndex((row) => row.id === openId)
  // What was just closed may have left the list: the next one now stands where it stood.
  const place = useRef(0)
  if (openIndex >= 0) place.current = openIndex
  const current = Math.max(0, Math.min(active, rows.length - 1))
  const moveTo = useCallback(
    (index: number, focus: boolean) => {
      const to = Math.max(0, Math.min(rows.length - 1, index))
      setActive(to)
      virtual.scrollToIndex(to, { align: 'auto' })
      if (focus)
        window.requestAnimationFrame(() =>
          scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus(),
        )
    },
    [rows.length, virtual],
  )
  const step = useCallback(
    (by: number) => {
      const to = place.current + (openIndex >= 0 || by < 0 ? by : 0)
      const row = rows[Math.max(0, Math.min(rows.length - 1, to))]
      if (!row) return
      moveTo(rows.indexOf(row), false)
      onOpen(row.id)
    },
    [rows, openIndex, moveTo, onOpen],
  )

  useEffect(() => {
    neighbour.current = () => (openIndex < 0 ? (rows[place.current] ?? rows.at(-1)) : (rows[openIndex + 1] ?? rows[openIndex - 1]))?.id
  }, [rows, openIndex, neighbour])

  const openRow = rows[openIndex]
  const { toggle } = selection
  useCommands(
    useMemo<Command[]>(
      () => [
        { id: 'next', group: 'list', label: words.action.next, keys: 'j', run: () => step(1) },
        { id: 'previous', group: 'list', label: words.action.previous, keys: 'k', run: () => step(-1) },
        { id: 'top', group: 'list', label: words.action.toTop, keys: 'g g', run: () => moveTo(0, true) },
        ...(openRow
          ? [
              {
                id: 'select',
                group: 'list',
                label: words.palette.selectThis,
                keys: 'x',
                run: () => toggle(openRow.id),
              } as const,
            ]
          : []),
      ],
      [words, step, moveTo, openRow, toggle],
    ),
  )

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 600) / height) - 1)
    const to = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows.length - 1,
    }[event.key]
    const row = rows[current]
    if (to !== undefined) moveTo(to, true)
    else if (event.key === 'Enter' && row) onOpen(row.id)
    else if (event.key === ' ' && row) toggle(row.id)
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) selection.all()
    else if (event.key === 'Escape' && selection.ids.size > 0) selection.none()
    else return
    event.preventDefault()
  }

  if (list.isPending) return <Loading />
  if (list.error && rows.length === 0)
    return <Failed problem={list.error} title={words.list.failedToLoad} onRetry={() => void list.refetch()} />
  const [title, text] = filter.q
    ? words.list.empty.search
    : filter.view === 'mine'
      ? words.list.empty.mine
      : filter.view === 'waiting'
        ? words.list.empty.waiting
        : words.list.empty.other
  return (
    <>
      {selection.ids.size > 0 && (
        <BulkBar rows={rows.filter((row) => selection.ids.has(row.id))} onAll={selection.all} onDone={selection.none} />
      )}
      {moved > 0 && (
        <button type="button" className="moved" onClick={catchUp}>
          {words.list.moved(moved)}
        </button>
      )}
      {rows.length === 0 && hasNextPage && !hasStopped && <Loading />}
      {hasStopped && readSince && (
        <div className="looked" role="status">
          <p>
            {rows.length === 0 && <b>{words.list.nothingYet} </b>}
            {words.list.lookedSince(clock.moment(readSince))}
          </p>
          <Button look="quiet" icon="search" onClick={goOn}>
            {words.list.lookFurther}
          </Button>
        </div>
      )}
      {rows.length === 0 && !hasNextPage && <Empty icon={filter.q ? 'search' : 'check'} title={title ?? ''} text={text ?? ''} />}
      <p className="visually-hidden" role="status">
        {words.list.results(rows.length, hasNextPage)}
      </p>
      <div
        ref={scroller}
        className="list-scroll"
        onScroll={goOn}
        onPointerEnter={() => setIsUsed(true)}
        onPointerLeave={() => setIsUsed(false)}
        onFocus={() => setIsUsed(true)}
        onBlur={() => setIsUsed(false)}
      >
        {rows.length > 0 && (
          <div
            role="listbox"
            aria-label={words.list.label}
            aria-multiselectable="true"
            aria-busy={isFetchingNextPage}
            className="list-rows"
            style={{ height: virtual.getTotalSize() }}
            onKeyDown={onKeyDown}
          >
            {items.map((item) => {
              const row = rows[item.index]
              if (!row) return null
              return (
                <Row
                  key={row.id}
                  row={row}
                  index={item.index}
                  count={hasNextPage ? -1 : rows.length}
                  start={item.start}
                  height={height}
                  view={filter.view}
                  find={find}
                  isOpen={row.id === openId}
                  isActive={item.index === current}
                  isSelected={selection.ids.has(row.id)}
                  isSelecting={selection.ids.size > 0}
                  onOpen={onOpen}
                  onSelect={selection.click}
                  onActive={setActive}
                />
              )
            })}
          </div>
        )}
      </div>
    </>
  )
}

/** What is found by words can come again further down, by older words. */
function once(rows: ConversationSummary[]): ConversationSummary[] {
  const known = new Set<string>()
  return rows.filter(({ id }) => !known.has(id) && known.add(id))
}
