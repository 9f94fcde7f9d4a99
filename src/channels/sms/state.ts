/** What an admin is told about the number, said once a change. */

import type { ChannelState, Host, SendError } from '../../core/channel.ts'
import type { SmsPayload } from './normalise.ts'

export interface State {
  tell(status: ChannelState['status'], reason?: ChannelState['reason']): void
  failed(error: SendError): void
}

export function openState(host: Host<SmsPayload>): State {
  let told = ''
  function tell(status: ChannelState['status'], reason?: ChannelState['reason']): void {
    const state: ChannelState = { status, ...(reason && { reason }) }
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
            `Os SMS precisam de atenção: ${error.message}. Veja a conta em console.twilio.com e «balcao ` +
            `channel test ${host.channelId}».`,
          en:
            `SMS needs attention: ${error.message}. See the account at console.twilio.com, and "balcao ` +
            `channel test ${host.channelId}".`,
        })
      }
      tell('degraded', {
        pt:
          `O Twilio não responde como devia (${error.message}). Tenta-se de novo; o que chegar ` +
          `entretanto é lido da lista de mensagens.`,
        en:
          `Twilio does not answer as it should (${error.message}). It is being tried again; what ` +
          `arrives meanwhile is read from the list of messages.`,
      })
    },
  }
}
