/** The small values that config/gateway.yaml is made of, as people write them: 30m, 20MB, one name or one a language. */

import { z } from 'zod'

export const text = z.string('expected text').trim().min(1, 'expected some text')

export const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected a short name of small letters, digits and hyphens, such as "obras-municipais"')

/** In Portuguese and English. One text serves both. */
export const words = z.union([text, z.strictObject({ pt: text, en: text })])
  .transform((name) => typeof name === 'string' ? { pt: name, en: name } : name)

const milliseconds: Record<string, number> =
  { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, mo: 2_592_000_000, y: 31_536_000_000 }

/** In milliseconds. A month counts 30 days, a year 365. */
export const duration = z.string('expected a length of time such as "30m"')
  .regex(/^\d+(s|m|h|d|w|mo|y)$/, 'expected a length of time such as 30s, 15m, 2h, 7d, 24mo')
  .transform((value) => Number.parseInt(value, 10) * milliseconds[value.replace(/^\d+/, '')]!)

const bytes: Record<string, number> = { kB: 1_000, MB: 1_000_000, GB: 1_000_000_000 }

/** In bytes. */
export const size = z.string('expected a size such as "20MB"')
  .regex(/^\d+(kB|MB|GB)$/, 'expected a size such as 64kB, 20MB or 1GB')
  .transform((value) => Number.parseInt(value, 10) * bytes[value.replace(/^\d+/, '')]!)
