/**
 * Ids for our messages, made from the delivery's key: the same at every attempt, so that one that was cut can be looked
 * up, and recognisable, so that our own messages are not taken for ones typed on the phone.
 */

import { createHash, createHmac } from 'node:crypto'

/** As WhatsApp's own page makes them: 3EB0 and 18 hexadecimal digits. */
const prefix = '3EB0'

export function messageId(key: string, secret: string): string {
  const own = createHash('sha256').update(key).digest('hex').slice(0, 13).toUpperCase()
  return prefix + own + seal(own, secret)
}

export const isOurs = (id: string, secret: string): boolean =>
  id.length === 22 && id.startsWith(prefix) && id.slice(17) === seal(id.slice(4, 17), secret)

const seal = (own: string, secret: string): string =>
  createHmac('sha256', secret).update(own).digest('hex').slice(0, 5).toUpperCase()
