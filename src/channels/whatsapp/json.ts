/** Reads hostile JSON: the field if it is of that type, else undefined. Never throws. */

export type Json = Record<string, unknown>
export const object = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const finite = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** PostgreSQL takes neither NUL nor half an emoji. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd') : undefined
/** The same, where an empty string says nothing either. */
export const word = (value: unknown): string | undefined => text(value) || undefined

/** Meta writes seconds as a string. */
export function time(value: unknown): Date | undefined {
  const seconds = typeof value === 'string' && /^\d{1,11}$/.test(value) ? Number(value) : finite(value)
  if (seconds === undefined || seconds < 0 || seconds > 99_999_999_999) return undefined
  return new Date(seconds * 1000)
}
