/** Reads hostile JSON: the field if it is of that type, else undefined. Never throws. */

export type Fields = Record<string, unknown>

export const fields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
export const list = (value: unknown): Fields[] =>
  (Array.isArray(value) ? value : []).flatMap((item: unknown): Fields[] => {
    const one = fields(item)
    return one ? [one] : []
  })
export const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
export const id = (value: unknown): string | undefined => (Number.isSafeInteger(value) ? String(value) : undefined)

/** PostgreSQL takes neither NUL nor half an emoji. */
export const clean = (text: string): string => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd')
/** undefined for an empty one too: it says nothing. */
export const word = (value: unknown): string | undefined =>
  typeof value === 'string' ? clean(value) || undefined : undefined
/** A name of a person or a file: one line, in the direction it seems to have. */
export const label = (value: unknown): string | undefined =>
  word(value)
    ?.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, '')
    .trim() || undefined

/** Telegram writes seconds; a message that can no longer be read has the date 0. */
export function time(value: unknown): Date | undefined {
  const seconds = number(value)
  return seconds !== undefined && seconds > 0 && seconds < 100_000_000_000 ? new Date(seconds * 1000) : undefined
}
