/** A list's filter as it stands in the URL, and whether a conversation belongs to it. */

import type { ConversationFilter, ConversationSummary, ViewName } from '../../src/operator-api.types.ts'

export const views = [
  'mine',
  'mentions',
  'due',
  'waiting',
  'unanswered',
  'bot',
  'snoozed',
  'problems',
  'all',
  'closed',
  'department',
] as const satisfies readonly ViewName[]

const priorities = ['low', 'normal', 'high', 'urgent'] as const
const languages = ['pt', 'en', 'es', 'fr'] as const

/** What is not understood is left out: a link from yesterday still opens. */
export function readFilter(search: string): ConversationFilter {
  const query = new URLSearchParams(search)
  const view = views.find((name) => name === query.get('view')) ?? 'mine'
  const filter: ConversationFilter = { view }
  for (const key of ['department', 'channel', 'tag', 'from', 'to', 'q'] as const) {
    const value = query.get(key)
    if (value) filter[key] = value
  }
  const priority = priorities.find((name) => name === query.get('priority'))
  if (priority) filter.priority = priority
  const language = languages.find((name) => name === query.get('language'))
  if (language) filter.language = language
  if (query.get('failed')) filter.failed = true
  if (query.get('unread')) filter.unread = true
  return filter
}

/** The same conditions give the same words, in whatever order they were kept. */
export function writeFilter({ view, ...conditions }: ConversationFilter): string {
  const query = new URLSearchParams({ view })
  for (const [key, value] of Object.entries(conditions).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === true) query.set(key, '1')
    else if (value) query.set(key, String(value))
  }
  return query.toString()
}

/** How many conditions are set beside the view and the words looked for. */
export function conditions(filter: ConversationFilter): number {
  const { view: _view, q: _q, ...rest } = filter
  if (filter.view === 'department') delete rest.department
  return Object.values(rest).filter(Boolean).length
}

/** As the gateway is asked: its end of a span is the first moment outside, ours the last day inside. */
export function asked(filter: ConversationFilter): URLSearchParams {
  const query = new URLSearchParams(writeFilter(filter))
  if (filter.to) query.set('to', new Date(Date.parse(filter.to) + 86_400_000).toISOString().slice(0, 10))
  return query
}

/** undefined: only the gateway can say (a search, the mentions). */
export function belongs(filter: ConversationFilter, summary: ConversationSummary, me: string): boolean | undefined {
  if (filter.q || filter.view === 'mentions') return undefined
  return (
    inView(filter, summary, me) &&
    (!filter.department || summary.departmentId === filter.department) &&
    (!filter.channel || summary.channelId === filter.channel) &&
    (!filter.tag || summary.tags.includes(filter.tag)) &&
    (!filter.language || summary.language === filter.language) &&
    (!filter.priority || summary.priority === filter.priority) &&
    (!filter.failed || summary.failedDeliveries > 0) &&
    (!filter.unread || summary.readSeq < summary.lastInboundSeq) &&
    (!filter.from || summary.lastMessageAt >= filter.from) &&
    (!filter.to || summary.lastMessageAt.slice(0, 10) <= filter.to)
  )
}

function inView(filter: ConversationFilter, summary: ConversationSummary, me: string): boolean {
  switch (filter.view) {
    case 'mine':
      return summary.operatorId === me && summary.state === 'assigned'
    case 'waiting':
      return summary.state === 'waiting'
    case 'bot':
      return summary.state === 'bot'
    case 'snoozed':
      return summary.state === 'snoozed'
    case 'closed':
      return summary.state === 'closed'
    case 'problems':
      return summary.failedDeliveries > 0
    case 'unanswered':
      return summary.unanswered && (summary.state === 'waiting' || summary.state === 'assigned')
    case 'due':
      return summary.dueAt !== null && (summary.state === 'waiting' || summary.state === 'assigned')
    case 'department':
      return summary.state !== 'closed'
    case 'all':
      return true
    case 'mentions':
      return false
  }
}

/** Negative: a comes first. The same order that the gateway pages in. */
export function before(filter: ConversationFilter, a: ConversationSummary, b: ConversationSummary): number {
  if (filter.view === 'waiting') return (a.waitingSince ?? '').localeCompare(b.waitingSince ?? '')
  if (filter.view === 'due') return (a.dueAt ?? '').localeCompare(b.dueAt ?? '')
  if (filter.view === 'unanswered') return a.lastMessageAt.localeCompare(b.lastMessageAt)
  if (filter.view === 'closed') return (b.closedAt ?? '').localeCompare(a.closedAt ?? '')
  if (filter.view === 'snoozed') return (a.wakeAt ?? '').localeCompare(b.wakeAt ?? '')
  return b.lastMessageAt.localeCompare(a.lastMessageAt)
}
