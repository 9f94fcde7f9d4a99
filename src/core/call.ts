/**
 * What can happen to a video call, each thing once and under the conversation's lock. No clock, no network: the room itself is opened
 * and closed elsewhere, and told here.
 */

import { createHash } from 'node:crypto'
import { apply, record, type World } from './apply.ts'
import { callWords } from './call-words.ts'
import type { Author, OperatorId } from './model.ts'
import { answerRings, type Call, freeOperators, openStates, type Person, personJoins, personLeaves, type Ring, ring, seePerson } from './store/calls.ts'
import type { Held } from './store/held.ts'
import type { Trx } from './store/schema.ts'

/** A call under its lock, with what is known of it at the begin of this transaction. */
export interface HeldCall { trx: Trx; held: Held; call: Call; rings: Ring[]; people: Person[]; world: World; timing: CallTiming }

export interface CallTiming {
  /** Milliseconds: one operator is rung this long. */
  ringFor: number
  /** Milliseconds that either side is waited for. */
  noShow: number
  /** The room's start and end are reported by Jitsi itself: no page is believed about them. */
  isReported: boolean
}

/** A page that says nothing for this long is gone. */
export const goneMs = 25_000
/** Left by everybody, or by every operator: kept this long, so that a cut line can come back. */
export const graceMs = 30_000

/** The only form in which a link is kept. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

export const isOpen = ({ state }: Pick<Call, 'state'>): boolean => openStates.includes(state)
export const isHere = ({ leftAt, seenAt }: Person, now: Date): boolean => leftAt === null && now.getTime() - seenAt.getTime() < goneMs

/** The citizen stands in the waiting room. */
export async function arrive(all: HeldCall): Promise<void> {
  const { call, held, world } = all
  if (!isOpen(call) || call.waitingSince) return
  call.waitingSince = world.now
  record(held, { by: 'citizen' }, 'call-waiting', { call: call.id }, world.now)
  if (call.state === 'asked') {
    call.state = 'ringing'
    await ringNext(all)
  } else if (call.state === 'accepted' && call.operatorId && !all.people.some((person) => person.role === 'operator' && isHere(person, world.now))) {
    await ring(all.trx, call.id, call.operatorId, 'first', world.now)
  }
}

/** They closed the page before anybody came: nobody is rung for an empty chair. */
export async function walkAway({ trx, call, held, world }: HeldCall): Promise<void> {
  if (!call.waitingSince || call.state === 'active') return
  call.waitingSince = null
  record(held, { by: 'citizen' }, 'call-left', { call: call.id, role: 'citizen', waiting: true }, world.now)
  if (call.state === 'ringing') call.state = 'asked'
  await answerRings(trx, call.id, 'unanswered', world.now, { purpose: 'first' })
}

export type Accepted = 'done' | 'gone' | 'taken'

/** Who accepts gets the conversation too. A colleague who was asked to come as well changes nothing but their ring. */
export async function accept({ trx, call, held, rings, world }: HeldCall, operatorId: OperatorId): Promise<Accepted> {
  if (!isOpen(call)) return 'gone'
  const mine = rings.find((each) => each.operatorId === operatorId && each.outcome === null)
  const author = { by: 'operator', id: operatorId } as const
  if (call.state === 'accepted' || call.state === 'active') {
    if (call.operatorId !== operatorId && mine?.purpose !== 'also') return 'taken'
    await answerRings(trx, call.id, 'accepted', world.now, { operatorId })
    if (call.operatorId !== operatorId) record(held, author, 'call-accepted', { call: call.id, also: true }, world.now)
    return 'done'
  }
  await answerRings(trx, call.id, 'accepted', world.now, { operatorId })
  await answerRings(trx, call.id, 'unanswered', world.now, { purpose: 'first' })
  call.state = 'accepted'
  call.operatorId = operatorId
  call.acceptedAt = world.now
  record(held, author, 'call-accepted', { call: call.id, waited: call.waitingSince ? world.now.getTime() - call.waitingSince.getTime() : null }, world.now)
  if (held.state !== 'assigned' || held.operatorId !== operatorId) apply(held, { do: 'assign', operatorId }, author, world)
  return 'done'
}

