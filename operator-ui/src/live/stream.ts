/** One Server-Sent Events connection, read by fetch: it sees heartbeats and a 401, which EventSource hides. */

import type { LiveEvent } from '../../../src/operator-api.types.ts'

export type LineState = 'connecting' | 'open' | 'lost' | 'signed-out'

export interface Listener {
  event(event: LiveEvent): void
  state(state: LineState): void
}

/** The gateway writes at least a comment in this time; a silent line is a dead one that nobody has told us about. */
const silenceMs = 50_000
const longestPauseMs = 15_000

export interface Stream {
  retryNow(): void
  close(): void
}

export function openStream(url: string, listener: Listener, random: () => number = Math.random): Stream {
  let closed = false
  let attempts = 0
  let abort = new AbortController()
  let wake: (() => void) | undefined

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = window.setTimeout(resolve, ms)
      wake = () => {
        window.clearTimeout(timer)
        resolve()
      }
    })

  async function run() {
    while (!closed) {
      listener.state(attempts === 0 ? 'connecting' : 'lost')
      abort = new AbortController()
      const signedOut = await once(url, abort, (event) => {
        if (event.type === 'hello') {
          attempts = 0
          listener.state('open')
        }
        listener.event(event)
      }).catch(() => false)
      if (signedOut) {
        listener.state('signed-out')
        return
      }
      if (closed) return
      attempts += 1
      listener.state('lost')
      // Everybody's line breaks at once when the gateway restarts: spread the return.
      await pause(Math.min(longestPauseMs, 400 * 2 ** Math.min(attempts, 6)) * (0.5 + random() / 2))
    }
  }

  const hurry = () => {
    attempts = Math.min(attempts, 1)
    wake?.()
  }
  const drop = () => abort.abort()
  window.addEventListener('online', hurry)
  window.addEventListener('offline', drop)
  void run()
  return {
    retryNow: hurry,
    close() {
      closed = true
      window.removeEventListener('online', hurry)
      window.removeEventListener('offline', drop)
      abort.abort()
      wake?.()
    },
  }
}

/** True: signed out. False or a throw: the line ended. */
async function once(url: string, abort: AbortController, take: (event: LiveEvent) => void): Promise<boolean> {
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream' },
    credentials: 'same-origin',
    signal: abort.signal,
  })
  if (response.status === 401) return true
  if (!response.ok || !response.body) return false
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  const parse = parser(take)
  let watchdog = 0
  try {
    for (;;) {
      window.clearTimeout(watchdog)
      watchdog = window.setTimeout(() => abort.abort(), silenceMs)
      const { done, value } = await reader.read()
      if (done) return false
      parse(value)
    }
  } finally {
    window.clearTimeout(watchdog)
  }
}

export function parser(take: (event: LiveEvent) => void): (chunk: string) => void {
  let rest = ''
  return (chunk) => {
    // Together with what was left: the line may be cut between the two.
    rest = (rest + chunk).replaceAll('\r\n', '\n')
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const block = rest.slice(0, end)
      rest = rest.slice(end + 2)
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n')
      if (data) take(JSON.parse(data) as LiveEvent)
    }
  }
}
