/** Who has which conversation open and who is writing in it, over all processes. Kept in memory: it may be forgotten. */

import type { Signals } from './core/signals.ts'

export interface Present { operatorId: string; typing: boolean }
/** What somebody is writing. A note is the colleagues' business: the citizen is not told that it is being written. */
export type Writing = 'reply' | 'note' | false

export interface Presence {
  see(conversationId: string, operatorId: string, writing: Writing): Promise<void>
  leave(conversationId: string, operatorId: string): Promise<void>
  of(conversationId: string): Present[]
  /** Told of a citizen that they write; and, once they have written, that they no longer do. */
  citizenWrites(conversationId: string): void
  citizenWrote(conversationId: string): void
  isCitizenWriting(conversationId: string): boolean
}

/** A page says every ten seconds that it is still there; typing ends sooner. */
const presentMs = 25_000
const typingMs = 6_000

export function openPresence(signals: Signals, now: () => Date): Presence {
  const seen = new Map<string, Map<string, { at: number; typingAt: number }>>()
  const citizens = new Map<string, number>()

  signals.subscribe((signal) => {
    if (signal.type !== 'told' || signal.topic !== 'presence') return
    const { conversationId, operatorId, typing, gone } = signal.data as { conversationId: string; operatorId: string; typing: boolean; gone: boolean }
    const here = seen.get(conversationId) ?? new Map<string, { at: number; typingAt: number }>()
    if (gone) here.delete(operatorId)
    else here.set(operatorId, { at: now().getTime(), typingAt: typing ? now().getTime() : 0 })
    if (here.size > 0) seen.set(conversationId, here)
    else seen.delete(conversationId)
  })

  const tell = (data: Record<string, unknown>) => signals.broadcast({ type: 'told', topic: 'presence', data })
  return {
    async see(conversationId, operatorId, writing) {
      await tell({ conversationId, operatorId, typing: writing !== false, gone: false })
      if (writing === 'reply') await signals.broadcast({ type: 'told', topic: 'operator-typing', data: { conversationId } })
    },
    leave: (conversationId, operatorId) => tell({ conversationId, operatorId, typing: false, gone: true }),
    of(conversationId) {
      const at = now().getTime()
      return [...(seen.get(conversationId) ?? [])].filter(([, { at: last }]) => at - last < presentMs)
        .map(([operatorId, { typingAt }]) => ({ operatorId, typing: at - typingAt < typingMs }))
    },
    citizenWrites(conversationId) {
      const at = now().getTime()
      for (const [other, since] of citizens) if (at - since >= typingMs) citizens.delete(other)
      citizens.set(conversationId, at)
    },
    citizenWrote: (conversationId) => void citizens.delete(conversationId),
    isCitizenWriting: (conversationId) => now().getTime() - (citizens.get(conversationId) ?? 0) < typingMs,
  }
}
