/**
 * What Meta tells of the account, the number and its templates: trouble that an admin must know of, or the end of it.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
 */

import type { ChannelState } from '../../../core/channel.ts'
import type { CloudConfig } from '../config.ts'
import { fields, type Fields, label, list, number, short, word } from '../../fields.ts'
import { isForAdmins, inWords } from './failures.ts'

export interface Problem {
  status: Extract<ChannelState['status'], 'needs-attention' | 'degraded'>
  reason: NonNullable<ChannelState['reason']>
  /** Ends by itself then. */
  until?: string
}

/** About one subject the last word counts. Without a problem, it is over. `limit` says which by the one before. */
export interface News {
  about: string
  problem?: Problem
  limit?: number
}

/** `ownNumber`: digits of ours, as far as we know them. */
export function newsIn(body: unknown, { phoneNumberId, wabaId, templates }: CloudConfig, ownNumber?: string): News[] {
  return list(fields(body)?.entry).flatMap((entry) =>
    list(entry.changes).flatMap(({ field, value: given }) => {
      const value = fields(given)
      const tell = typeof field === 'string' && Object.hasOwn(tellers, field) ? tellers[field] : undefined
      if (!value || !tell) return []
      const number = digits(value.display_phone_number)
      const isOurs = field === 'messages' ? fields(value.metadata)?.phone_number_id === phoneNumberId
        : wabaId === undefined || [entry.id, fields(value.waba_info)?.waba_id].includes(wabaId)
      if (!isOurs || (number && ownNumber && number !== ownNumber)) return []
      const template = word(value.message_template_name)
      return template && templates && !templates.includes(template) ? [] : tell(value)
    }),
  )
}

export const digits = (value: unknown): string | undefined => word(value)?.replace(/\D/g, '') || undefined

const tellers: Record<string, (value: Fields) => News[]> = {
  messages: (value) => list(value.errors).filter(isForAdmins).map((error) => ({
    about: 'account', problem: attention(`A Meta avisa: ${inWords(error).pt}.${inManager.pt}`, `Meta warns: ${inWords(error).en}.${inManager.en}`),
  })),
  account_update: accountUpdate,
  account_review_update: ({ decision }) => decision === 'APPROVED' ? over('review')
    : decision === 'REJECTED' ? [{ about: 'review', problem: attention(
      `A Meta não aprovou a conta: não pode enviar nem receber.${support.pt}`, `Meta did not approve the account: it can neither send nor receive.${support.en}`) }]
    : [{ about: 'review', problem: trouble(
      'A Meta ainda está a avaliar a conta; até decidir, não pode enviar nem receber.', 'Meta is still reviewing the account; until it decides, it can neither send nor receive.') }],
  account_alerts: accountAlert,
  phone_number_quality_update: (value) => value.event === 'FLAGGED' ? [{ about: 'quality', problem: lowQuality }]
    : value.event === 'UNFLAGGED' ? over('quality') : limitIn(value),
  business_capability_update: limitIn,
  phone_number_name_update: ({ decision, requested_verified_name: name, rejection_reason: why }) => decision === 'APPROVED' ? over('name')
    : decision === 'REJECTED' ? [{ about: 'name', problem: attention(
      `A Meta recusou o nome ${quoted(name)}${because(why)}. Escolha outro no WhatsApp Manager.`,
      `Meta refused the name ${quoted(name)}${because(why)}. Choose another in WhatsApp Manager.`) }] : [],
  message_template_status_update: templateStatus,
  message_template_quality_update: (value) => value.new_quality_score === 'RED' ? [{ about: templateOf(value), problem: trouble(
    `Os cidadãos queixam-se do modelo ${named(value)}: se não mudar, a Meta suspende-o.`,
    `Citizens complain of the template ${named(value)}: unless it changes, Meta pauses it.`) }] : over(templateOf(value)),
  security: ({ event }) => [{ about: 'security', problem: attention(
    `Na Meta mexeram na verificação em dois passos deste número (${code(event)}). Se não foi o município, mude já as palavras-passe de quem gere a conta.`,
    `At Meta somebody touched this number's two-step verification (${code(event)}). If it was not the town, change the passwords of those who manage the account now.`) }],
}

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_update */
function accountUpdate(value: Fields): News[] {
  switch (value.event) {
    case 'ACCOUNT_DELETED':
      return [{ about: 'account', problem: attention(
        'A conta WhatsApp foi apagada na Meta: este número não recebe nem envia. Ligue o canal a outra conta.',
        'The WhatsApp account was deleted at Meta: this number neither receives nor sends. Connect the channel to another account.') }]
    case 'ACCOUNT_OFFBOARDED':
      return [{ about: 'account', problem: attention(
        'O número saiu da Meta Cloud API (mudou de telemóvel ou foi registado de novo). Ligue-o outra vez no WhatsApp Manager.',
        'The number left the Cloud API (another phone, or registered anew). Connect it again in WhatsApp Manager.') }]
    case 'ACCOUNT_RECONNECTED':
      return over('account')
    case 'ACCOUNT_VIOLATION': {
      const type = code(fields(value.violation_info)?.violation_type)
      return [{ about: 'violation', problem: attention(
        `A Meta diz que a conta violou as regras do WhatsApp (${type}).${support.pt}`, `Meta says that the account broke WhatsApp's rules (${type}).${support.en}`) }]
    }
    case 'ACCOUNT_RESTRICTION':
      return [restriction(list(value.restriction_info))]
    case 'DISABLED_UPDATE':
      return disabled(fields(value.ban_info))
    case 'PARTNER_REMOVED':
    case 'PARTNER_APP_UNINSTALLED':
      return [{ about: 'app', problem: attention(
        'A aplicação perdeu o acesso à conta WhatsApp: nada chega nem sai. Volte a dar-lho em Definições da empresa → Contas → Contas do WhatsApp.',
        'The app lost its access to the WhatsApp account: nothing arrives or leaves. Give it back in Business settings → Accounts → WhatsApp accounts.') }]
    case 'PARTNER_ADDED':
    case 'PARTNER_APP_INSTALLED':
      return over('app')
    default:
      return []
  }
}

