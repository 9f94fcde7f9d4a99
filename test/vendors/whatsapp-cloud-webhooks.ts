/** Calls a webhook as Meta does: escaped JSON, signed over its bytes, repeated ever more rarely until a 200. */

import { createHmac } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'

export interface Deliveries {
  url: string | undefined
  /** One webhook, to `url` or to where it is told; resolves once it is taken, or given up. */
  deliver(body: unknown, to?: string): Promise<number>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
  /** How often each was tried. */
  attempts: number[]
  close(): void
}

/** Meta writes non-ASCII as \uXXXX and slashes as \/: whoever signs what they re-wrote fails here. */
export const escaped = (value: unknown): Buffer =>
  Buffer.from(
    JSON.stringify(value)
      .replaceAll('/', '\\/')
      .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )

export const sign = (body: Buffer, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

export interface DeliveryOptions {
  secret: string
  url?: string | undefined
  firstRetryMs?: number
  tries?: number
  copies?: () => number
}

export function deliveries({
  secret,
  url,
  firstRetryMs = 50,
  tries = 12,
  copies = () => 1,
}: DeliveryOptions): Deliveries {
  const closed = new AbortController()
  // Each that waits to be tried again listens.
  setMaxListeners(0, closed.signal)
  const underWay = new Set<Promise<unknown>>()

  async function one(body: Buffer, to: string | undefined): Promise<number> {
    let status = 0
    for (let attempt = 1; attempt <= tries && !closed.signal.aborted; attempt++) {
      status = await post(body, to ?? all.url)
      if (status === 200) {
        all.attempts.push(attempt)
        return status
      }
      await pause(firstRetryMs * 2 ** (attempt - 1), undefined, { signal: closed.signal }).catch(() => undefined)
    }
    all.attempts.push(tries)
    return status
  }

  async function post(body: Buffer, to: string | undefined): Promise<number> {
    if (!to) return 0
    try {
      const response = await fetch(to, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          'x-hub-signature-256': sign(body, secret),
        },
        body: new Uint8Array(body),
        signal: AbortSignal.any([closed.signal, AbortSignal.timeout(10_000)]),
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      return 0
    }
  }

  const all: Deliveries = {
    url,
    attempts: [],
    async deliver(value, to) {
      const body = escaped(value)
      const sent = Promise.all(Array.from({ length: copies() }, () => one(body, to)))
      underWay.add(sent)
      const [status = 0] = await sent.finally(() => underWay.delete(sent))
      return status
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    close: () => closed.abort(),
  }
  return all
}
