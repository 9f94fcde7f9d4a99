/** Reads hostile JSON: the field if it is of that type, else undefined. Never throws. */

export type Fields = Record<string, unknown>

export const fields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
export const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const list = (value: unknown): Fields[] => items(value).map(fields).filter((item) => item !== undefined)
export const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** PostgreSQL takes neither NUL nor half an emoji. */
export const clean = (text: string): string => text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd')
export const text = (value: unknown): string | undefined => (typeof value === 'string' ? clean(value) : undefined)
/** undefined for an empty one too: it says nothing. */
export const word = (value: unknown): string | undefined => text(value) || undefined
/** A name of a person or a file: one line, in the direction it seems to have. */
export const label = (value: unknown): string | undefined =>
  word(value)
    ?.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu, '')
    .trim() || undefined
/** Cut where it may cut an emoji in two. */
export const short = (text: string, most: number): string => clean(text.slice(0, most))
