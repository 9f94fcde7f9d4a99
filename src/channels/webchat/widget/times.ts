/** Days and hours as people say them. */

import type { Language } from '../../../core/model.ts'
import { fill, locales, type Words } from './words.ts'

export const timeOf = (at: Date, language: Language): string => at.toLocaleTimeString(locales[language], { hour: '2-digit', minute: '2-digit' })

export function dayOf(at: Date, now: Date, language: Language, words: Words): string {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000)
  if (days === 0) return words.today
  if (days === 1) return words.yesterday
  return at.toLocaleDateString(locales[language], { weekday: 'long', day: 'numeric', month: 'long', ...(now.getFullYear() !== at.getFullYear() && { year: 'numeric' }) })
}

/** In the middle of a sentence. */
export function opening(at: Date, now: Date, language: Language, words: Words): string {
  const near = [words.todayAt, words.tomorrowAt][Math.round((midnight(at) - midnight(now)) / 86_400_000)]
  return near ? fill(near, timeOf(at, language)) : at.toLocaleString(locales[language], { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' })
}

const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()

export function sizeOf(bytes: number | null, language: Language): string {
  if (bytes === null) return ''
  const [value, unit] = bytes < 1_000_000 ? [Math.max(1, Math.round(bytes / 1_000)), 'kB'] : [Math.round(bytes / 100_000) / 10, 'MB']
  return `${value.toLocaleString(locales[language])} ${unit}`
}
