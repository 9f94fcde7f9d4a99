/** What `live` says, put into what the page already has. */

import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import type {
  ConversationDetail,
  ConversationSummary,
  LiveEvent,
  Page,
  Session,
} from '../../../src/operator-api.types.ts'
import { before, belongs, readFilter } from '../filter.ts'
import { hearPresence } from '../presence.ts'
import { keys } from '../queries.ts'
import { remember } from './freshest.ts'

type List = InfiniteData<Page<ConversationSummary>, string | null>

/** Conversations that are new to us or newer than what we had. */
export function applyConversations(
  client: QueryClient,
  changed: ConversationSummary[],
  hidden: string[],
  me: string,
): ConversationSummary[] {
  const news = new Map<string, ConversationSummary>()
  for (const given of changed) {
    const summary = remember(given)
    if (summary) news.set(summary.id, summary)
  }
  if (news.size === 0 && hidden.length === 0) return []
  patchLists(client, news, new Set(hidden), me)
  for (const summary of news.values()) {
    client.setQueryData<ConversationDetail>(
      keys.conversation(summary.id),
      (detail) => detail && { ...detail, ...summary },
    )
  }
  return [...news.values()]
}

export function patchLists(
  client: QueryClient,
  news: Map<string, ConversationSummary>,
  hidden: Set<string>,
  me: string,
): void {
  for (const [key, list] of client.getQueriesData<List>({ queryKey: keys.lists })) {
    const next = list && patched(list, String(key[1] ?? ''), news, hidden, me)
    if (next && next !== list) client.setQueryData(key, next)
  }
}

export function patched(
  list: List,
  search: string,
  news: Map<string, ConversationSummary>,
  hidden: Set<string>,
  me: string,
): List {
  const filter = readFilter(search)
  const arriving = new Map([...news].filter(([, summary]) => belongs(filter, summary, me) === true))
  let touched = false
  const pages = list.pages.map((page) => {
    if (!page.rows.some((row) => news.has(row.id) || hidden.has(row.id))) return page
    touched = true
    const rows = page.rows.flatMap((row) => {
      if (hidden.has(row.id)) return []
      const summary = news.get(row.id)
      if (!summary) return [row]
      const stays = belongs(filter, summary, me)
      if (stays === false) return []
      // In its old place when the order does not change; else it arrives anew.
      if (stays === true && before(filter, row, summary) !== 0) return []
      arriving.delete(row.id)
      return [row.hit ? { ...summary, hit: row.hit } : summary]
    })
    return { ...page, rows }
  })
  const isLast = list.pages.at(-1)?.next === null
  for (const summary of arriving.values())
    touched = insert(pages, summary, (a, b) => before(filter, a, b), isLast) || touched
  return touched ? { ...list, pages } : list
}

/** False: it belongs further down than what is loaded. */
function insert(
  pages: Page<ConversationSummary>[],
  summary: ConversationSummary,
  order: (a: ConversationSummary, b: ConversationSummary) => number,
  isLast: boolean,
): boolean {
  for (const [index, page] of pages.entries()) {
    const at = page.rows.findIndex((row) => order(summary, row) < 0)
    if (at >= 0) {
      pages[index] = { ...page, rows: page.rows.toSpliced(at, 0, summary) }
      return true
    }
  }
  const last = pages.at(-1)
  if (!last || !isLast) return false
  pages[pages.length - 1] = { ...last, rows: [...last.rows, summary] }
  return true
}

/** The small events; conversations come in batches, see `use-live`. */
export function applyEvent(client: QueryClient, event: LiveEvent): void {
  if (event.type === 'counts') client.setQueryData(keys.counts, event.counts)
  else if (event.type === 'presence') hearPresence(event)
  else if (event.type === 'operators') {
    const presence = new Map(event.operators.map((operator) => [operator.id, operator.presence]))
    patchSession(client, (session) => {
      const operators = session.operators.map((one) => ({ ...one, presence: presence.get(one.id) ?? one.presence }))
      const operator = { ...session.operator, presence: presence.get(session.operator.id) ?? session.operator.presence }
      return { ...session, operators, operator }
    })
  } else if (event.type === 'channels') {
    patchSession(client, (session) => ({ ...session, channels: event.channels }))
  } else if (event.type === 'call') {
    void client.invalidateQueries({ queryKey: ['calls'] })
    client.setQueryData<ConversationDetail>(
      keys.conversation(event.conversationId),
      (detail) =>
        detail && {
          ...detail,
          calls: [...detail.calls.filter((call) => call.id !== event.call.id), event.call],
        },
    )
  }
}

export function patchSession(client: QueryClient, change: (session: Session) => Session): void {
  client.setQueryData<Session>(keys.session, (session) => session && change(session))
}
