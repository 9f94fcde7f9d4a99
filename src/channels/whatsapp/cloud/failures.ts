/**
 * Meta's error codes: what each means for a send, and in words for people.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
 */

import { inBoth, SendError, type SendFailure, type Words } from '../../../core/channel.ts'
import { fields, type Fields, number, word } from '../../fields.ts'

interface Failure {
  reason: SendFailure
  words: Words
  retryAfterMs?: number
}

const second = 1000
const codes: Record<number, Failure> = {
  0: { reason: 'misconfigured', words: { pt: 'o token de acesso não foi aceite; gere outro na Meta', en: 'the access token was not accepted; make another at Meta' } },
  1: { reason: 'unreachable', words: { pt: 'erro desconhecido da Meta', en: 'an unknown error of Meta' } },
  2: { reason: 'unreachable', words: { pt: 'o serviço da Meta está em baixo ou sobrecarregado', en: "Meta's service is down or overloaded" } },
  3: { reason: 'misconfigured', words: { pt: 'a aplicação não tem esta capacidade na Meta', en: 'the app does not have this capability at Meta' } },
  4: { reason: 'throttled', words: { pt: 'demasiados pedidos desta aplicação', en: 'too many requests of this app' }, retryAfterMs: 60 * second },
  10: { reason: 'misconfigured', words: { pt: 'falta uma permissão à aplicação na Meta', en: 'the app lacks a permission at Meta' } },
  33: { reason: 'misconfigured', words: { pt: 'este número de telefone foi apagado na Meta', en: 'this phone number was deleted at Meta' } },
  100: { reason: 'rejected', words: { pt: 'a Meta não aceitou um campo da mensagem', en: 'Meta did not accept a field of the message' } },
  190: { reason: 'misconfigured', words: { pt: 'o token de acesso expirou; gere outro na Meta', en: 'the access token has expired; make another at Meta' } },
  200: { reason: 'misconfigured', words: { pt: 'falta uma permissão à aplicação na Meta', en: 'the app lacks a permission at Meta' } },
  368: { reason: 'misconfigured', words: { pt: 'a conta foi bloqueada por violar as regras do WhatsApp', en: "the account was blocked for breaking WhatsApp's rules" } },
  80007: { reason: 'throttled', words: { pt: 'a conta atingiu o limite de pedidos', en: 'the account reached its limit of requests' }, retryAfterMs: 60 * second },
  130403: { reason: 'blocked', words: { pt: 'este número foi bloqueado pelo município', en: 'this number was blocked by the town hall' } },
  130429: { reason: 'throttled', words: { pt: 'demasiadas mensagens por segundo', en: 'too many messages a second' }, retryAfterMs: 5 * second },
  130472: { reason: 'rejected', words: { pt: 'a Meta não entregou por uma experiência sua; tente outro canal', en: 'Meta did not deliver it because of an experiment of its own; try another channel' } },
  130497: { reason: 'misconfigured', words: { pt: 'a conta não pode escrever para este país', en: 'the account may not write to this country' } },
  131000: { reason: 'unreachable', words: { pt: 'a Meta não conseguiu enviar e não disse porquê', en: 'Meta could not send it and did not say why' } },
  131005: { reason: 'misconfigured', words: { pt: 'o token não tem a permissão whatsapp_business_messaging', en: 'the token does not have the permission whatsapp_business_messaging' } },
  131008: { reason: 'rejected', words: { pt: 'falta um campo obrigatório', en: 'a required field is missing' } },
  131009: { reason: 'rejected', words: { pt: 'um campo tem um valor que a Meta não aceita', en: 'a field has a value that Meta does not accept' } },
  131016: { reason: 'unreachable', words: { pt: 'o WhatsApp está temporariamente indisponível', en: 'WhatsApp is away for the moment' } },
  131021: { reason: 'rejected', words: { pt: 'o destinatário é o próprio número do município', en: "the recipient is the town hall's own number" } },
  131026: {
    reason: 'rejected',
    words: { pt: 'não pôde ser entregue: o número não tem WhatsApp, bloqueou o município ou usa uma versão antiga', en: 'it could not be delivered: the number has no WhatsApp, has blocked the town hall or uses an old version' },
  },
  131031: { reason: 'misconfigured', words: { pt: 'a conta WhatsApp do município foi bloqueada pela Meta', en: "the town hall's WhatsApp account was blocked by Meta" } },
  131037: { reason: 'misconfigured', words: { pt: 'o nome a apresentar deste número ainda não foi aprovado', en: "this number's display name is not approved yet" } },
  131042: { reason: 'misconfigured', words: { pt: 'há um problema com o pagamento à Meta', en: 'there is a problem with the payment to Meta' } },
  131045: { reason: 'misconfigured', words: { pt: 'o número não está registado na Cloud API', en: 'the number is not registered with the Cloud API' } },
  131047: {
    reason: 'rejected',
    words: { pt: 'passaram mais de 24 horas desde a última mensagem do cidadão; só pode seguir um modelo aprovado', en: "more than 24 hours have passed since the citizen's last message; only an approved template can go" },
  },
  131048: {
    reason: 'throttled',
    words: { pt: 'a Meta limitou este número por mensagens marcadas como spam', en: 'Meta limits this number because messages were marked as spam' },
    retryAfterMs: 15 * 60 * second,
  },
  131049: { reason: 'rejected', words: { pt: 'a Meta decidiu não entregar, para poupar o destinatário a publicidade', en: 'Meta decided not to deliver it, to spare the recipient advertising' } },
  131050: { reason: 'blocked', words: { pt: 'o cidadão deixou de aceitar mensagens promocionais', en: 'the citizen no longer accepts advertising' } },
  131051: { reason: 'rejected', words: { pt: 'tipo de mensagem que a Meta não suporta', en: 'a kind of message that Meta does not support' } },
  131052: { reason: 'rejected', words: { pt: 'o ficheiro recebido não pôde ser descarregado', en: 'the file that came in could not be downloaded' } },
  131053: { reason: 'rejected', words: { pt: 'a Meta não aceitou o ficheiro', en: 'Meta did not accept the file' } },
  // One person's limit: the others need not wait.
  131056: { reason: 'unreachable', words: { pt: 'demasiadas mensagens seguidas para a mesma pessoa', en: 'too many messages to the same person in a row' }, retryAfterMs: 6 * second },
  131057: { reason: 'unreachable', words: { pt: 'a conta está em manutenção na Meta', en: 'the account is being maintained at Meta' } },
  131062: { reason: 'rejected', words: { pt: 'esta mensagem só pode seguir para um número de telefone', en: 'this message can only go to a phone number' } },
  132000: { reason: 'rejected', words: { pt: 'o modelo pede outro número de valores', en: 'the template asks for another number of values' } },
  132001: { reason: 'rejected', words: { pt: 'o modelo não existe nesta língua ou não foi aprovado', en: 'the template is not there in this language, or not approved' } },
  132005: { reason: 'rejected', words: { pt: 'o texto do modelo, com os valores, ficou demasiado longo', en: "the template's text, with the values, became too long" } },
  132007: { reason: 'rejected', words: { pt: 'o modelo viola as regras do WhatsApp', en: "the template breaks WhatsApp's rules" } },
  132012: { reason: 'rejected', words: { pt: 'os valores não têm o formato que o modelo pede', en: 'the values do not have the form that the template asks for' } },
  132015: { reason: 'rejected', words: { pt: 'o modelo está suspenso por má qualidade', en: 'the template is paused for poor quality' } },
  132016: { reason: 'rejected', words: { pt: 'o modelo foi desativado por má qualidade', en: 'the template was disabled for poor quality' } },
  133000: { reason: 'misconfigured', words: { pt: 'o registo do número ficou a meio', en: 'the registration of the number stopped halfway' } },
  133004: { reason: 'unreachable', words: { pt: 'o servidor da Meta está temporariamente indisponível', en: "Meta's server is away for the moment" } },
  133010: { reason: 'misconfigured', words: { pt: 'o número não está registado na Cloud API', en: 'the number is not registered with the Cloud API' } },
}

