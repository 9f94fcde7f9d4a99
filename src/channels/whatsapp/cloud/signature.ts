/** Did Meta write this? HMAC of the raw bytes under the app's secret; re-written JSON would not match. */

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../../core/secret.ts'

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads */
export function isSigned(body: Buffer, header: string | string[] | undefined, secrets: Secret[]): boolean {
  if (typeof header !== 'string' || !/^sha256=[0-9a-f]{64}$/.test(header)) return false
  const given = Buffer.from(header.slice('sha256='.length), 'hex')
  // Every secret is tried, so that the time says nothing about which one it was.
  return secrets.map((secret) => timingSafeEqual(hmac(body, secret), given)).includes(true)
}

const hmac = (body: Buffer, secret: Secret): Buffer => createHmac('sha256', secret.reveal()).update(body).digest()
