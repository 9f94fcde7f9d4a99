/** A citizen's browser without a browser: it keeps the cookie of one call page and speaks as the page does. */

import type { CallPass, PageState } from '../../src/call/protocol.ts'

export interface CitizenBrowser {
  state(): Promise<PageState>
  post(path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  pass(): Promise<CallPass>
  /** Holds the line open, as a page does; `until` resolves when its state is as wanted. */
  stay(): Promise<{ until(what: string, fits: (state: PageState) => boolean): Promise<PageState>; go(): void }>
  /** A browser of its own with the same link. */
  elsewhere(): CitizenBrowser
}

export function citizenBrowser(link: string): CitizenBrowser {
  let cookie = ''
  const post = async (path: string, body: unknown = {}) => {
    const response = await fetch(`${link}/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-balcao': '1', cookie }, body: JSON.stringify(body) })
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) as unknown : undefined }
  }
  return {
    post,
    async state() {
      const response = await fetch(`${link}/state`, { headers: { cookie } })
      if (!response.ok) throw new Error(`state: ${response.status}`)
      return await response.json() as PageState
    },
    async pass() {
      const { status, body } = await post('join')
      if (status !== 200) throw new Error(`join: ${status} ${JSON.stringify(body)}`)
      return body as CallPass
    },
    async stay() {
      const leaving = new AbortController()
      const response = await fetch(`${link}/events`, { headers: { cookie }, signal: leaving.signal })
      if (!response.ok) throw new Error(`events: ${response.status}`)
      let newest: PageState | undefined
      let news: () => void = () => undefined
      const reading = (async () => {
        let rest = ''
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
          rest += chunk
          for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
            const data = /^data: (.*)$/m.exec(rest.slice(0, end))?.[1]
            rest = rest.slice(end + 2)
            if (data) newest = JSON.parse(data) as PageState
            if (data) news()
          }
        }
      })().catch(() => undefined)
      return {
        async until(what, fits) {
          const deadline = AbortSignal.timeout(15_000)
          while (!newest || !fits(newest)) {
            await new Promise<void>((resolve, reject) => {
              news = resolve
              deadline.addEventListener('abort', () => reject(new Error(`waited 15 s for: ${what}; the page says ${JSON.stringify(newest)}`)))
            })
          }
          return newest
        },
        go() {
          leaving.abort()
          void reading
        },
      }
    },
    elsewhere: () => citizenBrowser(link),
  }
}
