/** Talks to the gateway: one door for every request, so that every refusal looks the same. */

import type { Refusal } from '../../src/operator-api.types.ts'

export class ApiError extends Error {
  /** 0: no answer at all. */
  readonly status: number
  readonly refusal: Refusal | undefined

  constructor(status: number, refusal: Refusal | undefined) {
    super(refusal?.message ?? (status === 0 ? 'no connection' : `status ${status}`))
    this.name = 'ApiError'
    this.status = status
    this.refusal = refusal
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export async function request<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const isBlob = body instanceof Blob
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    ...(signal ? { signal } : {}),
    headers: {
      accept: 'application/json',
      // A page of another origin cannot set this without asking first.
      ...(method === 'GET' ? {} : { 'x-balcao': '1' }),
      ...(body === undefined
        ? {}
        : { 'content-type': isBlob ? body.type || 'application/octet-stream' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isBlob ? body : JSON.stringify(body) }),
  }).catch((problem: unknown) => {
    if (signal?.aborted) throw problem
    throw new ApiError(0, undefined)
  })
  if (!response.ok) throw new ApiError(response.status, await refusalOf(response))
  if (response.status === 204) return undefined as T
  return (await response.json().catch(() => undefined)) as T
}

async function refusalOf(response: Response): Promise<Refusal | undefined> {
  const body: unknown = await response.json().catch(() => undefined)
  return body && typeof body === 'object' && 'message' in body ? (body as Refusal) : undefined
}

export const get = <T>(path: string, signal?: AbortSignal) => request<T>('GET', path, undefined, signal)
export const post = <T>(path: string, body: unknown = {}) => request<T>('POST', path, body)
export const put = <T>(path: string, body: unknown = {}) => request<T>('PUT', path, body)
export const remove = <T>(path: string) => request<T>('DELETE', path)
