/** What an admin is told about the bot, said once a change; and since when messages may be missing. */

import type { ChannelState, Host, SendError } from '../../core/channel.ts'
import { fields, time } from './fields.ts'
import type { TeamsPayload } from './normalise.ts'

export interface State {
  tell(status: ChannelState['status'], reason?: ChannelState['reason']): void
  failed(error: SendError): void
}

/** Teams tries two to four times, fifteen seconds each, and then no more. */
const repeatsMs = 60_000
export const markEveryMs = 30_000

/** `memory` is when this channel was last seen alive. */
export function openState(host: Host<TeamsPayload>, memory: unknown): State {
  const seen = time(fields(memory)?.at)
  const gap = seen && host.now().getTime() - seen.getTime() > repeatsMs + markEveryMs ? { gapSince: seen } : {}
  let told = ''
  function tell(status: ChannelState['status'], reason?: ChannelState['reason']): void {
    const state: ChannelState = { status, ...(reason && { reason }), ...gap }
    const words = JSON.stringify(state)
    if (words === told) return
    told = words
    host.report(state)
  }
  return {
    tell,
    failed(error) {
      if (error.reason === 'misconfigured') {
        return tell('needs-attention', {
          pt:
            `A Microsoft não aceita este bot (${error.message}). Veja appId, appPassword e tenantId: o segredo pode ter ` +
            `expirado no Entra.`,
          en:
            `Microsoft does not accept this bot (${error.message}). See appId, appPassword and tenantId: the secret may ` +
            `have expired in Entra.`,
        })
      }
      tell('degraded', {
        pt: `Sem resposta útil da Microsoft (${error.message}). Tenta-se de novo.`,
        en: `No useful answer from Microsoft (${error.message}). It is being tried again.`,
      })
    },
  }
}
