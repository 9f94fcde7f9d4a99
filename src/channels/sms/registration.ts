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
  if (!number) throw new SendError('misconfigured', { pt: `${from} não é um número desta conta`, en: `${from} is not a number of this account` })
  if (number.smsUrl !== url || number.smsMethod !== 'POST')
    await api.incomingPhoneNumbers(number.sid).update({ smsUrl: url, smsMethod: 'POST' })
}

const tried = checksOf(failureOf)

/** For `balcao doctor`: asks, changes nothing. */
export async function check(client: Client, config: SmsConfig, host: Host<SmsPayload>): Promise<ChannelCheck[]> {
  const { api } = client
  return [
    await tried(
      { pt: 'conta', en: 'account' },
      {
        pt: 'Veja accountSid e authToken (ou apiKey e apiSecret) em console.twilio.com, e se a conta está paga.',
        en: 'See accountSid and authToken (or apiKey and apiSecret) at console.twilio.com, and that the account is paid.',
      },
      async () => {
        const account = await api.api.v2010.accounts(config.accountSid).fetch()
        return { ok: account.status === 'active', detail: `${account.type}, ${account.status}` }
      },
    ),
    await tried(
      'webhook',
      {
        pt: `Aponte o webhook de SMS do número para ${host.publicUrl}, por POST, ou deixe registerWebhook ligado.`,
        en: `Set the number's SMS webhook to ${host.publicUrl} by POST, or leave registerWebhook on.`,
      },
      async () => {
        if (config.messagingServiceSid) {
          const { inboundRequestUrl, useInboundWebhookOnNumber } = await api.messaging.v1
            .services(config.messagingServiceSid)
            .fetch()
          return {
            ok: isOurs(inboundRequestUrl, host) && !useInboundWebhookOnNumber,
            detail: inboundRequestUrl || { pt: 'o serviço não chama ninguém', en: 'the service calls nobody' },
          }
        }
        if (!isPhone(config.from)) return { ok: true, detail: { pt: 'um nome, a que ninguém pode responder', en: 'a name, which nobody can answer' } }
        const [number] = await api.incomingPhoneNumbers.list({ phoneNumber: config.from, limit: 1 })
        return {
          ok: isOurs(number?.smsUrl, host),
          detail: number
            ? number.smsUrl || { pt: 'o número não chama ninguém', en: 'the number calls nobody' }
            : { pt: 'o número não é desta conta', en: 'the number is not of this account' },
        }
      },
    ),
    {
      name: { pt: 'endereço público', en: 'public address' },
      ok: !isLocal(host.publicUrl, config),
      detail: host.publicUrl,
      ...(isLocal(host.publicUrl, config) && {
        fix: {
          pt: 'O Twilio não chega a este endereço: ponha em server.publicUrl um que abra de fora.',
          en: 'Twilio cannot reach this address: set server.publicUrl to one that opens from outside.',
        },
      }),
    },
  ]
}

/** Twilio refuses to call such an address, and with it the message. */
export const isLocal = (url: string, { baseUrl }: SmsConfig): boolean =>
  !baseUrl && /^https?:\/\/(localhost|127\.|10\.|192\.168\.|\[::1\])/.test(url)

const isOurs = (url: string | undefined, host: Host<SmsPayload>) => url?.split('#', 1)[0] === host.publicUrl
