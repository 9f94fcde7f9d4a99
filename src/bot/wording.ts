/** Days, times and amounts as people say them, in the town's time zone. */

import type { Language } from '../core/model.ts'

interface Manner {
  language: Language
  timeZone: string
  now: Date
}

const locales: Record<Language, string> = { pt: 'pt-PT', en: 'en-GB', es: 'es-ES', fr: 'fr-FR' }
const near: Record<Language, [today: string, tomorrow: string, at: string]> = {
  pt: ['hoje', 'amanhã', 'às'],
  en: ['today', 'tomorrow', 'at'],
  es: ['hoy', 'mañana', 'a las'],
  fr: ['aujourd’hui', 'demain', 'à'],
}

/** Making a format costs more than a whole turn of the bot. */
const formats = new Map<string, Intl.DateTimeFormat>()
function format(language: Language, timeZone: string, name: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${timeZone} ${name}`
  let made = formats.get(key)
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locales[language], { timeZone, ...options })))
  return made
}

export function clock(date: Date, { language, timeZone }: Manner): string {
  return format(language, timeZone, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date)
}

export function calendarDay(date: Date, { language, timeZone, now }: Manner): string {
  const otherYear = localDay(date, timeZone).slice(0, 4) !== localDay(now, timeZone).slice(0, 4)
  return format(language, timeZone, otherYear ? 'long' : 'day', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(otherYear ? { year: 'numeric' } : {}),
  }).format(date)
}

export function moment(date: Date, manner: Manner): string {
  const [today, tomorrow, at] = near[manner.language]
  const days = daysBetween(localDay(manner.now, manner.timeZone), localDay(date, manner.timeZone))
  const day = days === 0 ? today : days === 1 ? tomorrow : calendarDay(date, manner)
  return `${day} ${at} ${clock(date, manner)}`
}

export function amount(euros: number, language: Language): string {
  return new Intl.NumberFormat(locales[language], { style: 'currency', currency: 'EUR' }).format(euros)
}

/** `2026-12-24` on the wall. */
export function localDay(date: Date, timeZone: string): string {
  const parts = format('en', timeZone, 'parts', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(date)
  return `${parts.slice(6, 10)}-${parts.slice(3, 5)}-${parts.slice(0, 2)}`
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}
