/** An activity of the Bot Framework → what happened. https://learn.microsoft.com/azure/bot-service/rest-api */

import type { InboundEvent } from '../../core/model.ts'
import { consentOf } from './consent-card.ts'
import { contentOf, pressedOf, quotedBy } from './content.ts'
import { type Fields, fields, label, list, short, word } from '../fields.ts'
import { id, time } from './values.ts'
import { emojiOf } from './reactions.ts'
import { isPersonal, messageId, senderOf } from './sender.ts'

export type TeamsPayload = Fields

/** Known, and not said by a citizen. */
const notForUs = new Set([
  'conversationUpdate',
  'endOfConversation',
  'contactRelationUpdate',
  'deleteUserData',
  'trace',
  'handoff',
  'command',
  'commandResult',
  'delay',
  'suggestion',
  'invokeResponse',
])

export function normalise(payload: TeamsPayload): InboundEvent[] {
  const activity = fields(payload)
  const type = id(activity?.type)
  if (!activity || !type) return []
  if (!isPersonal(activity)) return ignored('group chat')
  if (notForUs.has(type)) return ignored(type)
  const from = senderOf(activity)
  if (!from) return []
  if (fields(activity.from)?.role === 'bot' || from.address === id(fields(activity.recipient)?.id))
    return ignored('our own echo')
  const at = time(activity.timestamp)
  const when = at ? { at } : {}
  const externalId = messageId(activity, activity.id)

  switch (type) {
    case 'typing':
      return [{ type: 'typing', from }]
    case 'message':
      return received(activity)
    case 'messageUpdate':
      if (!externalId) return []
      return [{ type: 'message.edited', externalId, from, content: contentOf(activity), ...when }]
    case 'messageDelete':
      return externalId ? [{ type: 'message.deleted', externalId, ...when }] : []
    case 'messageReaction': {
      const message = messageId(activity, activity.replyToId)
      if (!message) return []
      const added = list(activity.reactionsAdded).slice(0, 5)
      const taken = list(activity.reactionsRemoved).length > 0
      if (added.length === 0 && !taken) return ignored('a reaction that changes nothing')
      const emoji = added.map(({ type: name }) => emojiOf(name)).join('') || null
      return [{ type: 'reaction.changed', externalId: message, from, emoji, ...when }]
    }
    case 'installationUpdate': {
      const action = word(activity.action)
      if (action === 'remove') return [{ type: 'contact.blocked', from, ...when }]
      if (action === 'add') return [{ type: 'contact.unblocked', from, ...when }]
      return ignored('upgrade of the app')
    }
    case 'event':
      return eventOf(activity, when)
    case 'invoke':
      return invokeOf(activity, when)
    default:
      return received(activity, short(label(type) ?? 'unknown', 64))
  }
}

function received(activity: Fields, unsupported?: string): InboundEvent[] {
  const externalId = messageId(activity, activity.id)
  const from = senderOf(activity)
  if (!externalId || !from) return []
  const at = time(activity.timestamp)
  // What replyToId names in a chat of two is the card that was pressed.
  const inReplyTo = messageId(activity, quotedBy(activity) ?? activity.replyToId)
  return [
    {
      type: 'message.received',
      externalId,
      from,
      content: { ...contentOf(activity), ...(unsupported && { unsupported }) },
      ...(at && { at }),
      ...(inReplyTo && { inReplyTo }),
    },
  ]
}

function eventOf(activity: Fields, when: { at?: Date }): InboundEvent[] {
  if (activity.name !== 'application/vnd.microsoft.readReceipt') return ignored('event')
  const externalId = messageId(activity, fields(activity.value)?.lastReadMessageId)
  return externalId ? [{ type: 'message.status', externalId, state: 'read', ...when }] : []
}

/** A card of ours with Action.Execute, or one that asks about a file; every other call is answered, and says nothing. */
function invokeOf(activity: Fields, when: { at?: Date }): InboundEvent[] {
  const consent = consentOf(activity)
  if (consent) return [{ type: 'message.status', key: consent.key, state: 'read', ...(!consent.accepted && { reason: 'declined' }), ...when }]
  const data = executed(activity)
  const content = pressedOf(data)
  return content ? received({ ...activity, value: data }) : ignored(`invoke ${short(label(activity.name) ?? '', 64)}`)
}

export const executed = (activity: Fields): Fields | undefined =>
  activity.name === 'adaptiveCard/action' ? fields(fields(fields(activity.value)?.action)?.data) : undefined

const ignored = (reason: string): InboundEvent[] => [{ type: 'ignored', reason: reason.trim() }]
