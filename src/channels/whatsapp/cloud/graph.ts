/** Meta's Graph API over HTTP: one call, its answer as JSON, its failures named. */

import type { IncomingMessage } from 'node:http'
import type { CloudConfig } from '../config.ts'
import { cutOff } from '../../cut.ts'
import { get } from '../../download.ts'
import { failureOf } from './failures.ts'

export interface Graph {
  call(
    method: 'GET' | 'POST',
    path: string,
    options?: { json?: unknown; form?: FormData; signal?: AbortSignal; /** Instead of the access token. */ token?: string },
  ): Promise<unknown>
  /** Bytes from a host that Meta serves media from. */
  download(url: URL, signal: AbortSignal): Promise<IncomingMessage>
}

const patience = 30_000

export function graph(config: CloudConfig): Graph {
  const bearer = (token = config.accessToken.reveal()): string => `Bearer ${token}`
  return {
    async call(method, path, { json, form, signal, token } = {}) {
      const response = await named(fetch(new URL(`/${config.apiVersion}/${path}`, config.graphBaseUrl), {
        method,
        redirect: 'error',
        headers: { authorization: bearer(token), ...(json !== undefined && { 'content-type': 'application/json' }) },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        ...(form && { body: form }),
        signal: within(signal),
      }))
      const body = await answerOf(response)
      if (!response.ok) throw failureOf(response.status, body, response.headers.get('retry-after'))
      return body
    },
    download(url, signal) {
      const configured = url.origin === new URL(config.graphBaseUrl).origin
      return named(get(url, { configured, headers: { authorization: bearer() }, signal }))
    },
  }
}

const within = (signal: AbortSignal | undefined): AbortSignal =>
  signal ? AbortSignal.any([signal, AbortSignal.timeout(patience)]) : AbortSignal.timeout(patience)

async function named<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (error) {
    throw cutOff(error, 'à Meta')
  }
}

async function answerOf(response: Response): Promise<unknown> {
  let text: string
  try {
    text = await response.text()
  } catch (error) {
    throw cutOff(error, 'à Meta')
  }
  try {
    return JSON.parse(text)
  } catch {
    // A page of a proxy in between: the status must do.
    return undefined
  }
}
