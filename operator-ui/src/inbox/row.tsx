/** One conversation in the list: who, where, the last word, how long it waits, and what is wrong with it. */

import { memo, type MouseEvent } from 'react'
import type { ConversationSummary, ViewName } from '../../../src/operator-api.types.ts'
import { called } from '../citizen/called.ts'
import { usePresence } from '../presence.ts'
import { withCover } from '../sensitive.ts'
import { useNames } from '../session-data.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { ChannelMark } from '../ui/channel-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { withoutControls } from '../ui/linkify.ts'
import { Snippet } from '../ui/rich-text.tsx'
import { useNow } from '../ui/use-now.ts'
import { useSpeech, type Words } from '../words.ts'
import { useDue } from '../due.ts'

/** A kind that we cannot show stands in brackets, by the vendor's name of it. */
function shownPreview(preview: string, words: Words): string {
  const kind = /^\[([\w.-]+)\]$/.exec(preview)?.[1]
  return (kind !== undefined && words.thread.unsupportedKinds[kind]) || preview
}

export const Row = memo(function Row({
  row,
  index,
  count,
  start,
  height,
  view,
  find,
  isOpen,
  isActive,
  isSelected,
  isSelecting,
  onOpen,
  onSelect,
  onActive,
}: {
  row: ConversationSummary
  index: number
  count: number
  start: number
  height: number
  view: ViewName
  find: string[] | undefined
  isOpen: boolean
  isActive: boolean
  isSelected: boolean
  isSelecting: boolean
  onOpen(id: string): void
  onSelect(id: string, range: boolean): void
  onActive(index: number): void
}) {
  const { words, clock } = useSpeech()
  const names = useNames()
  const now = useNow()
  const presence = usePresence(row.id)
  const others = presence?.present.filter(({ operatorId }) => !names.isMe(operatorId)) ?? []
  const name = called(row.citizen, words)
  const isUnread = row.readSeq < row.lastInboundSeq
  const isWaiting = row.state === 'waiting' || (row.unanswered && row.state !== 'closed')
  const wait = isWaiting && row.waitingSince ? clock.duration(row.waitingSince, now) : undefined
  const due = useDue(row)
  const isDueShown = due !== undefined && (due.state !== 'far' || view === 'due')
  const dueText = due && (due.state === 'past' ? words.list.late(clock.duration(due.at, now)) : words.list.dueIn(clock.moment(due.at)))
  const by =
    row.previewBy === 'operator'
      ? names.isMe(row.previewOperatorId)
        ? words.list.you
        : row.previewOperatorId
          ? names.operator(row.previewOperatorId).split(' ')[0]
          : words.list.team
      : row.previewBy === 'bot'
        ? words.list.bot
        : row.previewBy === 'system'
          ? words.list.system
          : undefined
  const where = row.topic ? names.topic(row.topic) : names.department(row.departmentId)
  const preview = withCover(
    row.subject && row.channelKind === 'email' ? `${row.subject} — ${row.preview}` : shownPreview(row.preview, words),
  )
  // Whoever looks for a number must see that it was found.
  const snippet = row.hit && (find?.some((word) => /\d/.test(word)) ? row.hit.snippet : withCover(row.hit.snippet))

  const onClick = (event: MouseEvent) => {
    onActive(index)
    if (event.ctrlKey || event.metaKey || event.shiftKey || isSelecting) onSelect(row.id, event.shiftKey)
    else onOpen(row.id)
  }
  // The name is what stands in the row; what is only drawn there is said beside it.
  const drawn = [
    words.state[row.state],
    wait && words.list.waitingFor(wait),
    isDueShown && dueText,
    row.failedDeliveries > 0 && words.list.failed(row.failedDeliveries),
    ...others.map(({ operatorId, typing }) =>
      (typing ? words.list.typing : words.list.viewing)(names.operator(operatorId)),
    ),
  ]
    .filter(Boolean)
    .join(', ')
  const mark = isUnread ? `${names.kind(row.channelKind)}, ${words.list.unread}` : names.kind(row.channelKind)

  return (
    <div
      role="option"
      className="row"
      data-index={index}
      aria-selected={isSelected}
      aria-current={isOpen ? 'true' : undefined}
      aria-description={drawn}
      aria-posinset={index + 1}
      aria-setsize={count}
      tabIndex={isActive ? 0 : -1}
      data-unread={isUnread}
      data-selecting={isSelecting}
      style={{ height, transform: `translateY(${start}px)` }}
      onClick={onClick}
      onFocus={() => onActive(index)}
    >
      <span
        className="row-face"
        onClick={(event) => {
          event.stopPropagation()
          onSelect(row.id, event.shiftKey)
        }}
      >
        <Avatar name={row.citizen.name} id={row.citizen.id} />
        <ChannelMark kind={row.channelKind} size={12} label={mark} />
      </span>
      <bdi className="row-name">{name}</bdi>
      <time className="row-time" dateTime={row.lastMessageAt}>
        {others.length > 0 && <Icon name={others.some(({ typing }) => typing) ? 'edit' : 'eye'} size={14} />}
        {clock.short(row.lastMessageAt)}
      </time>
      <span className="row-preview" data-two={snippet !== undefined} dir="auto">
        {snippet ? (
          <Snippet text={snippet} find={find} />
        ) : (
          <>
            {by && <b>{by}: </b>}
            {preview}
          </>
        )}
      </span>
      <span className="row-marks">
        {wait && (
          <span className="mark-wait" data-late={due?.state === 'past'}>
            <Icon name="clock" size={14} />
            {wait}
          </span>
        )}
        {isDueShown && (
          <span className="mark-due" data-due={due.state}>
            <Icon name="alarm" size={14} />
            {dueText}
          </span>
        )}
        {row.state === 'snoozed' && row.wakeAt && (
          <span className="mark-wait">
            <Icon name="snooze" size={14} />
            {clock.short(row.wakeAt)}
          </span>
        )}
        {row.failedDeliveries > 0 && (
          <span className="mark-bad">
            <Icon name="alert" size={14} />
            {row.failedDeliveries}
          </span>
        )}
        {(row.priority === 'urgent' || row.priority === 'high') && (
          <span className="mark-priority" data-priority={row.priority}>
            <Icon name="flag" size={14} />
            {words.priority[row.priority]}
          </span>
        )}
        {where && <span className="mark-where">{where}</span>}
        {row.operatorId && view !== 'mine' && (
          <span className="mark-owner">
            {names.isMe(row.operatorId) ? words.list.you : names.operator(row.operatorId).split(' ')[0]}
          </span>
        )}
        {row.state === 'closed' && view !== 'closed' && <span className="tag">{words.state.closed}</span>}
        {row.state === 'bot' && view !== 'bot' && (
          <span className="mark-owner">
            <Icon name="bot" size={14} />
          </span>
        )}
        {row.tags.slice(0, 2).map((tag) => (
          <span key={tag} className="tag">
            {withoutControls(tag)}
          </span>
        ))}
        {row.language !== 'pt' && <span className="tag">{row.language.toUpperCase()}</span>}
      </span>
    </div>
  )
})
