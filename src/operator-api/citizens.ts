/** Citizens: who they are, where they write from, what was said before. */

import { Router } from 'express'
import { sql } from 'kysely'
import { z } from 'zod'
import { type Joining, linkIdentity, mergeConversations, splitConversation, undoLink } from '../core/join.ts'
import type { Operator } from '../core/model.ts'
import { visibleTo } from '../core/policy.ts'
import type { CitizenView } from '../operator-api.types.ts'
import { notFound, operatorOf, wanted } from './access.ts'
import type { Api } from './api.ts'
import { labelOf } from './present.ts'
import { visible } from './visible.ts'

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
    label: citizen.name ?? labelOf(first?.address ?? null, first ? api.presenting.kindOf(first.channel_id) : ''),
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
  const db = api.gateway.pool.db
  const joining: Joining = { pool: api.gateway.pool, signals: api.gateway.signals, now: api.now, referencePrefix: () => api.town().referencePrefix }

  router.get('/citizens', async (request, response) => {
    const operator = operatorOf(response)
    const { q } = wanted(z.object({ q: z.string().min(2).max(200) }), request.query)
    const like = `%${q.replace(/[\\%_]/g, '\\$&')}%`
    const { rows } = await sql<{ id: string }>`
      select p.id::text from citizen p where exists (select from conversation c where c.citizen_id = p.id and ${visibleTo(operator, 'c')})
        and (without_accents(p.name) like without_accents(${like}) or exists (
          select from identity i where i.citizen_id = p.id and (i.address ilike ${like} or i.phone like ${like} or i.email ilike ${like})))
      order by p.id desc limit 20`.execute(db)
    const found = await Promise.all(rows.map(({ id: one }) => readCitizen(api, operator, one)))
    response.json(found.filter((citizen) => citizen !== undefined))
  })

  router.get('/citizens/:id', async (request, response) => void response.json(await known(operatorOf(response), request.params.id)))

  router.put('/citizens/:id', async (request, response) => {
    const operator = operatorOf(response)
    const { id: citizenId } = await known(operator, request.params.id)
    const { name, attributes, tags, language } = wanted(z.strictObject({
      name: z.string().max(200).optional(), attributes: z.record(z.string().regex(/^[\w.-]{1,60}$/), z.string().max(500)).optional(),
      tags: z.array(z.string().min(1).max(60)).max(50).optional(), language: z.enum(['pt', 'en', 'es', 'fr']).optional(),
    }), request.body)
    await db.updateTable('citizen').set({
      ...(name !== undefined && { name: name.trim() || null }), ...(attributes && { attributes: JSON.stringify(attributes) }),
      ...(tags && { tags }), ...(language && { language }), changed_at: api.now(),
    }).where('id', '=', citizenId).execute()
    await changedCitizen(citizenId)
    response.json(await known(operator, citizenId))
  })

  router.post('/citizens/:id/link', async (request, response) => {
    const operator = operatorOf(response)
    const { identityId, proof } = wanted(z.strictObject({ identityId: id, proof: z.string().min(3).max(300) }), request.body)
    if (!await linkIdentity(joining, operator, identityId, wanted(id, request.params.id), proof)) throw notFound()
    response.json(await known(operator, request.params.id))
  })

  router.post('/links/:id/undo', async (request, response) => {
    const operator = operatorOf(response)
    const link = await db.selectFrom('identity_link').select('to_citizen_id').where('id', '=', wanted(id, request.params.id)).executeTakeFirst()
    if (!link || !await undoLink(joining, operator, request.params.id)) throw notFound()
    const citizen = await readCitizen(api, operator, link.to_citizen_id)
    response.json(citizen ?? null)
  })

  router.post('/conversations/:id/merge', async (request, response) => {
    const operator = operatorOf(response)
    const { into } = wanted(z.strictObject({ into: id }), request.body)
    if (!await mergeConversations(joining, operator, wanted(id, request.params.id), into)) throw notFound()
    response.json(await visible(api, operator, into))
  })

  router.post('/conversations/:id/split', async (request, response) => {
    const operator = operatorOf(response)
    const { fromSeq } = wanted(z.strictObject({ fromSeq: z.number().int().min(2) }), request.body)
    const made = await splitConversation(joining, operator, wanted(id, request.params.id), fromSeq)
    if (!made) throw notFound()
    response.json(await visible(api, operator, made))
  })

  async function known(operator: Operator, citizenId: string): Promise<CitizenView> {
    const citizen = await readCitizen(api, operator, wanted(id, citizenId))
    if (!citizen) throw notFound()
    return citizen
  }

  async function changedCitizen(citizenId: string): Promise<void> {
    const open = await db.updateTable('conversation').set((eb) => ({ version: eb('version', '+', 1) })).where('citizen_id', '=', citizenId).where('state', '<>', 'closed').returning('id').execute()
    await api.gateway.signals.broadcast({ type: 'changed', changes: open.map(({ id: conversationId }) => ({ conversationId })) })
  }

  return router
}
