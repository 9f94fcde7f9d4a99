/** How the front door of the web chat answers. */

import type { ServerResponse } from 'node:http'
import type { Refusal } from './protocol.ts'

const statuses: Record<Refusal['error'], number> = {
  'bad-request': 400, unauthorised: 401, origin: 403, 'not-found': 404, method: 405, 'too-large': 413, type: 415, 'too-many': 429, unavailable: 503,
}

export function answer(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8', 'content-length': String(bytes.length),
    'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers,
  }).end(bytes)
}

export function refuse(response: ServerResponse, refusal: Refusal, headers?: Record<string, string>): void {
  answer(response, refusal, statuses[refusal.error], headers)
}

export function tooMany(response: ServerResponse, waitMs: number): void {
  refuse(response, { error: 'too-many', message: 'too many requests; wait and send the same again' }, { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) })
}
