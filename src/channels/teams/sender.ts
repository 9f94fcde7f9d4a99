/** Who wrote, and how to answer: the reference of the conversation, as the Bot Framework wants it back. */

import type { Language, Sender } from '../../core/model.ts'
import { type Fields, fields, label, short } from '../fields.ts'
import { id } from './values.ts'

export interface TeamsRoute {
  reference: Reference
}
export interface Reference {
  channelId: 'msteams'
  serviceUrl: string
  bot: { id: string }
  user: { id: string }
  conversation: { id: string; conversationType: 'personal'; tenantId?: string }
  locale?: string
}

export function senderOf(activity: Fields): Sender | undefined {
  const from = fields(activity.from)
  const address = id(from?.id)
  const conversation = id(fields(activity.conversation)?.id)
  const serviceUrl = id(activity.serviceUrl)
  const bot = id(fields(activity.recipient)?.id)
  if (!address || !conversation || !serviceUrl || !bot) return undefined
  const tenantId = tenantOf(activity)
  const locale = short(label(activity.locale) ?? '', 20)
  const reference: Reference = {
    channelId: 'msteams',
    serviceUrl,
    bot: { id: bot },
    user: { id: address },
    conversation: { id: conversation, conversationType: 'personal', ...(tenantId && { tenantId }) },
    ...(locale && { locale }),
  }
  const account = id(from!.aadObjectId)
  const name = short(label(from!.name) ?? '', 200)
  const language = languageOf(locale)
  return {
    address,
    route: { reference },
    // The same person may have one id with this bot and another after it was installed anew.
    ...(account && { aliases: [`aad:${account}`] }),
    ...(name && { name }),
    ...(language && { language }),
    thread: conversation,
  }
}

/** Teams writes it in two places. */
export const tenantOf = (activity: Fields): string | undefined =>
  id(fields(activity.conversation)?.tenantId) ?? id(fields(fields(activity.channelData)?.tenant)?.id)

/** Groups and channels of a team have an id that begins with 19: and say what they are. */
export function isPersonal(activity: Fields): boolean {
  const conversation = fields(activity.conversation)
  if (conversation?.isGroup === true || fields(fields(activity.channelData)?.team)) return false
  const type = conversation?.conversationType
  return type === 'personal' || (type === undefined && !id(conversation?.id)?.startsWith('19:'))
}

/** Ids of messages are times: unique only within their conversation. */
export function messageId(activity: Fields, message: unknown): string | undefined {
  const conversation = id(fields(activity.conversation)?.id)
  const activityId = id(message)
  return conversation && activityId ? `${conversation};${activityId}` : undefined
}

const spoken = new Set<string>(['pt', 'en', 'es', 'fr'] satisfies Language[])

function languageOf(locale: string | undefined): Language | undefined {
  const language = (locale ?? '').slice(0, 2).toLowerCase()
  return spoken.has(language) ? (language as Language) : undefined
}
