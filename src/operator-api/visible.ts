/** One conversation as this operator may see it, or a refusal that tells nothing. */

import type { Operator } from '../core/model.ts'
import { summaries } from '../core/store/lists.ts'
import type { ConversationSummary } from '../operator-api.types.ts'
import { notFound } from './access.ts'
import type { Api } from './api.ts'
import { presentSummary } from './present.ts'

export async function visible(api: Api, operator: Operator, conversationId: string): Promise<ConversationSummary> {
  const [row] = /^\d{1,18}$/.test(conversationId) ? await summaries(api.gateway.pool.db, operator, [conversationId]) : []
  if (!row) throw notFound()
  return presentSummary(row, operator, api.presenting)
}
