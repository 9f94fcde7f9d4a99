/** One stream a browser: the tab that holds the lock listens and tells the others. HTTP/1.1 allows six connections in all. */

import type { LiveEvent } from '../../../src/operator-api.types.ts'
import { type LineState, type Listener, openStream, type Stream } from './stream.ts'

type Told = { event: LiveEvent } | { state: LineState } | { ask: 'state' | 'retry' }

export interface SharedLine {
  retryNow(): void
  close(): void
}

export function openSharedLine(url: string, listener: Listener): SharedLine {
  // Without locks (an old browser, a page without https) each tab has a line of its own.
  if (!('locks' in navigator)) return openStream(url, listener)
  const others = new BroadcastChannel('balcao-live')
  const done = new AbortController()
  let stream: Stream | undefined
  let state: LineState = 'connecting'

  const tell = (told: Told) => {
    if (!done.signal.aborted) others.postMessage(told)
  }
  const lead = {
    event(event: LiveEvent) {
      listener.event(event)
      tell({ event })
    },
    state(next: LineState) {
      state = next
      listener.state(next)
      tell({ state: next })
    },
  }

  others.onmessage = ({ data }: MessageEvent<Told>) => {
    if ('event' in data && !stream) listener.event(data.event)
    else if ('state' in data && !stream) listener.state(data.state)
    else if ('ask' in data && stream) {
      if (data.ask === 'retry') stream.retryNow()
      tell({ state })
    }
  }
  listener.state('connecting')
  tell({ ask: 'state' })

  // A tab that holds a lock is not frozen by the browser, so the leader goes on listening in the background.
  navigator.locks
    .request(
      'balcao-live',
      { signal: done.signal },
      () =>
        new Promise<void>((release) => {
          // Closed in the moment that it was our turn.
          if (done.signal.aborted) return release()
          stream = openStream(url, lead)
          done.signal.addEventListener('abort', () => {
            stream?.close()
            release()
          })
        }),
    )
    .catch(() => {
      /* closed before it was our turn */
    })

  return {
    retryNow: () => (stream ? stream.retryNow() : tell({ ask: 'retry' })),
    close() {
      done.abort()
      others.close()
    },
  }
}
