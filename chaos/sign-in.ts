/** Operators with a session that is good at every gateway of one database, and their requests. */

import { startGateway } from '../test/harness/gateway.ts'
import { signIn } from '../test/harness/browserless.ts'

export interface Desk {
  id: string
  cookie: string
  /** Status 0: no answer. */
  ask<T>(url: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: T | undefined }>
}

export async function signInMany(databaseUrl: string, count: number): Promise<Desk[]> {
  const office = await startGateway({ databaseUrl, channels: {} })
  const desks: Desk[] = []
  for (let n = 1; n <= count; n += 1) {
    const { id, cookie } = await signIn(office, `operadora${n}@valeformoso.example`, { role: 'operator', departments: ['geral'] })
    desks.push({
      id, cookie,
      async ask<T>(url: string, method: string, path: string, body?: unknown) {
        const headers = { 'content-type': 'application/json', 'x-balcao': '1', origin: url, cookie }
        try {
          const answer = await fetch(url + path, { method, headers, signal: AbortSignal.timeout(10_000), ...(body !== undefined && { body: JSON.stringify(body) }) })
          const text = await answer.text()
          return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as T | undefined }
        } catch {
          return { status: 0, body: undefined }
        }
      },
    })
  }
  await office.close()
  return desks
}
