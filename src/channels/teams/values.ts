/** How Teams writes ids and times. */

import { word } from '../fields.ts'

/** One line, and short enough for an index. */
export const id = (value: unknown): string | undefined => {
  const text = word(value)
  return text !== undefined && text.length <= 512 && !/\p{Cc}/u.test(text) ? text : undefined
}

export function time(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return undefined
  const date = new Date(value)
  return Number.isNaN(date.getTime()) || date.getTime() < 0 ? undefined : date
}
