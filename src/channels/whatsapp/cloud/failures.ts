/**
 * Meta's error codes: what each means for a send, and in words for people.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
 */

import { SendError, type SendFailure } from '../../../core/channel.ts'
import { fields, type Fields, number, word } from '../../fields.ts'

interface Failure {
  reason: SendFailure
  words: string
  retryAfterMs?: number
}

const second = 1000
const codes: Record<number, Failure> = {
  0: { reason: 'misconfigured', words: 'o token de acesso não foi aceite; gere outro na Meta' },
  1: { reason: 'unreachable', words: 'erro desconhecido da Meta' },
  2: { reason: 'unreachable', words: 'o serviço da Meta está em baixo ou sobrecarregado' },
  3: { reason: 'misconfigured', words: 'a aplicação não tem esta capacidade na Meta' },
  4: { reason: 'throttled', words: 'demasiados pedidos desta aplicação', retryAfterMs: 60 * second },
  10: { reason: 'misconfigured', words: 'falta uma permissão à aplicação na Meta' },
  33: { reason: 'misconfigured', words: 'este número de telefone foi apagado na Meta' },
  100: { reason: 'rejected', words: 'a Meta não aceitou um campo da mensagem' },
  190: { reason: 'misconfigured', words: 'o token de acesso expirou; gere outro na Meta' },
  200: { reason: 'misconfigured', words: 'falta uma permissão à aplicação na Meta' },
  368: { reason: 'misconfigured', words: 'a conta foi bloqueada por violar as regras do WhatsApp' },
  80007: { reason: 'throttled', words: 'a conta atingiu o limite de pedidos', retryAfterMs: 60 * second },
  130403: { reason: 'blocked', words: 'este número foi bloqueado pelo município' },
  130429: { reason: 'throttled', words: 'demasiadas mensagens por segundo', retryAfterMs: 5 * second },
  130472: { reason: 'rejected', words: 'a Meta não entregou por uma experiência sua; tente outro canal' },
  130497: { reason: 'misconfigured', words: 'a conta não pode escrever para este país' },
  131000: { reason: 'unreachable', words: 'a Meta não conseguiu enviar e não disse porquê' },
  131005: { reason: 'misconfigured', words: 'o token não tem a permissão whatsapp_business_messaging' },
  131008: { reason: 'rejected', words: 'falta um campo obrigatório' },
  131009: { reason: 'rejected', words: 'um campo tem um valor que a Meta não aceita' },
  131016: { reason: 'unreachable', words: 'o WhatsApp está temporariamente indisponível' },
  131021: { reason: 'rejected', words: 'o destinatário é o próprio número do município' },
  131026: {
    reason: 'rejected',
    words: 'não pôde ser entregue: o número não tem WhatsApp, bloqueou o município ' + 'ou usa uma versão antiga',
  },
  131031: { reason: 'misconfigured', words: 'a conta WhatsApp do município foi bloqueada pela Meta' },
  131037: { reason: 'misconfigured', words: 'o nome a apresentar deste número ainda não foi aprovado' },
  131042: { reason: 'misconfigured', words: 'há um problema com o pagamento à Meta' },
  131045: { reason: 'misconfigured', words: 'o número não está registado na Cloud API' },
  131047: {
    reason: 'rejected',
    words: 'passaram mais de 24 horas desde a última mensagem do cidadão; ' + 'só pode seguir um modelo aprovado',
  },
  131048: {
    reason: 'throttled',
    words: 'a Meta limitou este número por mensagens marcadas como spam',
    retryAfterMs: 15 * 60 * second,
  },
  131049: { reason: 'rejected', words: 'a Meta decidiu não entregar, para poupar o destinatário a publicidade' },
  131050: { reason: 'blocked', words: 'o cidadão deixou de aceitar mensagens promocionais' },
  131051: { reason: 'rejected', words: 'tipo de mensagem que a Meta não suporta' },
  131052: { reason: 'rejected', words: 'o ficheiro recebido não pôde ser descarregado' },
  131053: { reason: 'rejected', words: 'a Meta não aceitou o ficheiro' },
  // One person's limit: the others need not wait.
  131056: { reason: 'unreachable', words: 'demasiadas mensagens seguidas para a mesma pessoa', retryAfterMs: 6 * second },
  131057: { reason: 'unreachable', words: 'a conta está em manutenção na Meta' },
  131062: { reason: 'rejected', words: 'esta mensagem só pode seguir para um número de telefone' },
  132000: { reason: 'rejected', words: 'o modelo pede outro número de valores' },
  132001: { reason: 'rejected', words: 'o modelo não existe nesta língua ou não foi aprovado' },
  132005: { reason: 'rejected', words: 'o texto do modelo, com os valores, ficou demasiado longo' },
  132007: { reason: 'rejected', words: 'o modelo viola as regras do WhatsApp' },
  132012: { reason: 'rejected', words: 'os valores não têm o formato que o modelo pede' },
  132015: { reason: 'rejected', words: 'o modelo está suspenso por má qualidade' },
  132016: { reason: 'rejected', words: 'o modelo foi desativado por má qualidade' },
  133000: { reason: 'misconfigured', words: 'o registo do número ficou a meio' },
  133004: { reason: 'unreachable', words: 'o servidor da Meta está temporariamente indisponível' },
  133010: { reason: 'misconfigured', words: 'o número não está registado na Cloud API' },
}

const known = (code: number): Failure | undefined => codes[code] ?? (code > 200 && code < 300 ? codes[200] : undefined)

/** For a status that failed. Only our own words and Meta's code: its `details` may quote the citizen. */
export function inWords(error: Fields | undefined): string {
  const code = number(error?.code)
  if (code === undefined) return 'a Meta não disse porquê'
  return `${known(code)?.words ?? word(error?.title) ?? 'erro da Meta'} (${code})`
}

/** Of the account rather than of one message. */
export const isForAdmins = (error: Fields): boolean => known(number(error.code) ?? 0)?.reason === 'misconfigured'

/** A Graph answer that is not 2xx. With Meta's own error in it, Meta says that it did nothing. */
export function failureOf(status: number, body: unknown, retryAfter: string | null): SendError {
  const error = fields(fields(body)?.error)
  const code = number(error?.code)
  const retryAfterMs = wait(retryAfter)
  if (error && code !== undefined) {
    const failure = known(code) ?? { reason: byStatus(status), words: 'erro da Meta' }
    return new SendError(failure.reason, `${failure.words} (${code})`, retryAfterMs ?? failure.retryAfterMs)
  }
  return new SendError(byStatus(status, 'ambiguous'), `a Meta respondeu ${status}`, retryAfterMs)
}

/** 502 and 504 are said by something in between, which may have lost only the answer. */
function byStatus(status: number, unsure: SendFailure = 'unreachable'): SendFailure {
  if (status === 429) return 'throttled'
  if (status === 401 || status === 403) return 'misconfigured'
  if (status === 503) return 'unreachable'
  return status >= 500 ? unsure : 'rejected'
}

function wait(header: string | null): number | undefined {
  const seconds = header === null ? Number.NaN : Number(header)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * second : undefined
}
