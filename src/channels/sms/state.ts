/** What an admin is told about the number. */

import type { Host } from '../../core/channel.ts'
import { openState, type State } from '../state.ts'
import type { SmsPayload } from './normalise.ts'

export const stateOf = (host: Host<SmsPayload>): State =>
  openState(host, {
    attention: (detail) => ({
      pt:
        `Os SMS precisam de atenção: ${detail.pt}. Veja a conta em console.twilio.com e «balcao ` +
        `channel test ${host.channelId}».`,
      en:
        `SMS needs attention: ${detail.en}. See the account at console.twilio.com, and "balcao ` +
        `channel test ${host.channelId}".`,
    }),
    trouble: (detail) => ({
      pt:
        `O Twilio não responde como devia (${detail.pt}). Tenta-se de novo; o que chegar ` +
        `entretanto é lido da lista de mensagens.`,
      en:
        `Twilio does not answer as it should (${detail.en}). It is being tried again; what ` +
        `arrives meanwhile is read from the list of messages.`,
    }),
  })
