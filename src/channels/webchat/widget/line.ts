/** Waiting between tries, and reading server-sent events by fetch, because an EventSource cannot say who asks. */

/** 0.5 to 30 s, longer with each failure, and never all pages at once. */
export function backoff(failures: number): number {
  return 500 + Math.random() * Math.min(29_500, 500 * 2 ** failures)
}

export interface Pause { wait(ms: number): Promise<void>; nudge(): void }

/** A wait that can be ended early. */
export function openPause(): Pause {
  let end = () => {}
  return {
    wait: (ms) => new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      end = () => {
        clearTimeout(timer)
        resolve()
      }
    }),
    nudge: () => end(),
  }
}

/** Longer than two pings of the gateway: then the line is dead, whatever the browser thinks. */
const silenceMs = 40_000
/** Until the answer begins. */
const answerMs = 15_000
/** The gateway speaks at once; when nothing comes, a proxy holds it back. */
const firstByteMs = 10_000

export class HeldBack extends Error {}

/** Resolves when the gateway ends the stream; throws when it is cut. */
export async function readEvents(url: string, headers: HeadersInit, signal: AbortSignal, heard: (event: string, data: string) => void): Promise<void> {
  const cut = new AbortController()
  const abort = () => cut.abort()
  signal.addEventListener('abort', abort)
  let spoke = false
  let timer = setTimeout(abort, answerMs)
  try {
    const response = await fetch(url, { headers, signal: cut.signal, credentials: 'omit', cache: 'no-store' })
    if (!response.ok || !response.body) throw new Error(String(response.status))
    const reader = response.body.getReader()
    const decoder = new TextDecoder()
    let text = ''
    for (;;) {
      clearTimeout(timer)
      timer = setTimeout(abort, spoke ? silenceMs : firstByteMs)
      const { done, value } = await reader.read()
      if (done) return
      spoke = true
      text += decoder.decode(value, { stream: true })
      const events = text.split('\n\n')
      text = events.pop()!
      for (const event of events) {
        const fields = new Map(event.split('\n').filter((line) => !line.startsWith(':')).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]))
        const data = fields.get('data')
        if (data !== undefined) heard(fields.get('event') ?? '', data)
      }
    }
  } catch (error) {
    throw !spoke && cut.signal.aborted && !signal.aborted ? new HeldBack() : error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    cut.abort()
  }
}
