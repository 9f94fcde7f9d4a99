/** A day as people write it: «amanhã», «próxima sexta», «12 de março», «12/03». Always day first. */

import { fold } from '../understand/normalise.ts'

const day = 86_400_000
const months = [
  ['janeiro', 'january', 'enero', 'janvier'],
  ['fevereiro', 'february', 'febrero', 'fevrier'],
  ['marco', 'march', 'marzo', 'mars'],
  ['abril', 'april', 'avril'],
  ['maio', 'may', 'mayo', 'mai'],
  ['junho', 'june', 'junio', 'juin'],
  ['julho', 'july', 'julio', 'juillet'],
  ['agosto', 'august', 'aout'],
  ['setembro', 'september', 'septiembre', 'septembre'],
  ['outubro', 'october', 'octubre', 'octobre'],
  ['novembro', 'november', 'noviembre', 'novembre'],
  ['dezembro', 'december', 'diciembre', 'decembre'],
]
/** Sunday first, as Date counts. */
const weekdays = [
  ['domingo', 'sunday', 'dimanche'],
  ['segunda', 'monday', 'lunes', 'lundi'],
  ['terca', 'tuesday', 'martes', 'mardi'],
  ['quarta', 'wednesday', 'miercoles', 'mercredi'],
  ['quinta', 'thursday', 'jueves', 'jeudi'],
  ['sexta', 'friday', 'viernes', 'vendredi'],
  ['sabado', 'saturday', 'samedi'],
]
const relative: [RegExp, number][] = [
  [/\b(?:depois de amanha|day after tomorrow|pasado manana|apres-demain|apres demain)\b/, 2],
  [/\b(?:anteontem|antes de ontem|day before yesterday|anteayer|avant-hier)\b/, -2],
  [/\b(?:amanha|tomorrow|manana|demain)\b/, 1],
  [/\b(?:ontem|yesterday|ayer|hier)\b/, -1],
  [/\b(?:hoje|hj|today|hoy|aujourd)\b/, 0],
]

/** `today` and the result as `2026-12-24`. Without a year, the next such day, or the last one when `past`. */
export function readDate(text: string, today: string, { past = false } = {}): string | undefined {
  const said = fold(text.slice(0, 200))
  const now = Date.parse(`${today}T00:00:00Z`)
  const iso = /\b(\d{4})-(\d{1,2})-(\d{1,2})\b/.exec(said)
  if (iso) return dated(Number(iso[3]), Number(iso[2]), Number(iso[1]))
  const written = /(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}|\d{2}))?(?!\d)/.exec(said)
  if (written) return near(Number(written[1]), Number(written[2]), year(written[3]), now, past)
  const named =
    /(?<!\d)(\d{1,2})(?:\.?º|o|st|nd|rd|th|er)?\s*(?:de |of |del )?([a-z]{3,})\.?(?:\s*(?:de |del |,)?\s*(\d{4}))?/.exec(
      said,
    )
  const month = named && monthOf(named[2]!)
  if (named && month) return near(Number(named[1]), month, year(named[3]), now, past)
  const english = /\b([a-z]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?\b/.exec(said)
  const first = english && monthOf(english[1]!)
  if (english && first) return near(Number(english[2]), first, year(english[3]), now, past)
  const after =
    /\b(?:daqui a|dentro de|in|en|dans)\s+(\d{1,3})\s+(dias?|days?|jours?|semanas?|weeks?|semaines?)\b/.exec(said)
  if (after) return isoDay(now + Number(after[1]) * (/^(?:sem|wee)/.test(after[2]!) ? 7 : 1) * day)
  for (const [words, days] of relative) if (words.test(said)) return isoDay(now + days * day)
  const weekday = weekdays.findIndex((names) =>
    names.some((name) => new RegExp(`\\b${name}(?:-feira|s)?\\b`).test(said)),
  )
  if (weekday >= 0) {
    const ahead = (weekday - new Date(now).getUTCDay() + 7) % 7
    return isoDay(now + (past ? (ahead === 0 ? -7 : ahead - 7) : ahead === 0 ? 7 : ahead) * day)
  }
  const alone = /^(?:no |em |a |o |on )?(?:dia |the )?(\d{1,2})(?:st|nd|rd|th)?[.!]?$/.exec(said.trim())
  if (alone) return nextOfMonth(Number(alone[1]), now, past)
  return undefined
}

function monthOf(word: string): number | undefined {
  const index = months.findIndex((names) =>
    names.some((name) => name === word || (word.length === 3 && name.startsWith(word))),
  )
  return index < 0 ? undefined : index + 1
}

function year(written: string | undefined): number | undefined {
  return written === undefined ? undefined : written.length === 2 ? 2000 + Number(written) : Number(written)
}

function near(
  dayOfMonth: number,
  month: number,
  inYear: number | undefined,
  now: number,
  past: boolean,
): string | undefined {
  if (inYear !== undefined) return dated(dayOfMonth, month, inYear)
  const thisYear = new Date(now).getUTCFullYear()
  // 29 February may be years away.
  for (let offset = 0; offset <= 8; offset++) {
    const found = dated(dayOfMonth, month, past ? thisYear - offset : thisYear + offset)
    if (found && (past ? Date.parse(found) <= now : Date.parse(found) >= now)) return found
  }
  return undefined
}

function nextOfMonth(dayOfMonth: number, now: number, past: boolean): string | undefined {
  const start = new Date(now)
  for (let offset = 0; offset <= 12; offset++) {
    const month = start.getUTCMonth() + (past ? -offset : offset)
    const found = dated(dayOfMonth, (((month % 12) + 12) % 12) + 1, start.getUTCFullYear() + Math.floor(month / 12))
    if (found && (past ? Date.parse(found) <= now : Date.parse(found) >= now)) return found
  }
  return undefined
}

function dated(dayOfMonth: number, month: number, inYear: number): string | undefined {
  if (inYear < 1900 || inYear > 2200 || month < 1 || month > 12 || dayOfMonth < 1) return undefined
  const time = Date.UTC(inYear, month - 1, dayOfMonth)
  return new Date(time).getUTCDate() === dayOfMonth ? isoDay(time) : undefined
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
