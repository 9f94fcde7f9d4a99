/** What happened in one conversation, as numbers. Pure: worked out from its activity and messages, never counted along. */

import { type Calendar, openMillis } from '../core/calendar.ts'
import { isAnsweredInTime, isSettledInTime } from './promises.ts'

export interface Happening { at: Date; type: string; by: 'citizen' | 'bot' | 'operator' | 'system'; operatorId: string | null; data: Record<string, unknown> }
export interface Said { at: Date; direction: 'in' | 'out' | 'note'; by: 'citizen' | 'bot' | 'operator' | 'system'; automatic: boolean }
export interface CallHeld { askedAt: Date; startedAt: Date | null; endedAt: Date | null; state: string }

export interface History {
  openedAt: Date
  closedAt: Date | null
  departmentId: string | null
  activities: Happening[]
  messages: Said[]
  calls: CallHeld[]
  scores: { subject: string; score: number | null }[]
  deliveries: { failed: number; unknown: number }
}

/** Times in milliseconds; null: it has not happened (yet). */
export interface Facts {
  /** When people first had it: asked for, sent it by a colleague, or taken by themselves. */
  handedAt: Date | null
  /** From then until a person's first reply. */
  firstResponseMs: number | null
  firstResponseOpenMs: number | null
  /** From then until somebody took it; null also where they took it by themselves: nobody waited. */
  waitMs: number | null
  waitOpenMs: number | null
  /** From being taken until closed, sleep left out. */
  handlingMs: number | null
  handlingOpenMs: number | null
  /** From the first word until closed for the last time. */
  resolutionMs: number | null
  resolutionOpenMs: number | null
  /** Of what departments promise, each from when it got it; null: not promised, or not decided. */
  answeredInTime: boolean | null
  resolvedInTime: boolean | null
  messagesIn: number
  messagesBot: number
  messagesOperator: number
  botAnswers: number
  botMisses: number
  /** The bot answered and no person was needed. */
  botAlone: boolean
  helpful: number
  unhelpful: number
  reopened: number
  moved: number
  operatorId: string | null
  score: number | null
  callScore: number | null
  callsAsked: number
  callsTaken: number
  callsMissed: number
  callMs: number
  failed: number
  unknown: number
}

/** Milliseconds of open time. */
export interface Targets { answer?: number | undefined; resolution?: number | undefined }

/** What the town has said of its departments. */
export interface Town { calendar: Calendar; calendarOf(departmentId: string | null): string | null; targetsOf(departmentId: string | null): Targets }

export function factsOf(history: History, { calendar, calendarOf, targetsOf }: Town): Facts {
  const { activities, messages, openedAt, closedAt, departmentId, calls, scores, deliveries } = history
  const openOf = (department: string | null, from: Date, to: Date) => openMillis(calendar, calendarOf(department), from, to)
  const open = (from: Date, to: Date) => openOf(departmentId, from, to)
  const first = (...types: string[]) => activities.find(({ type }) => types.includes(type))
  const count = (type: string, check: (data: Record<string, unknown>) => boolean = () => true) => activities.filter((one) => one.type === type && check(one.data)).length

  const taken = first('assign')
  const handed = first('hand-off', 'move', 'assign', 'reopen')
  const handedAt = handed?.at ?? null
  const reply = handedAt && messages.find(({ direction, by, at }) => direction === 'out' && by === 'operator' && at >= handedAt)
  const takenAfter = handed !== taken && taken ? taken.at : null
  const botReplies = messages.filter(({ direction, by }) => direction === 'out' && by === 'bot').length
  const lastTaker = activities.findLast(({ type }) => type === 'assign')
  const handled = closedAt && taken && closedAt >= taken.at ? awake(activities, taken.at, closedAt) : null
  const sum = (stretches: [Date, Date][] | null, of: (from: Date, to: Date) => number) => stretches?.reduce((all, [from, to]) => all + of(from, to), 0) ?? null
  return {
    handedAt,
    firstResponseMs: handedAt && reply ? reply.at.getTime() - handedAt.getTime() : null,
    firstResponseOpenMs: handedAt && reply ? open(handedAt, reply.at) : null,
    waitMs: handedAt && takenAfter ? takenAfter.getTime() - handedAt.getTime() : null,
    waitOpenMs: handedAt && takenAfter ? open(handedAt, takenAfter) : null,
    handlingMs: sum(handled, (from, to) => to.getTime() - from.getTime()),
    handlingOpenMs: sum(handled, open),
    resolutionMs: closedAt ? closedAt.getTime() - openedAt.getTime() : null,
    resolutionOpenMs: closedAt ? open(openedAt, closedAt) : null,
    answeredInTime: reply ? isAnsweredInTime(activities, departmentId, reply.at, { openOf, targetOf: (id) => targetsOf(id).answer }) : null,
    resolvedInTime: closedAt ? isSettledInTime(activities, departmentId, closedAt, { openOf, targetOf: (id) => targetsOf(id).resolution }) : null,
    messagesIn: messages.filter(({ direction, automatic }) => direction === 'in' && !automatic).length,
    messagesBot: botReplies,
    messagesOperator: messages.filter(({ direction, by }) => direction === 'out' && by === 'operator').length,
    botAnswers: count('answered'),
    botMisses: count('miss'),
    botAlone: botReplies > 0 && handedAt === null,
    helpful: count('judge', ({ helpful }) => helpful === true),
    unhelpful: count('judge', ({ helpful }) => helpful === false),
    reopened: count('reopen'),
    moved: count('move'),
    operatorId: lastTaker ? String(lastTaker.data.to ?? lastTaker.operatorId ?? '') || null : null,
    score: scores.find(({ subject }) => subject === 'conversation')?.score ?? null,
    callScore: scores.find(({ subject }) => subject === 'call')?.score ?? null,
    callsAsked: calls.length,
    callsTaken: calls.filter(({ startedAt }) => startedAt !== null).length,
    callsMissed: calls.filter(({ state }) => state === 'missed' || state === 'expired' || state === 'declined').length,
    callMs: calls.reduce((sum, { startedAt, endedAt }) => sum + (startedAt && endedAt ? endedAt.getTime() - startedAt.getTime() : 0), 0),
    failed: deliveries.failed,
    unknown: deliveries.unknown,
  }
}

/** The stretches in which somebody could do something: the conversation did not sleep. */
function awake(activities: Happening[], from: Date, to: Date): [Date, Date][] {
  const stretches: [Date, Date][] = []
  let since: Date | null = from
  for (const { type, at } of activities) {
    if (at < from || at > to) continue
    if (type === 'snooze' && since) {
      stretches.push([since, at])
      since = null
    } else if (!since && ['woke', 'citizen-returned', 'close', 'assign', 'move', 'hand-back'].includes(type)) since = at
  }
  if (since) stretches.push([since, to])
  return stretches
}
