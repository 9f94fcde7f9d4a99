/** Whether what departments promise was kept: each from when it got the conversation, as the list of deadlines counts. */

import type { Happening } from './facts.ts'

type Stretch = [from: Date, to: Date]
/** One department's time with it, in the stretches that it did not sleep. */
interface Turn { departmentId: string | null; awake: Stretch[]; since: Date | null }

/** Open milliseconds of the stretches, and what that department promises; undefined: nothing. */
export interface Promised { openOf(departmentId: string | null, from: Date, to: Date): number; targetOf(departmentId: string | null): number | undefined }

/** To settle all: every department's turn as a whole. A move gives the next one its own time, and takes nothing from who was late. */
export function isSettledInTime(activities: Happening[], departmentId: string | null, closedAt: Date, promised: Promised): boolean | null {
  return areKept(turnsOf(activities, departmentId, closedAt).map((turn) => ({ departmentId: turn.departmentId, stretches: turn.awake })), promised)
}

/** To answer: what wakes has its answer's time again, so each stretch counts alone. */
export function isAnsweredInTime(activities: Happening[], departmentId: string | null, answeredAt: Date, promised: Promised): boolean | null {
  return areKept(turnsOf(activities, departmentId, answeredAt).flatMap((turn) => turn.awake.map((stretch) => ({ departmentId: turn.departmentId, stretches: [stretch] }))), promised)
}

function areKept(all: { departmentId: string | null; stretches: Stretch[] }[], { openOf, targetOf }: Promised): boolean | null {
  const kept = all.flatMap(({ departmentId, stretches }) => {
    const target = targetOf(departmentId)
    return target === undefined ? [] : stretches.reduce((sum, [from, to]) => sum + openOf(departmentId, from, to), 0) <= target
  })
  return kept.length === 0 ? null : kept.every(Boolean)
}

/** From the first hand-over until then; what was closed or given back to the bot begins anew when people have it again. */
function turnsOf(activities: Happening[], lastDepartment: string | null, until: Date): Turn[] {
  const turns: Turn[] = []
  let turn: Turn | null = null
  // Who takes it without a hand-over leaves no department behind: the first move says which it was.
  let departmentId = named(activities.find(({ type }) => type === 'move')?.data.from) ?? lastDepartment
  const sleep = (at: Date) => {
    if (turn?.since) turn.awake.push([turn.since, at])
    if (turn) turn.since = null
  }
  const begin = (at: Date, department: string | null) => {
    if (turn && turn.departmentId === department) turn.since ??= at
    else {
      sleep(at)
      turn = { departmentId: department, awake: [], since: at }
      turns.push(turn)
    }
    departmentId = department
  }
  for (const { type, at, data } of activities) {
    if (at > until) break
    if (type === 'hand-off') begin(at, named(data.department) ?? departmentId)
    else if (type === 'move') begin(at, named(data.to) ?? departmentId)
    else if (type === 'assign' || type === 'reopen') begin(at, departmentId)
    else if (type === 'snooze') sleep(at)
    else if (type === 'woke' || type === 'citizen-returned') { if (turn) begin(at, departmentId) }
    else if (type === 'close' || type === 'hand-back') {
      sleep(at)
      turn = null
    }
  }
  sleep(until)
  return turns
}

const named = (value: unknown) => (typeof value === 'string' ? value : undefined)
