/** Forms of the rulebook that an operator fills together with the citizen: which there are, and how the answers read. Keeps nothing. */

import { Router } from 'express'
import { z } from 'zod'
import type { BotContext, Operator } from '../core/model.ts'
import { botContext } from '../core/town.ts'
import type { FormOffer, FormReading } from '../operator-api.types.ts'
import { notFound, operatorOf, wanted } from './access.ts'
import type { Api } from './api.ts'
import { answersFrom, filesSent, given } from './given.ts'
import { visible } from './visible.ts'

const language = z.enum(['pt', 'en', 'es', 'fr'])

export function forms(api: Api): Router {
  const router = Router()

  router.get('/conversations/:id/forms', async (request, response) => {
    const reader = wanted(language, request.query.language ?? 'pt')
    const context = await contextOf(operatorOf(response), request.params.id)
    response.json((api.bot().forms?.offered(context, reader) ?? []) satisfies FormOffer[])
  })

  router.post('/conversations/:id/forms/:form', async (request, response) => {
    const body = wanted(z.strictObject({ given, language }), request.body)
    const context = await contextOf(operatorOf(response), request.params.id)
    const { db } = api.gateway.pool
    const steps = api.bot().forms?.read(request.params.form, await answersFrom(db, request.params.id, body.given), context, body.language)
    if (!steps) throw notFound()
    const complete = steps.every(({ optional, shown, problem }) => problem === null && (optional || shown !== null))
    const sent = steps.some(({ type }) => type === 'file') ? await filesSent(db, request.params.id) : []
    response.json({ steps, complete, sent } satisfies FormReading)
  })

  /** What the bot would know of this conversation at this moment. */
  async function contextOf(operator: Operator, conversationId: string): Promise<BotContext> {
    const { reference, language: spoken, channelId, departmentId, citizen } = await visible(api, operator, conversationId)
    const known = await api.gateway.pool.db.selectFrom('citizen').select('attributes').where('id', '=', citizen.id).executeTakeFirst()
    const person = { name: citizen.name, attributes: known?.attributes ?? {}, isNew: false }
    return botContext(api.town(), { reference, language: spoken, departmentId, citizen: person }, { channelId }, api.now())
  }

  return router
}
