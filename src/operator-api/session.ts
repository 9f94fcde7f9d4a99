/** Who I am, what this town has, and what I prefer. */

import { Router } from 'express'
import { z } from 'zod'
import type { LinkView, OperatorView, Session } from '../operator-api.types.ts'
import { operatorOf, wanted } from './access.ts'
import type { Api } from './api.ts'

export function session(api: Api, version: string): Router {
  const router = Router()
  const db = api.gateway.pool.db

  router.get('/session', async (_request, response) => {
    const operator = operatorOf(response)
    const config = api.config()
    const now = new Map(api.town().departmentsNow().map((department) => [department.id, department]))
    const operators = await allOperators(api)
    const answer: Session = {
      operator: operators.find(({ id }) => id === operator.id)!,
      municipality: {
        name: config.municipality.name, timezone: config.municipality.timezone, language: config.municipality.language, referencePrefix: config.municipality.referencePrefix,
      },
      departments: config.departments.map(({ id, name, sla }) => ({ id, name, warnBefore: sla?.firstResponse || sla?.resolution ? sla.warnBefore : null, open: now.get(id)?.open ?? true, opensAt: now.get(id)?.opensAt?.toISOString() ?? null })),
      channels: await api.channelViews(),
      operators,
      links: allLinks(api),
      topics: api.bot().topics,
      video: Boolean(config.video),
      undoSeconds: await api.undoSecondsOf(operator),
      version,
    }
    response.json(answer)
  })

  router.get('/channels/:id/templates', async (request, response) => {
    const connection = api.channels.all.get(request.params.id)?.connection
    response.json(await connection?.templates?.() ?? [])
  })

  router.put('/me', async (request, response) => {
    const operator = operatorOf(response)
    const change = wanted(z.strictObject({
      presence: z.enum(['online', 'busy', 'away']).optional(), language: z.enum(['pt', 'en', 'es', 'fr']).optional(),
      preferences: z.record(z.string().max(60), z.unknown()).optional(), capacity: z.number().int().min(1).max(500).optional(),
    }), request.body)
    const { preferences, ...rest } = change
    await db.updateTable('operator').set({
      ...(rest.presence && { presence: rest.presence }), ...(rest.language && { language: rest.language }), ...(rest.capacity && { capacity: rest.capacity }),
      ...(preferences && { preferences: JSON.stringify(preferences) }), seen_at: api.now(),
    }).where('id', '=', operator.id).execute()
    const operators = await allOperators(api)
    if (rest.presence) await api.gateway.signals.broadcast({ type: 'told', topic: 'operators', data: operators.map(({ id, presence }) => ({ id, presence })) })
    response.json(operators.find(({ id }) => id === operator.id))
  })

  return router
}

/** The config's catalogue, and what the bot's rulebook adds to it. */
function allLinks(api: Api): LinkView[] {
  const own = Object.entries(api.config().links).map(([id, { label, url, kind, topic }]): LinkView => ({ id, label, url, kind, ...(topic !== undefined && { topic }) }))
  const known = new Set(own.map(({ id }) => id))
  return [...own, ...api.bot().links.filter(({ id }) => !known.has(id))]
}

export async function allOperators(api: Api): Promise<OperatorView[]> {
  const rows = await api.gateway.pool.db.selectFrom('operator').selectAll().orderBy('name').execute()
  return rows.map((row) => ({
    id: row.id, name: row.name, email: row.email, role: row.role, departments: row.departments, language: row.language as OperatorView['language'],
    presence: row.presence, capacity: row.capacity, disabled: row.disabled_at !== null, preferences: row.preferences,
  }))
}
