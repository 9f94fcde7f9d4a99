/** Who is where: told by us while we look and write, and believed of others only as long as they say it again. */

import { useQuery } from '@tanstack/react-query'
import type { LiveEvent } from '../../src/operator-api.types.ts'
import { put, remove } from './api.ts'
import { keys } from './queries.ts'
import { useNow } from './ui/use-now.ts'

export type Presence = Extract<LiveEvent, { type: 'presence' }> & { heardAt: number }

/** They say it every ten seconds. */
const believedMs = 25_000
const typingMs = 6000
let typedAt = 0

const path = (id: string) => `/api/conversations/${encodeURIComponent(id)}/presence`

export function tellHere(id: string): void {
  // Saying "here" would say "no longer writing".
  if (document.visibilityState !== 'visible' || Date.now() - typedAt < typingMs) return
  put(path(id), { typing: false }).catch(() => {
    /* said again soon */
  })
}

export function tellTyping(id: string): void {
  if (Date.now() - typedAt < typingMs - 2000) return
  typedAt = Date.now()
  put(path(id), { typing: true }).catch(() => {
    /* a courtesy, nothing more */
  })
}

export function tellGone(id: string): void {
  typedAt = 0
  remove(path(id)).catch(() => {
    /* forgotten by itself */
  })
}

export function usePresence(id: string): { present: Presence['present']; citizenTyping: boolean } | undefined {
  const live = useQuery<Presence>({ queryKey: keys.presence(id), enabled: false }).data
  const now = useNow(3000)
  if (!live || now - live.heardAt > believedMs) return undefined
  const isWriting = now - live.heardAt < typingMs + 1000
  return {
    present: live.present.map((one) => ({ ...one, typing: one.typing && isWriting })),
    citizenTyping: live.citizenTyping && isWriting,
  }
}
