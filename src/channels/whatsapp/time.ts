/** Meta writes seconds as a string. */

import { number } from '../fields.ts'

export function time(value: unknown): Date | undefined {
  const seconds = typeof value === 'string' && /^\d{1,11}$/.test(value) ? Number(value) : number(value)
  if (seconds === undefined || seconds < 0 || seconds > 99_999_999_999) return undefined
  return new Date(seconds * 1000)
}
