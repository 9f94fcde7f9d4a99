/** Citizens: who they are, where they write from, what was said before. */

import { Router } from 'express'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Operator } from '../core/model.ts'
import { visibleTo } from '../core/policy.ts'
import type { CitizenView } from '../operator-api.types.ts'
import { notFound, operatorOf, wanted } from './access.ts'
import type { Api } from './api.ts'
import { labelOf } from './present.ts'

const id = z.string().regex(/^\d{1,18}$/)

/** undefined: there is none, or no conversation of theirs is for this operator's eyes. */
export async function readCitizen(api: Api, operator: Operator, citizenId: string): Promise<CitizenView | undefined> {
  const db = api.gateway.pool.db
  const citizen = await db.selectFrom('citizen').selectAll().where('id', '=', citizenId)
    .where((eb) => eb.exists(eb.selectFrom('conversation').select('id').whereRef('conversation.citizen_id', '=', 'citizen.id').where(visibleTo(operator))))
    .executeTakeFirst()
  if (!citizen) return undefined
  const [identities, conversations, links] = await Promise.all([
    db.selectFrom('identity').selectAll().where('citizen_id', '=', citizenId).orderBy('id').execute(),
    sql<{ id: string; reference: string; state: 'bot'; channelId: string; topic: string | null; openedAt: Date; closedAt: Date | null; score: number | null }>`
      select c.id::text, c.reference, c.state, c.channel_id as "channelId", c.topic, c.opened_at as "openedAt", c.closed_at as "closedAt",
        (select s.score from survey s where s.conversation_id = c.id order by s.id desc limit 1) as score
      from conversation c where c.citizen_id = ${citizenId} and ${visibleTo(operator, 'c')} order by c.id desc limit 50`.execute(db),
    db.selectFrom('identity_link').selectAll().where('to_citizen_id', '=', citizenId).where('undone_at', 'is', null).execute(),
  ])
  const first = identities[0]
  return {
    id: citizen.id, name: citizen.name,
    label: citizen.name ?? labelOf(first?.address ?? null, first ? api.presenting.kindOf(first.channel_id) : '', citizen.id),
    language: citizen.language as CitizenView['language'], attributes: citizen.attributes, tags: citizen.tags,
    identities: identities.map((row) => {
      const channelKind = api.presenting.kindOf(row.channel_id)
      return {
        id: row.id, channelId: row.channel_id, channelKind, address: channelKind === 'webchat' ? '' : row.address, name: row.name, phone: row.phone, email: row.email,
        verified: row.verified, blocked: row.blocked_at !== null, optedOut: row.opted_out_at !== null,
      }
    }),
    conversations: conversations.rows.map(({ openedAt, closedAt, ...row }) => (
      { ...row, channelKind: api.presenting.kindOf(row.channelId), openedAt: openedAt.toISOString(), closedAt: closedAt?.toISOString() ?? null })),
    links: links.map((row) => ({ id: row.id, proof: row.proof, operatorId: row.operator_id, at: row.at.toISOString(), identityId: row.identity_id })),
  }
}

export function citizens(api: Api): Router {
  const router = Router()
  router.get('/citizens/:id', async (request, response) => {
    const citizen = await readCitizen(api, operatorOf(response), wanted(id, request.params.id))
    if (!citizen) throw notFound()
    response.json(citizen)
  })
  return router
}
