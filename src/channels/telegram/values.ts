/** How Telegram writes ids and times. */

import { number } from '../fields.ts'

export const id = (value: unknown): string | undefined => (Number.isSafeInteger(value) ? String(value) : undefined)

/** Telegram writes seconds; a message that can no longer be read has the date 0. */
export function time(value: unknown): Date | undefined {
  const seconds = number(value)
  return seconds !== undefined && seconds > 0 && seconds < 100_000_000_000 ? new Date(seconds * 1000) : undefined
}
