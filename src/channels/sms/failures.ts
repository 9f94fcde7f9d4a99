/**
 * What went wrong → what to do about it. Never Twilio's own words, which name the number, nor axios's error, which
 * holds the password.
 */

import { SendError, type SendFailure } from '../../core/channel.ts'
import { cutOff } from '../cut.ts'

/** https://www.twilio.com/docs/api/errors. What is not here is judged by its HTTP status. */
const refusals: Record<number, [SendFailure, string]> = {
  20003: ['misconfigured', 'as credenciais não são aceites'],
  20005: ['misconfigured', 'a conta não está ativa'],
  20008: ['misconfigured', 'as credenciais são de teste'],
  20404: ['misconfigured', 'a conta ou o serviço não existe'],
  20429: ['throttled', 'demasiados pedidos'],
  21211: ['rejected', 'o número não é válido'],
  21212: ['misconfigured', 'o número de envio não é válido'],
  21266: ['rejected', 'o número é o nosso'],
  21408: ['rejected', 'a conta não pode escrever para este país'],
  21603: ['misconfigured', 'falta o número de envio'],
  21606: ['misconfigured', 'o número de envio não é desta conta ou não envia SMS'],
  21608: ['rejected', 'a conta de experiência só escreve a números confirmados'],
  21609: ['misconfigured', 'o Twilio não aceita o endereço público deste canal'],
  21610: ['blocked', 'a pessoa pediu para não receber mensagens'],
  21611: ['throttled', 'a fila do número de envio está cheia'],
  21612: ['rejected', 'este número não pode ser alcançado a partir do nosso'],
  21614: ['rejected', 'o número não é de telemóvel'],
  21617: ['rejected', 'a mensagem é demasiado longa'],
  21619: ['rejected', 'a mensagem está vazia'],
  21635: ['rejected', 'o número é fixo'],
  21659: ['misconfigured', 'o número de envio não é desta conta'],
  21660: ['misconfigured', 'o número de envio não é desta conta'],
  21703: ['misconfigured', 'o serviço de mensagens não tem números'],
  21705: ['misconfigured', 'o serviço de mensagens não existe'],
  14107: ['throttled', 'demasiadas mensagens'],
  30001: ['throttled', 'a fila está cheia'],
  30002: ['misconfigured', 'a conta está suspensa'],
}

/**
 * https://www.twilio.com/docs/messaging/guides/debugging-common-issues: why a message that was taken did not arrive.
 */
const undelivered: Record<string, string> = {
  30001: 'fila cheia',
  30002: 'conta suspensa',
  30003: 'telefone desligado ou sem rede',
  30004: 'bloqueada pelo destinatário ou pela operadora',
  30005: 'número desconhecido ou inativo',
  30006: 'telefone fixo, ou operadora que não se alcança',
  30007: 'filtrada pela operadora',
  30008: 'a operadora não disse porquê',
  30034: 'número de envio por registar',
  30410: 'a operadora não respondeu a tempo',
  21610: 'a pessoa pediu para não receber mensagens',
  30036: 'passou o prazo de validade',
  63038: 'limite diário da conta',
}

export const undeliveredBecause = (code: string | undefined): string =>
  code === undefined ? 'não entregue' : `${code}: ${undelivered[code] ?? 'não entregue'}`

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
  return new SendError(reason, `${code ?? status}: ${words}`, reason === 'throttled' ? retryAfterMs : undefined)
}

/**
 * https://www.twilio.com/docs/api/errors/20500: after a 500 a message may go out twice. 20503: the service was not
 * there.
 */
function byStatus(status: number): [SendFailure, string] {
  if (status === 429) return ['throttled', 'demasiados pedidos']
  if (status === 401 || status === 403) return ['misconfigured', 'as credenciais não são aceites']
  if (status === 503) return ['unreachable', 'o serviço não está disponível']
  if (status >= 500) return ['ambiguous', 'o Twilio falhou a meio']
  return ['rejected', 'o pedido não é aceite']
}

const isAxios = (error: unknown) => typeof error === 'object' && error !== null && 'isAxiosError' in error
