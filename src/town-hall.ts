/** Puts the town together from config, calendar and rulebook, and keeps an eye on who is there and how long people wait. */

import type { Config } from './config.ts'
import { type Calendar, isOpen, nextOpening } from './core/calendar.ts'
import type { Attachment, ChannelId, DepartmentNow, Language, Responder } from './core/model.ts'
import type { Pool } from './core/store/schema.ts'
import { departmentLoad } from './core/store/load.ts'
import type { OpenChannel, SurveyTexts, Town } from './core/town.ts'

export interface TownHallOptions {
  config: Config
  calendar: Calendar
  respond: Responder
  survey: SurveyTexts
  channels: Map<ChannelId, OpenChannel>
  load: LoadWatch
  now: () => Date
  linkOf: (attachment: Attachment) => string
}

export function buildTown({ config, calendar, respond, survey, channels, load, now, linkOf }: TownHallOptions): Town {
  const calendarOf = new Map(config.departments.map(({ id, calendar: own }) => [id, own ?? id]))
  return {
    channels,
    defaultDepartment: config.defaultDepartment,
    referencePrefix: config.municipality.referencePrefix,
    respond,
    linkOf,
    survey,
    botFailed: (language) => ({ text: botFailed[language] }),
    callsOpen: () => Boolean(config.video) && config.departments.some(({ id }) => (
      isOpen(calendar, calendarOf.get(id) ?? id, now()) && (load.current.get(id)?.operatorsOnline ?? 0) > 0)),
    departmentsNow: () => config.departments.map(({ id, name }): DepartmentNow => {
      const at = now()
      const own = calendarOf.get(id) ?? id
      const open = isOpen(calendar, own, at)
      return {
        id, name: name.pt, open, opensAt: open ? null : nextOpening(calendar, own, at),
        waiting: load.current.get(id)?.waiting ?? 0, operatorsOnline: load.current.get(id)?.operatorsOnline ?? 0,
      }
    }),
    dueAt(departmentId, from) {
      const target = config.departments.find(({ id }) => id === departmentId)?.sla?.firstResponse
      return target === undefined ? null : addOpenTime(calendar, calendarOf.get(departmentId) ?? departmentId, from, target)
    },
  }
}

/** The moment at which `millis` of open time have passed. */
export function addOpenTime(calendar: Calendar, department: string, from: Date, millis: number): Date {
  let at = isOpen(calendar, department, from) ? from : nextOpening(calendar, department, from)
  let left = millis
  // A calendar that never opens has no promise to keep; a fortnight of steps is enough for any that does.
  for (let step = 0; at && step < 2_000; step += 1) {
    const end = new Date(Math.min(at.getTime() + left, at.getTime() + 900_000))
    if (!isOpen(calendar, department, at)) {
      at = nextOpening(calendar, department, at)
      continue
    }
    left -= end.getTime() - at.getTime()
    if (left <= 0) return end
    at = end
  }
  return new Date(from.getTime() + millis)
}

export interface LoadWatch { current: Map<string, { waiting: number; operatorsOnline: number }>; refresh(): Promise<void>; stop(): void }

/** Asks the database every two seconds at most: a greeting does not need the exact number. */
export function watchLoad(pool: Pool, onTrouble: (error: Error) => void): LoadWatch {
  const watch: LoadWatch = {
    current: new Map(),
    async refresh() {
      watch.current = await departmentLoad(pool.db)
    },
    stop: () => clearInterval(timer),
  }
  const timer = setInterval(() => void watch.refresh().catch(onTrouble), 2_000)
  timer.unref()
  return watch
}

const botFailed: Record<Language, string> = {
  pt: 'Tive um problema e não consigo responder. Vou passar a conversa a um colega.',
  en: 'Something went wrong on my side. I am passing you to a colleague.',
  es: 'He tenido un problema. Le paso con un compañero.',
  fr: 'J’ai rencontré un problème. Je vous passe un collègue.',
}
