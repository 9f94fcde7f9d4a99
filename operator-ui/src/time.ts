/** Times and sizes in the operator's words, on the town's clock. */

export interface Clock {
  time(iso: string): string
  /** The shortest that is clear: 14:05, ontem, 3 nov, 03/11/2025. */
  short(iso: string): string
  full(iso: string): string
  /** Day and hour; the hour alone today. */
  moment(iso: string): string
  day(iso: string): string
  dayKey(iso: string): string
  duration(fromIso: string, now: number): string
}

export function clockFor(locale: string, timeZone: string, words: DurationWords): Clock {
  const time = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' })
  const date = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short' })
  const numeric = new Intl.DateTimeFormat(locale, { timeZone, day: '2-digit', month: '2-digit', year: 'numeric' })
  const long = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })
  const full = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'long', timeStyle: 'medium' })
  const key = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  // A long thread asks for the day of every message; a quarter of an hour lies in one day in every time zone.
  const days = new Map<string, string>()
  const dayKey = (iso: string) => {
    const quarter = `${iso.slice(0, 14)}${Math.floor(Number(iso.slice(14, 16)) / 15)}`
    let day = days.get(quarter)
    if (day === undefined) {
      day = key.format(new Date(iso))
      days.set(quarter, day)
    }
    return day
  }
  const isToday = (iso: string, shift = 0) => key.format(new Date(iso)) === key.format(new Date(Date.now() - shift))
  const short = (iso: string) => {
    if (isToday(iso)) return time.format(new Date(iso))
    if (isToday(iso, 86_400_000)) return words.yesterday
    const days = Math.abs(Date.now() - Date.parse(iso)) / 86_400_000
    return (days < 300 ? date : numeric).format(new Date(iso)).replace('.', '')
  }
  return {
    time: (iso) => time.format(new Date(iso)),
    short,
    moment: (iso) => (isToday(iso) ? time.format(new Date(iso)) : `${short(iso)}, ${time.format(new Date(iso))}`),
    full: (iso) => full.format(new Date(iso)),
    day: (iso) => {
      if (isToday(iso)) return words.today
      if (isToday(iso, 86_400_000)) return words.yesterday
      return long.format(new Date(iso))
    },
    dayKey,
    duration: (iso, now) => duration(now - Date.parse(iso)),
  }
}

interface DurationWords {
  today: string
  yesterday: string
}

/** < 1 min, 12 min, 3 h 05, 2 d: no finer than the clock that tells it again. */
function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return '< 1 min'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')}`
  return `${Math.floor(hours / 24)} d`
}

export function bytes(count: number | null): string {
  if (count === null) return ''
  if (count < 1000) return `${count} B`
  if (count < 1_000_000) return `${Math.round(count / 1000)} kB`
  return `${(count / 1_000_000).toFixed(1).replace('.', ',')} MB`
}
