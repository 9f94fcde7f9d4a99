/** Puts the town together from config, calendar and rulebook, and keeps an eye on who is there and how long people wait. */

import type { Config } from './config.ts'
import { type Calendar, isOpen, nextOpening, openMillis } from './core/calendar.ts'
import type { Attachment, ChannelId, DepartmentId, DepartmentNow, Language, Responder } from './core/model.ts'
import type { Pool } from './core/store/pool.ts'
import { departmentLoad } from './core/store/load.ts'
import { proofWanted, wordsOf } from './address/words.ts'
import { noticeOf } from './privacy-notice.ts'
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
    notice: (channelId, language) => (channels.get(channelId)?.kind.name === 'webchat' ? null : noticeOf(config, language)),
    proof: (language, claim) => proofWanted(config, language, claim),
    addressTaken: (language, address, isKnown) => ({ text: wordsOf[language][isKnown ? 'known' : 'asked'](address) }),
    botFailed: (language) => ({ text: botFailed[language] }),
    departmentsNow: () => departmentsAt(config, calendar, now(), (id) => load.current.get(id) ?? { waiting: 0, operatorsOnline: 0 }),
    dueAt(departmentId, from, what = 'answer') {
      const sla = config.departments.find(({ id }) => id === departmentId)?.sla
      const target = what === 'answer' ? sla?.firstResponse : sla?.resolution
      return target === undefined ? null : addOpenTime(calendar, calendarOf.get(departmentId) ?? departmentId, from, target)
    },
    putOff(departmentId, due, from, to) {
      // What was late before stays late.
      if (due <= from) return due
      const own = calendarOf.get(departmentId) ?? departmentId
      return addOpenTime(calendar, own, to, openMillis(calendar, own, from, due))
    },
  }
}

interface Load { waiting: number; operatorsOnline: number }
const oneAtTheDesk: Load = { waiting: 0, operatorsOnline: 1 }

/** As they stand at that moment; without a load, with one operator wherever it is open and nobody before you. */
export function departmentsAt({ departments, video }: Pick<Config, 'departments' | 'video'>, calendar: Calendar, at: Date, loadOf?: (id: DepartmentId) => Load): DepartmentNow[] {
  return departments.map(({ id, name, calendar: own = id }) => {
    const open = isOpen(calendar, own, at)
    const { waiting, operatorsOnline } = loadOf ? loadOf(id) : { ...oneAtTheDesk, ...(!open && { operatorsOnline: 0 }) }
    return {
      id, name: name.pt, open, opensAt: open ? null : nextOpening(calendar, own, at), waiting, operatorsOnline,
      takesCalls: Boolean(video) && open && operatorsOnline > 0,
    }
  })
}

const longest = 2 * 366 * 86_400_000

/** The moment at which `millis` of open time have passed. A calendar that never opens has no hours to count in: the clock counts. */
function addOpenTime(calendar: Calendar, department: string, from: Date, millis: number): Date {
  const begun = from.getTime()
  const passed = (at: number) => openMillis(calendar, department, from, new Date(at))
  let [low, high] = [begun, begun + millis]
  while (passed(high) < millis) {
    if (high - begun > longest) return new Date(begun + millis)
    low = high
    high = begun + (high - begun) * 2
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (passed(middle) < millis) low = middle
    else high = middle
  }
  return new Date(high)
}

export interface LoadWatch { current: Map<string, Load>; refresh(): Promise<void>; stop(): void }

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