/** With words, the call is refused for good; without, it rings on to the next. */
export async function decline(all: HeldCall, operatorId: OperatorId, text: string | undefined): Promise<boolean> {
  const { trx, call, held, world, rings } = all
  if (!isOpen(call) || call.state === 'active') return false
  const author = { by: 'operator', id: operatorId } as const
  await answerRings(trx, call.id, 'declined', world.now, { operatorId })
  if (text === undefined) {
    if (call.state !== 'ringing' || !rings.some((each) => each.operatorId === operatorId && each.outcome === null)) return false
    record(held, author, 'call-declined', { call: call.id, on: true }, world.now)
    await ringNext(all, operatorId)
    return true
  }
  close(all, 'declined', 'declined', author)
  record(held, author, 'call-declined', { call: call.id }, world.now)
  apply(held, { do: 'say', content: { text: text.trim() || callWords[held.language].declined } }, author, world)
  await answerRings(trx, call.id, 'unanswered', world.now)
  return true
}

/** Somebody is in the room. Where Jitsi reports its rooms, nobody can be in one that it has not opened. */
export async function join(all: HeldCall, person: Pick<Person, 'role' | 'key' | 'name'>): Promise<boolean> {
  const { trx, call, held, world, timing, people } = all
  if (call.state !== 'accepted' && call.state !== 'active') return false
  if (timing.isReported && !call.roomOpenedAt) return false
  if (!await personJoins(trx, call.id, person, world.now)) {
    await seePerson(trx, call.id, person, world.now)
    return true
  }
  const { role } = person
  const author = authorOf(person)
  record(held, author, 'call-joined', { call: call.id, role, ...(role === 'guest' && { name: person.name }) }, world.now)
  if (role === 'operator') {
    call.operatorJoinedAt ??= world.now
    await answerRings(trx, call.id, 'accepted', world.now, { operatorId: person.key })
    const partner = people.find((each) => each.role === 'operator' && each.key === call.operatorId)
    // Handed over: whoever is there now has the call.
    if (call.operatorId !== person.key && (!partner || !isHere(partner, world.now))) hand(all, person.key, author)
  }
  if (role === 'citizen') call.citizenJoinedAt ??= world.now
  const isThere = (wanted: Person['role']) => role === wanted || people.some((each) => each.role === wanted && isHere(each, world.now))
  if (call.state === 'accepted' && isThere('citizen') && isThere('operator')) {
    call.state = 'active'
    call.startedAt = world.now
  }
  return true
}

/** Out of the room; the call goes on for the others. */
export async function leave(all: HeldCall, person: Pick<Person, 'role' | 'key'>, at = all.world.now): Promise<boolean> {
  const { trx, call, held, world, people } = all
  if (!await personLeaves(trx, call.id, person, at)) return false
  record(held, authorOf(person), 'call-left', { call: call.id, role: person.role }, world.now)
  if (person.role === 'operator' && person.key === call.operatorId && isOpen(call)) {
    const colleague = people.find((each) => each.role === 'operator' && each.key !== person.key && isHere(each, world.now))
    if (colleague) hand(all, colleague.key, { by: 'operator', id: person.key })
  }
  return true
}

function hand({ call, held, world }: HeldCall, operatorId: OperatorId, author: Author): void {
  call.operatorId = operatorId
  if (held.state !== 'closed' && held.operatorId !== operatorId) apply(held, { do: 'assign', operatorId }, author, world)
}

/** Ended by an operator, by Jitsi, or because nobody is left. */
export async function end(all: HeldCall, author: Author, given: { at?: Date; outcome?: string | undefined; note?: string | undefined } = {}): Promise<boolean> {
  const { trx, call, held, world } = all
  if (!isOpen(call)) return false
  const at = given.at ?? world.now
  const took = call.startedAt ? Math.max(0, at.getTime() - call.startedAt.getTime()) : 0
  close(all, 'ended', given.outcome ?? null, author, at)
  call.note = given.note ?? null
  await answerRings(trx, call.id, 'unanswered', world.now)
  for (const person of all.people) if (person.leftAt === null) await personLeaves(trx, call.id, person, at)
  record(held, author, 'call-ended', { call: call.id, ms: took, outcome: call.outcome, ...(given.note && { note: given.note }) }, world.now)
  if (given.note) apply(held, { do: 'note', text: given.note }, author, world)
  return true
}

function close({ call, world }: HeldCall, state: 'ended' | 'missed' | 'declined' | 'expired', outcome: string | null, _author: Author, at = world.now): void {
  call.state = state
  call.outcome = outcome
  call.endedAt = at
  call.waitingSince = null
}