const known = (code: number): Failure | undefined => codes[code] ?? (code > 200 && code < 300 ? codes[200] : undefined)

/** For a status that failed. Only our own words and Meta's code: its `details` may quote the citizen. */
export function inWords(error: Fields | undefined): Words {
  const code = number(error?.code)
  if (code === undefined) return { pt: 'a Meta não disse porquê', en: 'Meta did not say why' }
  const { pt, en } = known(code)?.words ?? inBoth(word(error?.title) ?? { pt: 'erro da Meta', en: 'an error of Meta' })
  return { pt: `${pt} (${code})`, en: `${en} (${code})` }
}

/** Of the account rather than of one message. */
export const isForAdmins = (error: Fields): boolean => known(number(error.code) ?? 0)?.reason === 'misconfigured'

/** A Graph answer that is not 2xx. With Meta's own error in it, Meta says that it did nothing. */
export function failureOf(status: number, body: unknown, retryAfter: string | null): SendError {
  const error = fields(fields(body)?.error)
  const code = number(error?.code)
  const retryAfterMs = wait(retryAfter)
  if (error && code !== undefined) {
    const failure = known(code) ?? { reason: byStatus(status), words: { pt: 'erro da Meta', en: 'an error of Meta' } }
    const { pt, en } = failure.words
    return new SendError(failure.reason, { pt: `${pt} (${code})`, en: `${en} (${code})` }, retryAfterMs ?? failure.retryAfterMs)
  }
  return new SendError(byStatus(status, 'ambiguous'), { pt: `a Meta respondeu ${status}`, en: `Meta answered ${status}` }, retryAfterMs)
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
