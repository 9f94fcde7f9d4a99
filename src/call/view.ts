/** A call as operators see it. */

import { isHere } from '../core/call.ts'
import { type Call, type Person, readCalls, readPeople, readRings, type Ring, type Where } from '../core/store/calls.ts'
import type { Db } from '../core/store/schema.ts'
import type { CallView } from '../operator-api.types.ts'

const iso = (at: Date | null) => at?.toISOString() ?? null

export function presentCall(call: Call, rings: Ring[], people: Person[], now: Date): CallView {
  return {
    id: call.id, state: call.state, operatorId: call.operatorId, askedBy: call.askedBy, outcome: call.outcome, departmentId: call.departmentId,
    askedAt: call.askedAt.toISOString(), acceptedAt: iso(call.acceptedAt), startedAt: iso(call.startedAt), endedAt: iso(call.endedAt), expiresAt: call.expiresAt.toISOString(),
    waitingSince: iso(call.waitingSince), citizenBrings: call.citizenBrings,
    rings: rings.filter(({ outcome }) => outcome === null).map(({ operatorId, purpose }) => ({ operatorId, purpose })),
    people: people.map((person) => ({ role: person.role, operatorId: person.role === 'operator' ? person.key : null, name: person.name, here: isHere(person, now) })),
  }
}

export async function viewCalls(db: Db, where: Where, now: Date): Promise<(CallView & { conversationId: string })[]> {
  const calls = await readCalls(db, where)
  const ids = calls.map(({ id }) => id)
  const [rings, people] = ids.length > 0 ? await Promise.all([readRings(db, ids), readPeople(db, ids)]) : [[], []]
  return calls.map((call) => ({
    conversationId: call.conversationId,
    ...presentCall(call, rings.filter(({ callId }) => callId === call.id), people.filter(({ callId }) => callId === call.id), now),
  }))
}
