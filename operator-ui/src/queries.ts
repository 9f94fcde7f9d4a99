/** What the page reads from the gateway, and under which key it is kept. */

import { type QueryClient, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type {
  ConversationDetail,
  ConversationFilter,
  ConversationSummary,
  Counts,
  Page,
  QuickAnswer,
  SavedView,
  Session,
} from '../../src/operator-api.types.ts'
import { get } from './api.ts'
import { asked, writeFilter } from './filter.ts'
import { freshest } from './live/freshest.ts'

export const keys = {
  session: ['session'] as const,
  counts: ['counts'] as const,
  lists: ['conversations'] as const,
  list: (filter: ConversationFilter) => ['conversations', writeFilter(filter)] as const,
  conversation: (id: string) => ['conversation', id] as const,
  timeline: (id: string) => ['timeline', id] as const,
  savedViews: ['saved-views'] as const,
  quickAnswers: ['quick-answers'] as const,
}

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: ({ signal }) => get<Session>('/api/session', signal),
  staleTime: Infinity,
})

export const useCounts = () =>
  useQuery({
    queryKey: keys.counts,
    queryFn: ({ signal }) => get<Counts>('/api/counts', signal),
    staleTime: 30_000,
    // A deadline passes without anybody doing anything.
    refetchInterval: 60_000,
  })

export function useList(filter: ConversationFilter) {
  return useInfiniteQuery({
    queryKey: keys.list(filter),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const query = asked(filter)
      if (pageParam) query.set('cursor', pageParam)
      const page = await get<Page<ConversationSummary>>(`/api/conversations?${query}`, signal)
      return { ...page, rows: page.rows.map(freshest) }
    },
    getNextPageParam: (page) => page.next,
    staleTime: 60_000,
  })
}

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: keys.conversation(id),
    queryFn: async ({ signal }) => {
      const detail = await get<ConversationDetail>(`/api/conversations/${encodeURIComponent(id)}`, signal)
      return { ...detail, ...freshest(detail) }
    },
    // Opened a moment ago, and `live` keeps it fresh.
    staleTime: 20_000,
  })

export const useConversation = (id: string) => useQuery(conversationQuery(id))

export const useSavedViews = () =>
  useQuery({
    queryKey: keys.savedViews,
    queryFn: ({ signal }) => get<SavedView[]>('/api/saved-views', signal),
    staleTime: 300_000,
  })

export const useQuickAnswers = () =>
  useQuery({
    queryKey: keys.quickAnswers,
    queryFn: ({ signal }) => get<QuickAnswer[]>('/api/quick-answers', signal),
    staleTime: 300_000,
  })

const listed = (client: QueryClient): ConversationSummary[] =>
  client
    .getQueriesData<{ pages: Page<ConversationSummary>[] }>({ queryKey: keys.lists })
    .flatMap(([, list]) => list?.pages ?? [])
    .flatMap(({ rows }) => rows)

/** The summary as some list has it, so that a conversation opens with its name before its answer comes. */
export const knownSummary = (client: QueryClient, id: string): ConversationSummary | undefined => listed(client).find((row) => row.id === id)

/** Tags that some list shows, so that nobody writes «obra» where the colleagues write «obras». */
export const tagsSeen = (client: QueryClient, own: readonly string[] = []): string[] =>
  [...new Set([...own, ...listed(client).flatMap(({ tags }) => tags)])].sort((a, b) => a.localeCompare(b))
