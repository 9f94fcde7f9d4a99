/** Talks to the gateway about this one link. The address of the page is the key, and stays here. */

import type { CallPass, PageState, Problem } from '../call/protocol.ts'

const here = location.pathname.replace(/\/+$/, '')

export class Refusal extends Error {
  readonly code: Problem['error'] | 'offline'
  constructor(code: Refusal['code']) {
    super(code)
    this.code = code
  }
}

export async function post<T = void>(path: string, body: unknown = {}): Promise<T> {
  const response = await fetch(`${here}/${path}`, { method: 'POST', credentials: 'same-origin', headers: { 'content-type': 'application/json', 'x-balcao': '1' }, body: JSON.stringify(body), keepalive: true })
    .catch(() => { throw new Refusal('offline') })
  if (response.ok) return response.status === 204 ? undefined as T : await response.json() as T
  const problem = await response.json().catch(() => ({ error: 'unavailable' })) as Problem
  throw new Refusal(problem.error)
}

export const readState = async (): Promise<PageState> => {
  const response = await fetch(`${here}/state`, { credentials: 'same-origin' }).catch(() => { throw new Refusal('offline') })
  if (!response.ok) throw new Refusal('unavailable')
  return await response.json() as PageState
}
export const pass = () => post<CallPass>('join')

/** Tells every state as it comes; `isUp` whenever the line is cut or back. */
export function follow(onState: (state: PageState) => void, onLine: (isUp: boolean) => void): () => void {
  let source: EventSource | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  let over = false
  const open = () => {
    source = new EventSource(`${here}/events`)
    source.onopen = () => onLine(true)
    source.onmessage = ({ data }) => onState(JSON.parse(data as string) as PageState)
    source.onerror = () => {
      onLine(false)
      // Refused for good looks the same as cut: the state itself says which.
      if (source?.readyState !== EventSource.CLOSED || over) return
      again = setTimeout(() => readState().then((state) => {
        onState(state)
        if (state.state !== 'gone' && state.state !== 'elsewhere' && !over) open()
      }, () => source?.onerror?.(new Event('error'))), 2_000)
    }
  }
  open()
  return () => {
    over = true
    clearTimeout(again)
    source?.close()
  }
}

/** A few small questions: how long an answer takes here. */
export async function roundTrip(questions: number): Promise<number | null> {
  const times: number[] = []
  for (let n = 0; n < questions; n += 1) {
    const began = performance.now()
    try {
      await readState()
    } catch {
      return null
    }
    times.push(performance.now() - began)
  }
  return Math.min(...times)
}
