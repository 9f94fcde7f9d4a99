/** HTTP to addresses that config names: bounded in time and length, and never to a private address unless config allows it. */

import { FetchRefused, openRequest } from './public-address.ts'

export interface SafeFetchOptions {
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
  timeoutMs: number
  maxBytes: number
  allowPrivate: boolean
}
export interface SafeAnswer { status: number; body: string }

/** No redirects. Rejects with FetchRefused for what is not allowed, and with the socket's own error otherwise. */
export function safeFetch(url: string, { method, headers, body, timeoutMs, maxBytes, allowPrivate }: SafeFetchOptions): Promise<SafeAnswer> {
  const target = new URL(url)
  if (target.protocol !== 'https:' && target.protocol !== 'http:') return Promise.reject(new FetchRefused('only http and https'))
  return new Promise((resolve, reject) => {
    const request = openRequest(target, { method, headers, signal: AbortSignal.timeout(timeoutMs), allowPrivate })
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let length = 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > maxBytes) request.destroy(new FetchRefused(`an answer longer than ${maxBytes} bytes`))
        else chunks.push(chunk)
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}
