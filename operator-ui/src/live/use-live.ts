/** Joins the shared line to the page: batches changes, catches up after a gap, and says how the line is. */

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, useEffect, useRef, useState } from 'react'
import type { ConversationSummary, LiveEvent } from '../../../src/operator-api.types.ts'
import { hearWords } from '../presence.ts'
import { keys } from '../queries.ts'
import { refreshTimeline } from '../timeline.ts'
import { applyConversations, applyEvent } from './apply.ts'
import { openSharedLine, type SharedLine } from './shared-line.ts'
import type { LineState } from './stream.ts'

export interface Line {
  state: LineState
  wasLost: boolean
  configProblems: string[]
  retryNow(): void
}
export const LineContext = createContext<Line>({
  state: 'connecting',
  wasLost: false,
  configProblems: [],
  retryNow: () => {},
})

export type Heard = (event: LiveEvent, news: ConversationSummary[]) => void

/** Changes are put in together at most this often; fifty a second cost as much as ten. */
const batchMs = 100
/** By then the page has drawn what it asked for first. */
const settledMs = 1500
/** A line that comes back sooner than this is not worth a banner. */
const patienceMs = 1500

export function useLive(me: string, heard: Heard): Line {
  const client = useQueryClient()
  const hear = useRef(heard)
  hear.current = heard
  const line = useRef<SharedLine>(undefined)
  const [state, setState] = useState<LineState>('connecting')
  const [wasLost, setWasLost] = useState(false)
  const [configProblems, setConfigProblems] = useState<string[]>([])

  useEffect(() => {
    const changed = new Map<string, ConversationSummary>()
    const hidden = new Set<string>()
    let batch = 0
    let flushedAt = 0
    let impatient = 0
    let greeted = false
    let catchUp = 0

    const flush = () => {
      batch = 0
      flushedAt = Date.now()
      const news = applyConversations(client, [...changed.values()], [...hidden], me)
      const event: LiveEvent = { type: 'conversations', changed: [...changed.values()], hidden: [...hidden] }
      changed.clear()
      hidden.clear()
      for (const { id } of news) {
        hearWords(id)
        refreshOpen(client, id)
      }
      hear.current(event, news)
    }

    const opened = openSharedLine('/api/live', {
      event(event) {
        if (event.type === 'conversations') {
          for (const summary of event.changed) {
            if ((changed.get(summary.id)?.version ?? -1) < summary.version) changed.set(summary.id, summary)
            hidden.delete(summary.id)
          }
          for (const id of event.hidden) {
            hidden.add(id)
            changed.delete(id)
          }
          batch ||= window.setTimeout(flush, Math.max(0, flushedAt + batchMs - Date.now()))
          return
        }
        if (event.type === 'hello') {
          // Anything may have happened while nobody told us; also between the first answers and the first `hello`.
          window.clearTimeout(catchUp)
          catchUp = window.setTimeout(() => void client.invalidateQueries(), greeted ? 0 : settledMs)
          greeted = true
          hear.current(event, [])
          return
        }
        if (event.type === 'config') setConfigProblems(event.problems)
        if (event.type === 'signed-out') setState('signed-out')
        applyEvent(client, event)
        hear.current(event, [])
      },
      state(next) {
        window.clearTimeout(impatient)
        if (next === 'lost') {
          impatient = window.setTimeout(() => {
            setState('lost')
            setWasLost(true)
          }, patienceMs)
        } else setState(next)
      },
    })
    line.current = opened
    return () => {
      window.clearTimeout(batch)
      window.clearTimeout(impatient)
      window.clearTimeout(catchUp)
      opened.close()
    }
  }, [client, me])

  return { state, wasLost, configProblems, retryNow: () => line.current?.retryNow() }
}

const refreshedAt = new Map<string, number>()
const refreshing = new Set<string>()
/** Under a flood, an open conversation is read a few times a second, and always once after the last change. */
const refreshMs = 250

/** Details and messages are read again only for a conversation that somebody is looking at. */
function refreshOpen(client: QueryClient, id: string): void {
  const query = client.getQueryCache().find({ queryKey: keys.timeline(id) })
  if (!query?.isActive()) {
    client.removeQueries({ queryKey: keys.timeline(id), type: 'inactive' })
    void client.invalidateQueries({ queryKey: keys.conversation(id), refetchType: 'none' })
    return
  }
  if (refreshing.has(id)) return
  refreshing.add(id)
  window.setTimeout(
    () => {
      refreshing.delete(id)
      refreshedAt.set(id, Date.now())
      void refreshTimeline(client, id)
      void client.invalidateQueries({ queryKey: keys.conversation(id) })
    },
    Math.max(0, (refreshedAt.get(id) ?? 0) + refreshMs - Date.now()),
  )
}
