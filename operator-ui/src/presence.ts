/** Who is where: told by us while we look and write, and believed of others only as long as they say it again. */

import { useSyncExternalStore } from 'react'
import type { LiveEvent } from '../../src/operator-api.types.ts'
import { put, remove } from './api.ts'
import { useNow } from './ui/use-now.ts'

type Told = Extract<LiveEvent, { type: 'presence' }>
export type Presence = Pick<Told, 'present' | 'citizenTyping'>

/** They say it every ten seconds. */
const believedMs = 25_000
const typingMs = 6000
let typedAt = 0

const heard = new Map<string, Told & { heardAt: number }>()
const watchers = new Set<() => void>()

export function hearPresence(told: Told): void {
  if (told.present.length === 0 && !told.citizenTyping) heard.delete(told.conversationId)
  else heard.set(told.conversationId, { ...told, heardAt: Date.now() })
  for (const watch of watchers) watch()
}

/** Their words are there: they are not written any more. */
export function hearWords(id: string): void {
  const told = heard.get(id)
  if (told?.citizenTyping) hearPresence({ ...told, citizenTyping: false })
}

const subscribe = (watch: () => void) => {
  watchers.add(watch)
  return () => {
    watchers.delete(watch)
  }
}

export function usePresence(id: string): Presence | undefined {
  const told = useSyncExternalStore(subscribe, () => heard.get(id))
  const now = useNow(3000)
  if (!told || now - told.heardAt > believedMs) return undefined
  const isWriting = now - told.heardAt < typingMs + 1000
  return {
    present: told.present.map((one) => ({ ...one, typing: one.typing && isWriting })),
    citizenTyping: told.citizenTyping && isWriting,
  }
}

const path = (id: string) => `/api/conversations/${encodeURIComponent(id)}/presence`

export function tellHere(id: string): void {
  // Saying "here" would say "no longer writing".
  if (document.visibilityState !== 'visible' || Date.now() - typedAt < typingMs) return
  put(path(id), { writing: false }).catch(() => {
    /* said again soon */
  })
}

export function tellWriting(id: string, kind: 'reply' | 'note'): void {
  if (Date.now() - typedAt < typingMs - 2000) return
  typedAt = Date.now()
  put(path(id), { writing: kind }).catch(() => {
    /* a courtesy, nothing more */
  })
}

/** Sent, or thought better of: nobody is kept waiting for words that do not come. */
export function tellWritten(id: string): void {
  if (typedAt === 0) return
  typedAt = 0
  tellHere(id)
}

export function tellGone(id: string): void {
  typedAt = 0
  remove(path(id)).catch(() => {
    /* forgotten by itself */
  })
}
