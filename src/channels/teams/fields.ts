/** Reads hostile JSON: the field if it is of that type, else undefined. Never throws. */

export type Fields = Record<string, unknown>

export const fields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
export const list = (value: unknown): Fields[] =>
  (Array.isArray(value) ? value : []).flatMap((item: unknown): Fields[] => {
    const one = fields(item)
    return one ? [one] : []
  })

/** PostgreSQL takes neither NUL nor half an emoji. */
export const clean = (text: string): string => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd')
/** undefined for an empty one too: it says nothing. */
export const word = (value: unknown): string | undefined =>
  typeof value === 'string' ? clean(value) || undefined : undefined
/** An id: one line, and short enough for an index. */
export const id = (value: unknown): string | undefined => {
  const text = word(value)
  return text !== undefined && text.length <= 512 && !/\p{Cc}/u.test(text) ? text : undefined
}
/** A name of a person or a file: one line, in the direction it seems to have. */
export const label = (value: unknown): string | undefined =>
  word(value)
    ?.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, '')
    .trim() || undefined

/** Cut where it may cut an emoji in two. */
export const short = (text: string, most: number): string => clean(text.slice(0, most))

export function time(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return undefined
  const date = new Date(value)
  return Number.isNaN(date.getTime()) || date.getTime() < 0 ? undefined : date
}
