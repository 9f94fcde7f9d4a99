/** An operator reacts to a citizen's message, or takes that back. */

import { Router } from 'express'
import { z } from 'zod'
import type { ReactionEmoji } from '../operator-api.types.ts'
import { notFound, operatorOf, Refused, wanted } from './access.ts'
import type { Api } from './api.ts'
import { visible } from './visible.ts'

/** Each channel that takes reactions knows these. */
const emojis = ['👍', '🙏', '👏', '🎉', '😢'] as const satisfies ReactionEmoji[]

export function reactions(api: Api): Router {
  const router = Router()

  router.put('/messages/:id/reaction', async (request, response) => {
    const operator = operatorOf(response)
    const messageId = wanted(z.string().regex(/^\d{1,18}$/), request.params.id)
    const message = await api.gateway.pool.db.selectFrom('message').select('conversation_id').where('id', '=', messageId).executeTakeFirst()
    if (!message) throw notFound()
    const { may } = await visible(api, operator, message.conversation_id)
    const { emoji } = wanted(z.strictObject({ emoji: z.enum(emojis).nullable() }), request.body)
    if (!may.includes('reply')) throw new Refused(403, 'forbidden', 'Não pode fazer isto nesta conversa.', { permission: 'reply' })
    const outcome = await api.gateway.react({ messageId, operatorId: operator.id, emoji })
    if (outcome === 'impossible') throw new Refused(409, 'no-reactions', 'Aqui não se pode reagir a esta mensagem.')
    if (outcome === 'not-open') throw new Refused(409, 'not-open', 'Este canal não está ligado neste momento.')
    if (outcome !== 'done') throw new Refused(409, 'refused', `O canal recusou a reação: ${outcome.refused.pt}`, { detail: outcome.refused })
    response.status(204).end()
  })

  return router
}