const banned = ['account', 'violation', 'restriction']

function disabled(ban: Fields | undefined): News[] {
  const on = label(ban?.waba_ban_date)
  switch (ban?.waba_ban_state) {
    case 'REINSTATE':
      return banned.map((about) => ({ about }))
    case 'SCHEDULE_FOR_DISABLE':
      return [{ about: 'account', problem: attention(
        `A Meta vai desativar a conta WhatsApp${on ? ` (${on})` : ''}.${support.pt}`, `Meta is going to disable the WhatsApp account${on ? ` (${on})` : ''}.${support.en}`) }]
    default:
      return [{ about: 'account', problem: attention(
        `A Meta desativou a conta WhatsApp: este número não recebe nem envia.${support.pt}`,
        `Meta disabled the WhatsApp account: this number neither receives nor sends.${support.en}`) }]
  }
}

const restrictions: Record<string, Problem['reason']> = {
  RESTRICTED_BIZ_INITIATED_MESSAGING: { pt: 'não pode escrever primeiro aos cidadãos', en: 'cannot write to citizens first' },
  RESTRICTED_CUSTOMER_INITIATED_MESSAGING: { pt: 'não pode responder aos cidadãos', en: 'cannot answer citizens' },
  RESTRICTED_ADD_PHONE_NUMBER_ACTION: { pt: 'não pode juntar números', en: 'cannot add numbers' },
}

function restriction(all: Fields[]): News {
  const words = all.map(({ restriction_type: type }) => typeof type === 'string' && Object.hasOwn(restrictions, type) ? restrictions[type]! : { pt: code(type), en: code(type) })
  const ends = all.map(({ expiration }) => new Date(word(expiration) ?? Number.NaN))
  const last = ends.length > 0 && ends.every((end) => !Number.isNaN(end.getTime())) ? new Date(Math.max(...ends.map(Number))).toISOString() : undefined
  const day = last?.slice(0, 10)
  return { about: 'restriction', problem: {
    ...attention(
      `A Meta limitou a conta WhatsApp: ${words.map(({ pt }) => pt).join(', ') || '?'}${day ? `, até ${day}` : ''}.${support.pt}`,
      `Meta restricted the WhatsApp account: it ${words.map(({ en }) => en).join(', ') || '?'}${day ? `, until ${day}` : ''}.${support.en}`),
    ...(last && { until: last }),
  } }
}

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_alerts */
function accountAlert(value: Fields): News[] {
  const alert = fields(value.alert_info) ?? value
  const about = `alert ${code(alert.alert_type)}`
  if (alert.alert_status === 'NONE' || !['CRITICAL', 'WARNING'].includes(String(alert.alert_severity))) return over(about)
  const said = `(${code(alert.alert_type)})${alert.alert_description ? `: ${quoted(alert.alert_description)}` : ''}`
  const tell = alert.alert_severity === 'CRITICAL' ? attention : trouble
  return [{ about, problem: tell(`A Meta avisa ${said}.${inManager.pt}`, `Meta warns ${said}.${inManager.en}`) }]
}

