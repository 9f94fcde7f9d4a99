/** Sound, desktop notice and the number in the title; quiet about what the operator is looking at. */

import { useCallback, useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { called } from '../citizen/called.ts'
import { useCounts } from '../queries.ts'
import type { Heard } from '../live/use-live.ts'
import { type Preferences, useNames } from '../session-data.tsx'
import { useWords } from '../words.ts'
import { chime } from './chime.ts'

export function useNotifications(preferences: Preferences): Heard {
  const words = useWords()
  const names = useNames()
  const [path, navigate] = useLocation()
  const counts = useCounts()
  const known = useRef(new Map<string, number>())
  const waiting = (counts.data?.mine ?? 0) + (counts.data?.waiting ?? 0)

  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${words.app.name}` : words.app.name
  }, [waiting, words])

  const looking = useRef(path)
  looking.current = path

  return useCallback<Heard>(
    (event, news) => {
      const tell = (title: string, conversationId: string) => {
        const isSeen = document.hasFocus() && looking.current === `/c/${conversationId}`
        if (isSeen) return
        if (preferences.sound) chime()
        if (
          !preferences.desktop ||
          document.hasFocus() ||
          !('Notification' in window) ||
          Notification.permission !== 'granted'
        )
          return
        // No words of the citizen: the notice may stay on a screen that others see. One a conversation.
        const notice = new Notification(title, { tag: conversationId, icon: '/inbox/icon.svg', silent: true })
        notice.onclick = () => {
          window.focus()
          navigate(`/c/${conversationId}`)
          notice.close()
        }
      }
      if (event.type === 'mention') tell(words.live.mentioned(names.operator(event.by)), event.conversationId)
      if (event.type === 'call' && event.call.state === 'asked')
        tell(words.live.callWaiting(words.call.citizen), event.conversationId)
      for (const summary of news) {
        const before =
          known.current.get(summary.id) ?? summary.lastInboundSeq - (summary.previewBy === 'citizen' ? 1 : 0)
        known.current.set(summary.id, summary.lastInboundSeq)
        const concernsMe = summary.operatorId === names.me || summary.state === 'waiting'
        if (summary.lastInboundSeq > before && concernsMe) {
          tell(words.live.newMessage(called(summary.citizen, words)), summary.id)
        }
      }
    },
    [preferences.sound, preferences.desktop, words, names, navigate],
  )
}
