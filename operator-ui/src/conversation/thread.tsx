/** The messages of all channels in one line of time; only those in sight exist. Stays where it is read, or at the end. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ConversationDetail } from '../../../src/operator-api.types.ts'
import { type Command, useCommands } from '../commands.ts'
import { wordsOf } from '../fold.ts'
import { type GivenBack, useAllPending } from '../pending.ts'
import { fetchEarlier, refreshStretch, timelineQuery } from '../timeline.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { useSpeech } from '../words.ts'
import { Activity } from './activity.tsx'
import { Message } from './message.tsx'
import { PendingMessage } from './pending-message.tsx'
import { threadRows } from './rows.ts'
import { useRead } from './use-read.ts'

/** Nearer to the end than this counts as being there: a new message is then followed. */
const nearEnd = 80

export function Thread({
  conversation,
  q,
  onTakenBack,
  onOpen,
}: {
  conversation: ConversationDetail
  q: string | undefined
  onTakenBack(given: GivenBack): void
  onOpen(id: string | undefined): void
}) {
  const { words, clock } = useSpeech()
  const client = useQueryClient()
  const { id } = conversation
  const timeline = useQuery(timelineQuery(client, id))
  const thread = timeline.data
  const scroller = useRef<HTMLDivElement>(null)
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  // As it was when the conversation was opened: the line does not move while reading.
  const [unreadAfter] = useState(conversation.readSeq < conversation.lastInboundSeq ? conversation.readSeq : null)
  const [isAtEnd, setAtEnd] = useState(true)
  const [seenSeq, setSeenSeq] = useState(0)
  const find = useMemo(() => wordsOf(q), [q])

  const rows = useMemo(
    () =>
      threadRows(thread?.entries ?? [], {
        dayKey: clock.dayKey,
        unreadAfter,
        hasEarlier: thread?.earlier !== null,
        isBotActive: conversation.state === 'bot',
        opened,
      }),
    [thread, clock, unreadAfter, conversation.state, opened],
  )
  const all = useAllPending()
  const pendings = useMemo(() => {
    const arrived = new Set(thread?.entries.map((entry) => (entry.type === 'message' ? entry.clientId : null)))
    return all.filter((one) => one.conversationId === id && !arrived.has(one.clientId))
  }, [all, thread, id])

  const virtual = useVirtualizer({
    count: rows.length + pendings.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) =>
      ({ day: 44, start: 60, unread: 40, fold: 52, activity: 36, message: 84 })[rows[index]?.type ?? 'message'],
    getItemKey: (index) => rows[index]?.key ?? pendings[index - rows.length]?.clientId ?? index,
    overscan: 2,
    paddingStart: 8,
    paddingEnd: 12,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: nearEnd,
    useAnimationFrameWithResizeObserver: false,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const lastSeq = thread?.lastSeq ?? 0

  const toEnd = useCallback(() => virtual.scrollToEnd(), [virtual])
  const placed = useRef(false)
  useEffect(() => {
    if (placed.current || rows.length === 0) return
    placed.current = true
    const unread = rows.findIndex((row) => row.type === 'unread')
    if (unread > 0) virtual.scrollToIndex(unread, { align: 'start' })
    else virtual.scrollToEnd()
  }, [rows, virtual])

  const onScroll = () => {
    const element = scroller.current
    if (element) setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd)
  }
  // The composer grows, a banner comes: who reads the end goes on reading the end.
  const wasAtEnd = useRef(true)
  wasAtEnd.current = isAtEnd
  const isShown = thread !== undefined
  useEffect(() => {
    const element = scroller.current
    if (!element || !isShown) return
    const watch = new ResizeObserver(() => {
      if (wasAtEnd.current && placed.current) virtual.scrollToEnd()
    })
    watch.observe(element)
    return () => watch.disconnect()
  }, [virtual, isShown])
  useEffect(() => {
    if (isAtEnd) setSeenSeq(lastSeq)
  }, [isAtEnd, lastSeq])
  useRead(conversation, lastSeq, isAtEnd)

  const hasEarlier = thread?.earlier != null
  useEffect(() => {
    if (first < 8 && hasEarlier && placed.current) void fetchEarlier(client, id)
  }, [first, hasEarlier, client, id, thread])
  // What was read at an earlier version is read again once somebody looks at it.
  useEffect(() => {
    if (!thread) return
    const inSight = new Set(rows.slice(first, last + 1).map((row) => row.key))
    const stale = thread.stretches.find(
      (stretch) =>
        stretch.before !== null && stretch.version < thread.version && stretch.ids.some((key) => inSight.has(key)),
    )
    if (!stale) return
    const timer = window.setTimeout(() => void refreshStretch(client, id, stale), 200)
    return () => window.clearTimeout(timer)
  }, [thread, rows, first, last, client, id])

  const unreadRow = rows.findIndex((row) => row.type === 'unread')
  const toUnread = useCallback(async () => {
    let now = thread
    while (now?.earlier && !now.entries.some((entry) => entry.type === 'message' && entry.seq <= (unreadAfter ?? 0))) {
      const next = await fetchEarlier(client, id)
      if (!next || next === now) break
      now = next
    }
    window.requestAnimationFrame(() => {
      const row = scroller.current ? virtual.options.count : 0
      for (let index = 0; index < row; index += 1)
        if (virtual.options.getItemKey(index) === 'unread') virtual.scrollToIndex(index, { align: 'start' })
    })
  }, [thread, unreadAfter, client, id, virtual])

  useCommands(
    useMemo<Command[]>(
      () => [
        { id: 'thread-end', group: 'go', label: words.thread.toEnd, keys: 'G', run: toEnd },
        ...(unreadAfter === null
          ? []
          : [
              {
                id: 'thread-unread',
                group: 'go',
                label: words.thread.toUnread,
                keys: 'U',
                run: () => void toUnread(),
              } as const,
            ]),
      ],
      [words, toEnd, toUnread, unreadAfter],
    ),
  )

  if (timeline.isPending)
    return (
      <div className="thread">
        <Loading />
      </div>
    )
  if (timeline.error && !thread)
    return (
      <div className="thread">
        <Failed problem={timeline.error} title={words.thread.failedToLoad} onRetry={() => void timeline.refetch()} />
      </div>
    )
  const newBelow = isAtEnd ? 0 : Math.max(0, lastSeq - seenSeq)
  const isUnreadAbove = unreadAfter !== null && (unreadRow < 0 ? hasEarlier : unreadRow < first)
  return (
    <div className="thread">
      <div
        ref={scroller}
        className="thread-scroll"
        role="log"
        aria-label={words.thread.label}
        aria-live="off"
        tabIndex={0}
        onScroll={onScroll}
      >
        {hasEarlier && <p className="thread-earlier">{words.thread.loadingEarlier}</p>}
        <div className="thread-rows" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]
            const waiting = pendings[item.index - rows.length]
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className="thread-row"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {row?.type === 'start' && (
                  <p className="thread-start">
                    {words.thread.start} · {conversation.reference}
                  </p>
                )}
                {row?.type === 'day' && (
                  <p className="thread-day">
                    <span>{clock.day(row.at)}</span>
                  </p>
                )}
                {row?.type === 'unread' && (
                  <p className="thread-unread">
                    <span>{words.thread.unreadBelow}</span>
                  </p>
                )}
                {row?.type === 'fold' && (
                  <button
                    type="button"
                    className="thread-fold"
                    aria-expanded={row.open}
                    onClick={() => setOpened((now) => toggled(now, row.key.slice('fold-'.length)))}
                  >
                    <Icon name="bot" size={18} />
                    <span>{words.thread.botPart(row.count)}</span>
                    <b>{row.open ? words.thread.hide : words.thread.show}</b>
                  </button>
                )}
                {row?.type === 'activity' && <Activity activity={row.activity} />}
                {row?.type === 'message' && (
                  <Message
                    message={row.message}
                    conversation={conversation}
                    isFollowing={row.isFollowing}
                    find={find}
                    onTakenBack={onTakenBack}
                    onOpen={onOpen}
                  />
                )}
                {waiting && <PendingMessage pending={waiting} conversation={conversation} onGiveBack={onTakenBack} />}
              </div>
            )
          })}
        </div>
        {rows.length <= 1 && pendings.length === 0 && <p className="thread-earlier">{words.thread.empty}</p>}
      </div>
      <Announcer lastSeq={lastSeq} conversation={conversation} />
      <div className="thread-jumps">
        {isUnreadAbove && (
          <Button icon="up" onClick={() => void toUnread()}>
            {words.thread.toUnread}
          </Button>
        )}
        {!isAtEnd && (
          <Button icon="down" onClick={toEnd}>
            {newBelow > 0 ? words.thread.newBelow(newBelow) : words.thread.toEnd}
          </Button>
        )}
      </div>
    </div>
  )
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set)
  if (!next.delete(id)) next.add(id)
  return next
}

/** A screen reader hears that something came, once, however many came; the words are read where they stand. */
function Announcer({ lastSeq, conversation }: { lastSeq: number; conversation: ConversationDetail }) {
  const { words } = useSpeech()
  const heard = useRef(lastSeq)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (heard.current === 0 || lastSeq <= heard.current || conversation.previewBy !== 'citizen') {
      heard.current = lastSeq
      return
    }
    const timer = window.setTimeout(() => {
      heard.current = lastSeq
      setSaid(words.thread.newFrom(conversation.citizen.name ?? words.thread.citizen) + '\u00a0'.repeat(lastSeq % 2))
    }, 600)
    return () => window.clearTimeout(timer)
  }, [lastSeq, conversation.previewBy, conversation.citizen.name, words])
  return (
    <p className="visually-hidden" role="status">
      {said}
    </p>
  )
}