/** How many people a day may be written to first. */
function limitIn(value: Fields): News[] {
  const said = value.max_daily_conversations_per_business ?? value.max_daily_conversation_per_phone ?? value.current_limit
  const [, count, thousands] = /^TIER_(\d+)(K?)$/.exec(typeof said === 'string' ? said : '') ?? []
  const limit = said === -1 || said === 'TIER_UNLIMITED' ? Number.MAX_SAFE_INTEGER
    : count ? Number(count) * (thousands ? 1000 : 1) : number(said)
  return limit === undefined ? [] : [{ about: 'limit', limit }]
}

export const lowered = (limit: number): Problem => trouble(
  `A Meta baixou o limite: este número só pode escrever primeiro a ${limit} pessoas por dia. Responder não tem limite. Envie menos modelos, e só a quem os espera.`,
  `Meta lowered the limit: this number may write first to ${limit} people a day. Answering has no limit. Send fewer templates, and only to those who expect them.`)

export const lowQuality: Problem = attention(
  'A qualidade deste número é baixa: há cidadãos a bloqueá-lo ou a denunciá-lo. Se não melhorar, a Meta limita-o. Envie menos modelos, e só a quem os espera.',
  "This number's quality is low: citizens block or report it. Unless it gets better, Meta limits it. Send fewer templates, and only to those who expect them.")

const statuses: Record<string, { status: Problem['status']; pt: string; en: string }> = {
  REJECTED: { status: 'needs-attention', pt: 'não foi aprovado', en: 'was not approved' },
  DISABLED: { status: 'needs-attention', pt: 'foi desativado por queixas de cidadãos', en: 'was disabled because citizens complained' },
  PAUSED: { status: 'degraded', pt: 'está suspenso por queixas de cidadãos', en: 'is paused because citizens complained' },
  FLAGGED: { status: 'degraded', pt: 'tem queixas de cidadãos e pode ser desativado', en: 'has complaints of citizens and may be disabled' },
  LIMIT_EXCEEDED: { status: 'needs-attention', pt: 'não cabe: a conta tem todos os modelos que pode ter', en: 'does not fit: the account has all the templates that it may have' },
}
const wellAgain = ['APPROVED', 'REINSTATED', 'UNPAUSED', 'DELETED', 'PENDING_DELETION', 'ARCHIVED']

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/message_template_status_update */
function templateStatus(value: Fields): News[] {
  const about = templateOf(value)
  const event = String(value.event)
  if (wellAgain.includes(event)) return over(about)
  const said = Object.hasOwn(statuses, event) ? statuses[event] : undefined
  if (!said) return []
  const advice = word(fields(value.rejection_info)?.recommendation)
  const more = `${because(value.reason)}${advice ? `: ${quoted(advice)}` : ''}`
  return [{ about, problem: { status: said.status, reason: {
    pt: `O modelo ${named(value)} ${said.pt}${more}. Reveja-o no WhatsApp Manager.`, en: `The template ${named(value)} ${said.en}${more}. Revise it in WhatsApp Manager.`,
  } } }]
}

const templateOf = (value: Fields): string => `template ${named(value)}`
const named = (value: Fields): string => `${quoted(value.message_template_name)} (${code(value.message_template_language)})`
const quoted = (value: unknown): string => `«${short(label(value) ?? '?', 300)}»`
const because = (why: unknown): string => typeof why === 'string' && why !== 'NONE' && code(why) !== '?' ? ` (${code(why)})` : ''
/** A word of Meta's own, never a sentence. */
const code = (value: unknown): string => typeof value === 'string' && /^[\w ./-]{1,80}$/.test(value) ? value : '?'

const over = (about: string): News[] => [{ about }]

function attention(pt: string, en: string): Problem {
  return { status: 'needs-attention', reason: { pt, en } }
}
function trouble(pt: string, en: string): Problem {
  return { status: 'degraded', reason: { pt, en } }
}

const inManager = { pt: ' Veja o WhatsApp Manager.', en: ' See WhatsApp Manager.' }
const support = {
  pt: ' Veja e conteste em business.facebook.com/business-support-home.',
  en: ' See and contest it at business.facebook.com/business-support-home.',
}
