/** The line of time as rows to show: days, what is unread, the assistant's part folded, neighbours grouped. Pure. */

import type { ActivityView, MessageView, TimelineEntry } from '../../../src/operator-api.types.ts'
import { keyOf } from '../timeline.ts'
import { senderNotes } from './distrust.ts'

export type ThreadRow =
  | { type: 'start'; key: string }
  | { type: 'day'; key: string; at: string }
  | { type: 'unread'; key: string }
  | { type: 'fold'; key: string; count: number; open: boolean }
  | { type: 'message'; key: string; message: MessageView; isFollowing: boolean }
  | { type: 'activity'; key: string; activity: ActivityView }

/** A fold that spares less than this only hides things. */
const worthFolding = 4
/** Words of one sender within this time stand together. */
const togetherMs = 5 * 60_000

export interface RowOptions {
  dayKey(iso: string): string
  /** First unread message of the citizen, as it was when the conversation was opened. */
  unreadAfter: number | null
  hasEarlier: boolean
  isBotActive: boolean
  opened: ReadonlySet<string>
}

export function threadRows(entries: TimelineEntry[], options: RowOptions): ThreadRow[] {
  const folds = foldsOf(entries, options.isBotActive)
  const rows: ThreadRow[] = options.hasEarlier ? [] : [{ type: 'start', key: 'start' }]
  let day = ''
  let last: MessageView | undefined
  let unreadShown = options.unreadAfter === null
  for (const [index, entry] of entries.entries()) {
    const fold = folds.get(index)
    if (fold?.isFirst)
      rows.push({ type: 'fold', key: `fold-${fold.id}`, count: fold.count, open: options.opened.has(fold.id) })
    if (fold && !options.opened.has(fold.id)) {
      last = undefined
      continue
    }
    const entryDay = options.dayKey(entry.at)
    if (entryDay !== day) {
      rows.push({ type: 'day', key: `day-${entryDay}-${keyOf(entry)}`, at: entry.at })
      day = entryDay
      last = undefined
    }
    if (
      !unreadShown &&
      entry.type === 'message' &&
      entry.direction === 'in' &&
      entry.seq > (options.unreadAfter ?? 0)
    ) {
      rows.push({ type: 'unread', key: 'unread' })
      unreadShown = true
      last = undefined
    }
    if (entry.type === 'activity') {
      rows.push({ type: 'activity', key: keyOf(entry), activity: entry })
      last = undefined
    } else {
      rows.push({
        type: 'message',
        key: keyOf(entry),
        message: entry,
        isFollowing: last !== undefined && together(last, entry),
      })
      last = entry
    }
  }
  return rows
}

function together(a: MessageView, b: MessageView): boolean {
  return (
    a.author === b.author &&
    a.operatorId === b.operatorId &&
    a.direction === b.direction &&
    a.channelId === b.channelId &&
    a.threadId === b.threadId &&
    JSON.stringify(senderNotes(a.trust)) === JSON.stringify(senderNotes(b.trust)) &&
    Date.parse(b.at) - Date.parse(a.at) < togetherMs
  )
}

interface Fold {
  id: string
  isFirst: boolean
  count: number
}

/** Talk between citizen and assistant that ended in a hand-off, index by index. */
function foldsOf(entries: TimelineEntry[], isBotActive: boolean): Map<number, Fold> {
  const folds = new Map<number, Fold>()
  let run: number[] = []
  const settle = () => {
    const messages = run.filter((index) => entries[index]?.type === 'message')
    const hasBot = messages.some((index) => {
      const entry = entries[index]
      return entry?.type === 'message' && entry.author === 'bot'
    })
    const first = run[0]
    const id = first === undefined ? undefined : keyOf(entries[first]!)
    if (hasBot && id && messages.length >= worthFolding) {
      for (const index of run) folds.set(index, { id, isFirst: index === first, count: messages.length })
    }
    run = []
  }
  for (const [index, entry] of entries.entries()) {
    if (entry.type === 'activity' && (entry.what === 'hand-off' || entry.what === 'assign')) settle()
    else if (entry.type === 'activity' && endsRun.has(entry.what)) run = []
    else if (entry.type === 'message' && (entry.author === 'operator' || entry.direction === 'note')) run = []
    else run.push(index)
  }
  // What the assistant is doing now is not folded away.
  if (!isBotActive && entries.some((entry) => entry.type === 'activity' && entry.what === 'close')) settle()
  return folds
}

const endsRun = new Set(['reopen', 'hand-back', 'move', 'citizen-returned'])
