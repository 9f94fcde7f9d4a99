/** What an admin is told about the number. */

import type { Host } from '../../core/channel.ts'
import { openState, type State } from '../state.ts'
import type { SmsPayload } from './normalise.ts'

export const stateOf = (host: Host<SmsPayload>): State =>
  openState(host, {
    attention: (detail) => ({
      pt:
        `Os SMS precisam de atenção: ${detail}. Veja a conta em console.twilio.com e «balcao ` +
        `channel test ${host.channelId}».`,
      en:
        `SMS needs attention: ${detail}. See the account at console.twilio.com, and "balcao ` +
        `channel test ${host.channelId}".`,
    }),
    trouble: (detail) => ({
      pt:
        `O Twilio não responde como devia (${detail}). Tenta-se de novo; o que chegar ` +
        `entretanto é lido da lista de mensagens.`,
      en:
        `Twilio does not answer as it should (${detail}). It is being tried again; what ` +
        `arrives meanwhile is read from the list of messages.`,
    }),
  })
