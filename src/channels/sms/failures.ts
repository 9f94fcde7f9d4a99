/**
 * What went wrong → what to do about it. Never Twilio's own words, which name the number, nor axios's error, which
 * holds the password.
 */

import { SendError, type SendFailure, type Words } from '../../core/channel.ts'
import { cutOff } from '../cut.ts'

/** https://www.twilio.com/docs/api/errors. What is not here is judged by its HTTP status. */
const refusals: Record<number, [SendFailure, Words]> = {
  20003: ['misconfigured', { pt: 'as credenciais não são aceites', en: 'the credentials are not accepted' }],
  20005: ['misconfigured', { pt: 'a conta não está ativa', en: 'the account is not active' }],
  20008: ['misconfigured', { pt: 'as credenciais são de teste', en: 'the credentials are for tests' }],
  20404: ['misconfigured', { pt: 'a conta ou o serviço não existe', en: 'there is no such account or service' }],
  20429: ['throttled', { pt: 'demasiados pedidos', en: 'too many requests' }],
  21211: ['rejected', { pt: 'o número não é válido', en: 'the number is not valid' }],
  21212: ['misconfigured', { pt: 'o número de envio não é válido', en: 'the sending number is not valid' }],
  21266: ['rejected', { pt: 'o número é o nosso', en: 'the number is our own' }],
  21408: ['rejected', { pt: 'a conta não pode escrever para este país', en: 'the account may not write to this country' }],
  21603: ['misconfigured', { pt: 'falta o número de envio', en: 'the sending number is missing' }],
  21606: ['misconfigured', { pt: 'o número de envio não é desta conta ou não envia SMS', en: 'the sending number is not of this account or sends no SMS' }],
  21608: ['rejected', { pt: 'a conta de experiência só escreve a números confirmados', en: 'a trial account writes only to confirmed numbers' }],
  21609: ['misconfigured', { pt: 'o Twilio não aceita o endereço público deste canal', en: "Twilio does not take this channel's public address" }],
  21610: ['blocked', { pt: 'a pessoa pediu para não receber mensagens', en: 'the person asked for no messages' }],
  21611: ['throttled', { pt: 'a fila do número de envio está cheia', en: "the sending number's queue is full" }],
  21612: ['rejected', { pt: 'este número não pode ser alcançado a partir do nosso', en: 'this number cannot be reached from ours' }],
  21614: ['rejected', { pt: 'o número não é de telemóvel', en: 'the number is not a mobile' }],
  21617: ['rejected', { pt: 'a mensagem é demasiado longa', en: 'the message is too long' }],
  21619: ['rejected', { pt: 'a mensagem está vazia', en: 'the message is empty' }],
  21635: ['rejected', { pt: 'o número é fixo', en: 'the number is a landline' }],
  21659: ['misconfigured', { pt: 'o número de envio não é desta conta', en: 'the sending number is not of this account' }],
  21660: ['misconfigured', { pt: 'o número de envio não é desta conta', en: 'the sending number is not of this account' }],
  21703: ['misconfigured', { pt: 'o serviço de mensagens não tem números', en: 'the messaging service has no numbers' }],
  21705: ['misconfigured', { pt: 'o serviço de mensagens não existe', en: 'there is no such messaging service' }],
  14107: ['throttled', { pt: 'demasiadas mensagens', en: 'too many messages' }],
  30001: ['throttled', { pt: 'a fila está cheia', en: 'the queue is full' }],
  30002: ['misconfigured', { pt: 'a conta está suspensa', en: 'the account is suspended' }],
}

/**
 * https://www.twilio.com/docs/messaging/guides/debugging-common-issues: why a message that was taken did not arrive.
 */
const undelivered: Record<string, Words> = {
  30001: { pt: 'fila cheia', en: 'queue full' },
  30002: { pt: 'conta suspensa', en: 'account suspended' },
  30003: { pt: 'telefone desligado ou sem rede', en: 'phone switched off or without network' },
  30004: { pt: 'bloqueada pelo destinatário ou pela operadora', en: 'blocked by the person or by the operator' },
  30005: { pt: 'número desconhecido ou inativo', en: 'number unknown or not in use' },
  30006: { pt: 'telefone fixo, ou operadora que não se alcança', en: 'landline, or an operator that cannot be reached' },
  30007: { pt: 'filtrada pela operadora', en: 'filtered by the operator' },
  30008: { pt: 'a operadora não disse porquê', en: 'the operator did not say why' },
  30034: { pt: 'número de envio por registar', en: 'sending number not registered' },
  30410: { pt: 'a operadora não respondeu a tempo', en: 'the operator did not answer in time' },
  21610: { pt: 'a pessoa pediu para não receber mensagens', en: 'the person asked for no messages' },
  30036: { pt: 'passou o prazo de validade', en: 'its validity ran out' },
  63038: { pt: 'limite diário da conta', en: 'daily limit of the account' },
}

const unsaid: Words = { pt: 'não entregue', en: 'not delivered' }

export function undeliveredBecause(code: string | undefined): Words {
  if (code === undefined) return unsaid
  const { pt, en } = Object.hasOwn(undelivered, code) ? undelivered[code]! : unsaid
  return { pt: `${code}: ${pt}`, en: `${code}: ${en}` }
}

export function failureOf(error: unknown): SendError {
  if (error instanceof SendError) return error
  const { status, code } = (typeof error === 'object' && error !== null ? error : {}) as {
    status?: unknown
    code?: unknown
  }
  if (typeof status === 'number' && !isAxios(error)) return refusal(status, typeof code === 'number' ? code : undefined)
  return cutOff(error, 'ao Twilio')
}

export function refusal(status: number, code: number | undefined, retryAfterMs?: number): SendError {
  const [reason, words] = (code !== undefined && refusals[code]) || byStatus(status)
  return new SendError(reason, { pt: `${code ?? status}: ${words.pt}`, en: `${code ?? status}: ${words.en}` }, reason === 'throttled' ? retryAfterMs : undefined)
}

/**
 * https://www.twilio.com/docs/api/errors/20500: after a 500 a message may go out twice. 20503: the service was not
 * there.
 */
function byStatus(status: number): [SendFailure, Words] {
  if (status === 429) return ['throttled', { pt: 'demasiados pedidos', en: 'too many requests' }]
  if (status === 401 || status === 403) return ['misconfigured', { pt: 'as credenciais não são aceites', en: 'the credentials are not accepted' }]
  if (status === 503) return ['unreachable', { pt: 'o serviço não está disponível', en: 'the service is not there' }]
  if (status >= 500) return ['ambiguous', { pt: 'o Twilio falhou a meio', en: 'Twilio failed halfway' }]
  return ['rejected', { pt: 'o pedido não é aceite', en: 'the request is not accepted' }]
}

const isAxios = (error: unknown) => typeof error === 'object' && error !== null && 'isAxiosError' in error
