/** One request to the gateway, and what became of it. */

export type Outcome<T> =
  | { type: 'done'; value: T }
  /** It will never be taken as it is. */
  | { type: 'refused'; status: number }
  /** Nobody was there, or too much at once: the same again later is safe. */
  | { type: 'later'; afterMs: number | null }

const patienceMs = 20_000

/** `body`: a file as it is, anything else as JSON. A file may take long; `signal` gives it up. */
export async function ask<T>(url: string, token: string, body?: unknown, signal?: AbortSignal): Promise<Outcome<T>> {
  const cut = new AbortController()
  const timer = setTimeout(() => signal ?? cut.abort(), patienceMs)
  const isFile = body instanceof Blob
  try {
    const response = await fetch(url, {
      method: body ? 'POST' : 'GET', signal: signal ?? cut.signal, credentials: 'omit', cache: 'no-store',
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': isFile ? 'application/octet-stream' : 'application/json' } : {}) },
      ...(body ? { body: isFile ? body : JSON.stringify(body) } : {}),
    })
    const { status, headers } = response
    if (response.ok) return { type: 'done', value: await response.json() as T }
    if (status < 500 && status !== 429) return { type: 'refused', status }
    return { type: 'later', afterMs: Number(headers.get('retry-after')) * 1_000 || null }
  } catch {
    return { type: 'later', afterMs: null }
  } finally {
    clearTimeout(timer)
  }
}
