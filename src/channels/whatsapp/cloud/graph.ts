/** Meta's Graph API over HTTP: one call, its answer as JSON, its failures named. */

import { SendError } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { failureOf } from './failures.ts'

export interface Graph {
  call(
    method: 'GET' | 'POST',
    path: string,
    options?: { json?: unknown; form?: FormData; signal?: AbortSignal },
  ): Promise<unknown>
  /** Bytes from a host that Meta serves media from. */
  download(url: URL, signal: AbortSignal): Promise<Response>
}

const patience = 30_000

export function graph(config: CloudConfig): Graph {
  const authorization = (): string => `Bearer ${config.accessToken.reveal()}`
  return {
    async call(method, path, { json, form, signal } = {}) {
      const response = await attempt(new URL(`/${config.apiVersion}/${path}`, config.graphBaseUrl), {
        method,
        redirect: 'error',
        headers: { authorization: authorization(), ...(json !== undefined && { 'content-type': 'application/json' }) },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        ...(form && { body: form }),
        signal: within(signal),
      })
      const body = await answerOf(response)
      if (!response.ok) throw failureOf(response.status, body, response.headers.get('retry-after'))
      return body
    },
    download: (url, signal) => attempt(url, { redirect: 'error', headers: { authorization: authorization() }, signal }),
  }
}

const within = (signal: AbortSignal | undefined): AbortSignal =>
  signal ? AbortSignal.any([signal, AbortSignal.timeout(patience)]) : AbortSignal.timeout(patience)

/** Only these are known to come before the first byte of the request. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

async function attempt(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    throw cut(error)
  }
}

async function answerOf(response: Response): Promise<unknown> {
  let text: string
  try {
    text = await response.text()
  } catch (error) {
    throw cut(error)
  }
  try {
    return JSON.parse(text)
  } catch {
    // A page of a proxy in between: the status must do.
    return undefined
  }
}

function cut(error: unknown): SendError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = causeCode(cause)
  return new SendError(neverLeft.has(code) ? 'unreachable' : 'ambiguous', `a ligação à Meta falhou (${code})`)
}

function causeCode(cause: unknown): string {
  // A host with two addresses fails with one error for each.
  if (cause instanceof AggregateError) return causeCode(cause.errors[0])
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof Error ? cause.name : 'unknown'
}
