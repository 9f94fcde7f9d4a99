/** What a number remembers: when it was last here, and what Meta said of the account that still holds. */

import type { Host } from '../../../core/channel.ts'
import { fields, number, word } from '../../fields.ts'
import type { News, Problem } from './news.ts'
import { lowered } from './news.ts'

interface Remembered {
  at?: string
  problems: Record<string, Problem>
  /** How many people a day could be written to first when Meta last said so. */
  limit?: number
}

export interface Memory {
  /** Since when messages may be missing: Meta repeats a webhook for a week, and what it gave up cannot be asked for. */
  gapSince?: Date
  /** Rejects when it could not be kept. */
  hear(news: News[]): Promise<void>
  problems(): Promise<Problem[]>
  close(): Promise<void>
}

const repeatsMs = 7 * 24 * 3600 * 1000
const markEveryMs = 10 * 60 * 1000
/** Of some trouble Meta never says that it is over. */
const forgottenMs = 14 * 24 * 3600 * 1000

export async function openMemory({ cursor, now }: Pick<Host<never>, 'cursor' | 'now'>): Promise<Memory> {
  const load = async () => read(await cursor.load(), now())
  // One after the other. Every process has its own, but Meta seldom has two things to say at once.
  let last: Promise<unknown> = Promise.resolve()
  function change(make: (before: Remembered) => Remembered): Promise<void> {
    const done = last.then(async () => cursor.save({ ...make(await load()), at: now().toISOString() }))
    last = done.catch(() => undefined)
    return done
  }
  const mark = () => change((before) => before).catch(() => undefined)

  const seen = new Date((await load()).at ?? Number.NaN)
  await mark()
  const marking = setInterval(() => void mark(), markEveryMs)
  marking.unref()
  return {
    ...(now().getTime() - seen.getTime() > repeatsMs && { gapSince: seen }),
    hear: (news) => change((before) => news.reduce(withNews(now()), before)),
    problems: async () => Object.values((await load()).problems),
    async close() {
      clearInterval(marking)
      await mark()
    },
  }
}

const withNews = (now: Date) => (before: Remembered, { about, problem, limit }: News): Remembered => {
  const { [about]: was, ...problems } = before.problems
  const told = limit === undefined ? problem : limit < (before.limit ?? 0) ? lowered(limit) : limit === before.limit ? was : undefined
  const until = new Date(now.getTime() + forgottenMs).toISOString()
  return {
    ...before,
    ...(limit !== undefined && { limit }),
    problems: { ...problems, ...(told && { [about]: { until, ...told } }) },
  }
}

function read(value: unknown, now: Date): Remembered {
  const memory = fields(value)
  const at = word(memory?.at)
  const limit = number(memory?.limit)
  const problems = Object.entries(fields(memory?.problems) ?? {}) as [string, Problem][]
  return {
    ...(at && { at }),
    ...(limit !== undefined && { limit }),
    problems: Object.fromEntries(problems.filter(([, { until }]) => until !== undefined && Date.parse(until) > now.getTime())),
  }
}