/** Rings the next free operator; after the last, begins again with those who did not refuse. False: there is nobody. */
export async function ringNext({ trx, call, held, rings, world }: HeldCall, besides?: OperatorId): Promise<boolean> {
  const free = (await freeOperators(trx, call, held.operatorId)).filter((id) => id !== besides && !rings.some((each) => each.operatorId === id && each.outcome === 'declined'))
  const next = free.find((id) => !rings.some((each) => each.operatorId === id)) ?? free[0]
  if (next === undefined) return false
  await ring(trx, call.id, next, 'first', world.now)
  return true
}

/** What time alone brings. True: something changed. */
export async function timePasses(all: HeldCall, citizenSeen: Date | null): Promise<boolean> {
  const { trx, call, held, rings, people, world, timing } = all
  const { now } = world
  const since = (at: Date | null) => (at ? now.getTime() - at.getTime() : 0)
  const system = { by: 'system' } as const
  const here = (role: Person['role']) => people.some((person) => person.role === role && isHere(person, now))
  if (!isOpen(call)) return false
  // Whoever closes the conversation has ended its call.
  if (held.state === 'closed') return end(all, system)

  let changed = false
  for (const person of people) {
    if (person.leftAt === null && !isHere(person, now)) changed = await leave(all, person, person.seenAt) || changed
  }
  if (call.state !== 'active' && !here('citizen') && call.waitingSince && (citizenSeen === null || since(citizenSeen) > goneMs)) {
    await walkAway(all)
    return true
  }
  if (call.state === 'active' || (call.state === 'accepted' && call.roomClosedAt)) {
    if (call.roomClosedAt && since(call.roomClosedAt) > (people.some((person) => isHere(person, now)) ? graceMs : 0)) {
      return end(all, system, { at: call.roomClosedAt })
    }
    const lastSeen = people.filter(({ role }) => role === 'operator').map(({ leftAt, seenAt }) => leftAt ?? seenAt).reduce((a, b) => (a > b ? a : b), call.startedAt ?? call.askedAt)
    if (!here('operator') && since(lastSeen) > graceMs) return end(all, system, { at: lastSeen })
    return changed
  }
  if (call.state === 'ringing' && since(call.waitingSince) >= timing.noShow) {
    close(all, 'missed', 'no-operator', system)
    record(held, system, 'call-missed', { call: call.id, by: 'operator' }, now)
    apply(held, { do: 'say', content: { text: callWords[held.language].missed } }, system, world)
    await answerRings(trx, call.id, 'unanswered', now)
    return true
  }
  if (call.state === 'ringing') {
    const ringing = rings.find((each) => each.outcome === null && each.purpose === 'first')
    if (ringing && since(ringing.at) < timing.ringFor) return changed
    if (ringing) await answerRings(trx, call.id, 'unanswered', now, { operatorId: ringing.operatorId })
    return await ringNext(all) || ringing !== undefined || changed
  }
  if (call.state === 'accepted' && call.askedBy === 'citizen' && !here('operator') && call.waitingSince && since(call.operatorJoinedAt ?? call.acceptedAt) > timing.ringFor * 2) {
    record(held, system, 'call-missed', { call: call.id, by: 'operator', on: true, operator: call.operatorId }, now)
    call.state = 'ringing'
    call.operatorId = null
    call.acceptedAt = null
    await ringNext(all)
    return true
  }
  if (call.state === 'accepted' && here('operator') && !here('citizen') && !call.waitingSince && since(latest(call.operatorJoinedAt, call.acceptedAt)) >= timing.noShow) {
    close(all, 'missed', 'no-citizen', system)
    record(held, system, 'call-missed', { call: call.id, by: 'citizen' }, now)
    apply(held, { do: 'say', content: { text: callWords[held.language].absent } }, system, world)
    await answerRings(trx, call.id, 'unanswered', now)
    return true
  }
  if (now >= call.expiresAt && !here('citizen')) {
    close(all, 'expired', 'expired', system)
    record(held, system, 'call-expired', { call: call.id }, now)
    await answerRings(trx, call.id, 'unanswered', now)
    return true
  }
  return changed
}

const latest = (a: Date | null, b: Date | null): Date | null => (a && b ? (a > b ? a : b) : a ?? b)

function authorOf({ role, key }: Pick<Person, 'role' | 'key'>): Author {
  if (role === 'operator') return { by: 'operator', id: key }
  return role === 'citizen' ? { by: 'citizen' } : { by: 'system' }
}
