/** Segments sent today, by every process: what this one sends, and what Twilio's list says that the others did. */

import { SendError } from '../../core/channel.ts'

export interface Spending {
  /** Throws when it would be too much. Counts it until `listed` knows better. */
  spend(segments: number, now: Date): { settle(sid: string | undefined): void; undo(): void }
  listed(sid: string, segments: number, at: Date): void
}

export function openSpending(most: number | undefined): Spending {
  let day = ''
  let sent = new Map<string, number>()
  let pending = 0
  let unnamed = 0
  const total = () => pending + unnamed + Array.from(sent.values()).reduce((sum, segments) => sum + segments, 0)
  const turnTo = (now: Date) => {
    const today = now.toISOString().slice(0, 10)
    if (today === day) return
    day = today
    sent = new Map()
    unnamed = 0
  }
  return {
    spend(segments, now) {
      turnTo(now)
      if (most !== undefined && total() + segments > most) {
        throw new SendError('misconfigured', { pt: `o limite de ${most} segmentos de SMS por dia foi atingido`, en: `the limit of ${most} SMS segments a day is reached` })
      }
      pending += segments
      let isOpen = true
      const close = () => {
        if (isOpen) pending -= segments
        isOpen = false
      }
      return {
        undo: close,
        settle(sid) {
          close()
          // In doubt, it counts as paid.
          if (sid === undefined) unnamed += segments
          else sent.set(sid, segments)
        },
      }
    },
    listed(sid, segments, at) {
      if (at.toISOString().slice(0, 10) === day || day === '') {
        if (day === '') turnTo(at)
        sent.set(sid, Math.max(segments, sent.get(sid) ?? 0))
      }
    },
  }
}
