/** What happened in one conversation, as numbers. Pure: worked out from its activity and messages, never counted along. */

import { type Calendar, openMillis } from '../core/calendar.ts'

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
  /** When people were first asked for, or first took it by themselves. */
  handedAt: Date | null
  /** From then until a person's first reply. */
  firstResponseMs: number | null
  firstResponseOpenMs: number | null
  /** From then until somebody took it. */
  waitMs: number | null
  waitOpenMs: number | null
  /** From being taken until closed, sleep left out. */
  handlingMs: number | null
  /** From the first word until closed for the last time. */
  resolutionMs: number | null
  resolutionOpenMs: number | null
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

export function factsOf(history: History, calendar: Calendar, calendarDepartment: string | null): Facts {
  const { activities, messages, openedAt, closedAt, calls, scores, deliveries } = history
  const open = (from: Date, to: Date) => openMillis(calendar, calendarDepartment, from, to)
  const first = (...types: string[]) => activities.find(({ type }) => types.includes(type))
  const count = (type: string, check: (data: Record<string, unknown>) => boolean = () => true) => activities.filter((one) => one.type === type && check(one.data)).length

  const taken = first('assign')
  const handedAt = first('hand-off', 'assign')?.at ?? null
  const reply = handedAt && messages.find(({ direction, by, at }) => direction === 'out' && by === 'operator' && at >= handedAt)
  const takenAfter = handedAt && taken && taken.at >= handedAt ? taken.at : null
  const botReplies = messages.filter(({ direction, by }) => direction === 'out' && by === 'bot').length
  const lastTaker = activities.findLast(({ type }) => type === 'assign')
  return {
    handedAt,
    firstResponseMs: handedAt && reply ? reply.at.getTime() - handedAt.getTime() : null,
    firstResponseOpenMs: handedAt && reply ? open(handedAt, reply.at) : null,
    waitMs: handedAt && takenAfter ? takenAfter.getTime() - handedAt.getTime() : null,
    waitOpenMs: handedAt && takenAfter ? open(handedAt, takenAfter) : null,
    handlingMs: closedAt && taken && closedAt >= taken.at ? closedAt.getTime() - taken.at.getTime() - slept(activities, taken.at, closedAt) : null,
    resolutionMs: closedAt ? closedAt.getTime() - openedAt.getTime() : null,
    resolutionOpenMs: closedAt ? open(openedAt, closedAt) : null,
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

/** Time in which nobody could do anything, because the conversation slept. */
function slept(activities: Happening[], from: Date, to: Date): number {
  let sum = 0
  let asleep: Date | null = null
  for (const { type, at } of activities) {
    if (at < from) continue
    if (type === 'snooze') asleep ??= at
    else if (asleep && ['woke', 'citizen-returned', 'close', 'assign', 'move', 'hand-back'].includes(type)) {
      sum += at.getTime() - asleep.getTime()
      asleep = null
    }
  }
  return asleep ? sum + to.getTime() - asleep.getTime() : sum
}
