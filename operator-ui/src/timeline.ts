/** The line of time of one conversation as far as it has been read: newest part first, earlier parts on demand. */

import { type QueryClient, queryOptions } from '@tanstack/react-query'
import type { Timeline, TimelineEntry } from '../../src/operator-api.types.ts'
import { get } from './api.ts'
import { keys } from './queries.ts'

/** A stretch as one request answered it. A stretch older than the conversation's version is read again once it is seen. */
export interface Stretch {
  before: string | null
  ids: string[]
  version: number
}

export interface Thread {
  entries: TimelineEntry[]
  stretches: Stretch[]
  earlier: string | null
  lastSeq: number
  version: number
}

/** Messages and activities are counted apart by the gateway. */
export const keyOf = (entry: TimelineEntry) => `${entry.type}-${entry.id}`

const pageSize = 50
const atOnce = new Map<string, Promise<Thread | undefined>>()

const read = (id: string, before: string | null, limit = pageSize, signal?: AbortSignal) =>
  get<Timeline>(
    `/api/conversations/${encodeURIComponent(id)}/timeline?limit=${limit}${before ? `&before=${encodeURIComponent(before)}` : ''}`,
    signal,
  )

export const timelineQuery = (client: QueryClient, id: string) =>
  queryOptions({
    queryKey: keys.timeline(id),
    queryFn: async ({ signal }) =>
      withNewest(client.getQueryData<Thread>(keys.timeline(id)), await read(id, null, pageSize, signal)),
    staleTime: 20_000,
    // A long conversation is not worth keeping for long; reading it again costs one request.
    gcTime: 60_000,
    structuralSharing: false,
  })

/** Reads the newest part again; asked for while one is under way, it is read once more afterwards. */
export async function refreshTimeline(client: QueryClient, id: string): Promise<void> {
  await client.cancelQueries({ queryKey: keys.timeline(id) })
  await client.refetchQueries({ queryKey: keys.timeline(id), type: 'active' })
}

export function fetchEarlier(client: QueryClient, id: string): Promise<Thread | undefined> {
  const thread = client.getQueryData<Thread>(keys.timeline(id))
  if (!thread?.earlier) return Promise.resolve(thread)
  return once(`${id} ${thread.earlier}`, async () => {
    const part = await read(id, thread.earlier, 100)
    return client.setQueryData<Thread>(keys.timeline(id), (now) => now && withEarlier(now, thread.earlier, part))
  })
}

/** A stretch that was read at an earlier version: what was edited or delivered since shows once it is in sight. */
export function refreshStretch(client: QueryClient, id: string, stretch: Stretch): Promise<Thread | undefined> {
  return once(`${id} ${stretch.before} ${stretch.version}`, async () => {
    const part = await read(id, stretch.before, Math.min(200, stretch.ids.length))
    return client.setQueryData<Thread>(keys.timeline(id), (now) => now && withEarlier(now, stretch.before, part))
  })
}

function once(name: string, ask: () => Promise<Thread | undefined>): Promise<Thread | undefined> {
  const under = atOnce.get(name)
  if (under) return under
  const asked = ask()
    .catch(() => undefined)
    .finally(() => atOnce.delete(name))
  atOnce.set(name, asked)
  return asked
}

export function withNewest(thread: Thread | undefined, part: Timeline): Thread {
  const ids = part.entries.map(keyOf)
  const fresh: Thread = {
    entries: part.entries,
    earlier: part.earlier,
    lastSeq: part.lastSeq,
    version: part.version,
    stretches: [{ before: null, ids, version: part.version }],
  }
  if (!thread || part.earlier === null) return fresh
  if (part.version < thread.version) return thread
  const known = new Set(ids)
  const overlap = thread.entries.findIndex((entry) => known.has(keyOf(entry)))
  // More has happened than one answer holds: what lies between is read again on the way up.
  if (overlap < 0) return fresh
  const older = thread.entries.slice(0, overlap)
  const rest = new Set(older.map(keyOf))
  const stretches = thread.stretches
    .map((stretch) => ({ ...stretch, ids: stretch.ids.filter((entry) => rest.has(entry)) }))
    .filter((stretch) => stretch.ids.length > 0)
    // What has left the newest part has no request of its own: it is asked for before what follows it.
    .map((stretch) => (stretch.before === null ? { ...stretch, before: part.earlier } : stretch))
  return {
    ...fresh,
    entries: older.length > 0 ? [...older, ...part.entries] : part.entries,
    stretches: [...stretches, ...fresh.stretches],
    earlier: older.length > 0 ? thread.earlier : part.earlier,
  }
}

export function withEarlier(thread: Thread, before: string | null, part: Timeline): Thread {
  const news = new Map(part.entries.map((entry) => [keyOf(entry), entry]))
  const known = new Set(thread.entries.map(keyOf))
  const stretch: Stretch = { before, ids: [...news.keys()], version: part.version }
  const added = part.entries.filter((entry) => !known.has(keyOf(entry)))
  const isEdge = before === thread.earlier
  return {
    ...thread,
    entries: [...(isEdge ? added : []), ...thread.entries.map((entry) => news.get(keyOf(entry)) ?? entry)],
    earlier: isEdge ? part.earlier : thread.earlier,
    stretches: isEdge
      ? [stretch, ...thread.stretches]
      : thread.stretches.map((old) => (old.ids.some((id) => news.has(id)) ? { ...old, version: part.version } : old)),
  }
}
