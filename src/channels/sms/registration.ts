/** Tells Twilio where to call; and says whether everything there is as it must be. */

import type { ChannelCheck, Host } from '../../core/channel.ts'
import { SendError } from '../../core/channel.ts'
import { checksOf } from '../checks.ts'
import type { Client } from './client.ts'
import type { SmsConfig } from './config.ts'
import { failureOf } from './failures.ts'
import { isPhone } from './numbers.ts'
import type { SmsPayload } from './normalise.ts'
import { tryAgain } from './webhook.ts'

/** The numbers that citizens write to. None for a name, which nobody can answer. */
export async function numbersOf({ api }: Client, { from, messagingServiceSid }: SmsConfig): Promise<string[]> {
  if (messagingServiceSid) {
    const numbers = await api.messaging.v1.services(messagingServiceSid).phoneNumbers.list({ limit: 400 })
    return numbers.map(({ phoneNumber }) => phoneNumber)
  }
  return isPhone(from) ? [from] : []
}

export async function register(
  { api }: Client,
  { from, messagingServiceSid }: SmsConfig,
  host: Host<SmsPayload>,
): Promise<void> {
  const url = host.publicUrl + tryAgain
  if (messagingServiceSid) {
    const service = api.messaging.v1.services(messagingServiceSid)
    const { inboundRequestUrl, inboundMethod, useInboundWebhookOnNumber } = await service.fetch()
    if (inboundRequestUrl === url && inboundMethod === 'POST' && !useInboundWebhookOnNumber) return
    await service.update({ inboundRequestUrl: url, inboundMethod: 'POST', useInboundWebhookOnNumber: false })
    return
  }
  if (!isPhone(from)) return
  const [number] = await api.incomingPhoneNumbers.list({ phoneNumber: from, limit: 1 })
  if (!number) throw new SendError('misconfigured', `${from} não é um número desta conta`)
  if (number.smsUrl !== url || number.smsMethod !== 'POST')
    await api.incomingPhoneNumbers(number.sid).update({ smsUrl: url, smsMethod: 'POST' })
}

const tried = checksOf(failureOf)

/** For `balcao doctor`: asks, changes nothing. */
export async function check(client: Client, config: SmsConfig, host: Host<SmsPayload>): Promise<ChannelCheck[]> {
  const { api } = client
  return [
    await tried(
      'account',
      'See accountSid and authToken (or apiKey and apiSecret) at console.twilio.com, and that the account is paid.',
      async () => {
        const account = await api.api.v2010.accounts(config.accountSid).fetch()
        return { ok: account.status === 'active', detail: `${account.type}, ${account.status}` }
      },
    ),
    await tried(
      'webhook',
      `Set the number's SMS webhook to ${host.publicUrl} by POST, or leave registerWebhook on.`,
      async () => {
        if (config.messagingServiceSid) {
          const { inboundRequestUrl, useInboundWebhookOnNumber } = await api.messaging.v1
            .services(config.messagingServiceSid)
            .fetch()
          return {
            ok: isOurs(inboundRequestUrl, host) && !useInboundWebhookOnNumber,
            detail: inboundRequestUrl || 'the service calls nobody',
          }
        }
        if (!isPhone(config.from)) return { ok: true, detail: 'a name, which nobody can answer' }
        const [number] = await api.incomingPhoneNumbers.list({ phoneNumber: config.from, limit: 1 })
        return {
          ok: isOurs(number?.smsUrl, host),
          detail: number ? number.smsUrl || 'the number calls nobody' : 'the number is not of this account',
        }
      },
    ),
    {
      name: 'public address',
      ok: !isLocal(host.publicUrl, config),
      detail: host.publicUrl,
      ...(isLocal(host.publicUrl, config) && {
        fix: 'Twilio cannot reach this address: set server.publicUrl to one that opens from outside.',
      }),
    },
  ]
}

/** Twilio refuses to call such an address, and with it the message. */
export const isLocal = (url: string, { baseUrl }: SmsConfig): boolean =>
  !baseUrl && /^https?:\/\/(localhost|127\.|10\.|192\.168\.|\[::1\])/.test(url)

const isOurs = (url: string | undefined, host: Host<SmsPayload>) => url?.split('#', 1)[0] === host.publicUrl
