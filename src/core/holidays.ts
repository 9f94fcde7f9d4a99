/** Portuguese national holidays, the moveable ones too, and days that a municipality adds. */

import type { HolidayRule } from './calendar.ts'

const national: HolidayRule[] = [
  { name: 'Ano Novo', month: 1, day: 1 },
  { name: 'Sexta-feira Santa', easter: -2 },
  { name: 'Páscoa', easter: 0 },
  { name: 'Dia da Liberdade', month: 4, day: 25 },
  { name: 'Dia do Trabalhador', month: 5, day: 1 },
  { name: 'Corpo de Deus', easter: 60 },
  { name: 'Dia de Portugal', month: 6, day: 10 },
  { name: 'Assunção de Nossa Senhora', month: 8, day: 15 },
  { name: 'Implantação da República', month: 10, day: 5 },
  { name: 'Todos os Santos', month: 11, day: 1 },
  { name: 'Restauração da Independência', month: 12, day: 1 },
  { name: 'Imaculada Conceição', month: 12, day: 8 },
  { name: 'Natal', month: 12, day: 25 },
]

type Rules = { national: boolean; also: HolidayRule[] }
const kept = new WeakMap<Rules, Map<number, Map<string, string>>>()

/** Day (`2026-12-25`) to name. */
export function holidaysOf(rules: Rules, year: number): Map<string, string> {
  let years = kept.get(rules)
  if (!years) kept.set(rules, (years = new Map()))
  let days = years.get(year)
  if (!days) {
    days = new Map()
    for (const rule of rules.national ? [...national, ...rules.also] : rules.also) {
      const day = dayOf(rule, year)
      // 29 February is no holiday in a year that does not have it.
      if (!('day' in rule) || Number(day.slice(8)) === rule.day) days.set(day, rule.name)
    }
    years.set(year, days)
  }
  return days
}

function dayOf(rule: HolidayRule, year: number): string {
  const time = 'easter' in rule ? easter(year) + rule.easter * 86_400_000 : Date.UTC(year, rule.month - 1, rule.day)
  return new Date(time).toISOString().slice(0, 10)
}

/** Easter Sunday at 00:00 UTC, by the Gregorian computus of 1876. */
export function easter(year: number): number {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const inCentury = year % 100
  const skipped = century - Math.floor(century / 4) - Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3)
  const epact = (19 * golden + skipped + 15) % 30
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451)
  const month = Math.floor((epact + weekday - 7 * late + 114) / 31)
  return Date.UTC(year, month - 1, ((epact + weekday - 7 * late + 114) % 31) + 1)
}
