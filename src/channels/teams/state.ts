/** What an admin is told about the bot, said once a change; and since when messages may be missing. */

import type { Host } from '../../core/channel.ts'
import { fields } from '../fields.ts'
import { openState, type State } from '../state.ts'
import { time } from './values.ts'
import type { TeamsPayload } from './normalise.ts'

/** Teams tries two to four times, fifteen seconds each, and then no more. */
const repeatsMs = 60_000
export const markEveryMs = 30_000

/** `memory` is when this channel was last seen alive. */
export function stateOf(host: Host<TeamsPayload>, memory: unknown): State {
  const seen = time(fields(memory)?.at)
  return openState(host, {
    gapSince: seen && host.now().getTime() - seen.getTime() > repeatsMs + markEveryMs ? seen : undefined,
    attention: (detail) => ({
      pt:
        `A Microsoft não aceita este bot (${detail.pt}). Veja appId, appPassword e tenantId: o segredo pode ter ` +
        `expirado no Entra.`,
      en:
        `Microsoft does not accept this bot (${detail.en}). See appId, appPassword and tenantId: the secret may ` +
        `have expired in Entra.`,
    }),
    trouble: (detail) => ({
      pt: `Sem resposta útil da Microsoft (${detail.pt}). Tenta-se de novo.`,
      en: `No useful answer from Microsoft (${detail.en}). It is being tried again.`,
    }),
  })
}
