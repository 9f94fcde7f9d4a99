/** Is this the secret? By digests, so that neither content nor length shows in the time it takes. */

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../core/secret.ts'

export const isSame = (given: unknown, secret: Secret): boolean =>
  timingSafeEqual(digest(typeof given === 'string' ? given : ''), digest(secret.reveal())) && typeof given === 'string'

const digest = (text: string) => createHash('sha256').update(text).digest()
