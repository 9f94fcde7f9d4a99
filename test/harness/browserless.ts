/** An operator's browser without a browser: cookies, origin, the header of the inbox, and its stream of news. */

import type { Harness } from './gateway.ts'

export interface SignedIn {
  id: string
  cookie: string
  get<T>(path: string): Promise<T>
  call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }>
  /** Live events until `until` says enough; ends the stream. */
  live(onEvent: (event: Record<string, unknown>) => boolean): Promise<void>
}

export const password = 'uma palavra-passe comprida'

/** Invites, sets the password and signs in, all through the front door. */
export async function signIn(gateway: Harness, email: string, change: { role?: 'operator' | 'supervisor' | 'admin'; departments?: string[] } = {}): Promise<SignedIn> {
  const token = new URL(await gateway.invite(email)).searchParams.get('token')
  const origin = new URL(gateway.url).origin
  const headers = { 'content-type': 'application/json', 'x-balcao': '1', origin }
  const set = await fetch(`${gateway.url}/api/set-password`, { method: 'POST', headers, body: JSON.stringify({ token, password }) })
  if (set.status !== 204) throw new Error(`set-password: ${set.status} ${await set.text()}`)
  const answer = await fetch(`${gateway.url}/api/auth/sign-in/email`, { method: 'POST', headers, body: JSON.stringify({ email, password }) })
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`)
  const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ')
  const row = await gateway.gateway.pool.db.updateTable('operator').set({ seen_at: new Date(), presence: 'online', ...change })
    .where('email', '=', email).returning('id').executeTakeFirstOrThrow()

  const call = async <T>(method: string, path: string, body?: unknown) => {
    const response = await fetch(gateway.url + path, { method, headers: { ...headers, cookie }, ...(body !== undefined && { body: JSON.stringify(body) }) })
    const text = await response.text()
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T }
  }
  return {
    id: row.id, cookie, call,
    async get<T>(path: string) {
      const { status, body } = await call<T>('GET', path)
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
      return body
    },
    async live(onEvent) {
      const ending = new AbortController()
      const response = await fetch(`${gateway.url}/api/live`, { headers: { cookie }, signal: ending.signal })
      let rest = ''
      try {
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
          rest += chunk
          for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
            const data = /^data: (.*)$/m.exec(rest.slice(0, end))?.[1]
            rest = rest.slice(end + 2)
            if (data && onEvent(JSON.parse(data) as Record<string, unknown>)) return
          }
        }
      } finally {
        ending.abort()
      }
    },
  }
}
