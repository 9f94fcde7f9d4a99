/** What the linked device told us → what happened. https://docs.wwebjs.dev/Client.html */

import type { ExternalId, InboundEvent, ReceiptState } from '../../../core/model.ts'
import { fields, type Fields, items, number, text, word } from '../../fields.ts'
import { time } from '../time.ts'
import { contentOf } from './content.ts'
import type { WebPayload } from './payload.ts'
import { isPerson, senderOf, wid } from './person.ts'

/** What WhatsApp says about itself: nobody wrote it. */
const notices = new Set([
  'gp2',
  'group_notification',
  'e2e_notification',
  'notification',
  'notification_template',
  'broadcast_notification',
  'protocol',
  'debug',
  'album',
  'reaction',
])

const said = new Set<WebPayload['event']>(['message', 'message_create', 'message_ciphertext_failed'])

const states: Record<number, ReceiptState> = { [-1]: 'failed', 1: 'sent', 2: 'delivered', 3: 'read', 4: 'read' }

export function normalise(payload: WebPayload): InboundEvent[] {
  if (payload.event === 'message_reaction') return reactionOf(payload)
  const message = fields(payload.message)
  const id = fields(message?.id)
  const chat = wid(id?.remote)
  const externalId = id && externalIdOf(id)
  if (!message || !chat || !externalId) return []
  if (!isPerson(chat)) return [{ type: 'ignored', reason: kindOf(chat) }]

  const at = time(message.timestamp)
  const when = at ? { at } : {}
  const isOurs = id.fromMe === true
  if (payload.event === 'message_ack') {
    const state = states[number(payload.ack) ?? Number.NaN]
    if (!state || !isOurs) return []
    return [
      {
        type: 'message.status',
        externalId,
        state,
        ...(state === 'failed' && { reason: { pt: 'o WhatsApp não enviou a mensagem', en: 'WhatsApp did not send the message' } }),
      },
    ]
  }
  const type = word(message.type) ?? 'unknown'
  if (payload.event === 'message_revoke_everyone' || type === 'revoked') {
    return [{ type: 'message.deleted', externalId: originalOf(message) ?? externalId }]
  }
  if (notices.has(type)) return [{ type: 'ignored', reason: type }]
  // It comes again once the phone has sent the key, or as a failure.
  if (type === 'ciphertext' && payload.event !== 'message_ciphertext_failed') return [{ type: 'ignored', reason: type }]

  const person = senderOf(chat, payload, isOurs ? undefined : word(fields(message._data)?.notifyName))
  if (!person) return []
  if (payload.event === 'message_edit') {
    if (isOurs) return [{ type: 'ignored', reason: 'own message edited on the phone' }]
    const body = text(payload.newBody) ?? text(message.body) ?? ''
    return [{ type: 'message.edited', externalId, from: person, content: { ...contentOf(message), text: body } }]
  }
  if (!said.has(payload.event)) return []
  if (isOurs) return [{ type: 'message.echoed', externalId, to: person, content: contentOf(message), ...when }]

  const inReplyTo = quotedBy(message, items(payload.me))
  return [
    {
      type: 'message.received',
      externalId,
      from: person,
      content: contentOf(message),
      ...when,
      ...(inReplyTo && { inReplyTo }),
      ...(payload.recovered === true && { recovered: true }),
    },
  ]
}

/** The same message has another full name once its chat moves from number to LID; its own part stays. */
export function externalIdOf(id: Fields): ExternalId | undefined {
  const own = word(id.id)
  return own && `${id.fromMe === true ? 'out' : 'in'}:${own}`
}

function originalOf(message: Fields): ExternalId | undefined {
  const key = fields(message.protocolMessageKey)
  return key && externalIdOf(key)
}

function quotedBy(message: Fields, me: unknown[]): ExternalId | undefined {
  const data = fields(message._data)
  const own = word(data?.quotedStanzaID)
  if (!own) return undefined
  const author = wid(data?.quotedParticipant)?.replace(/:\d+@/, '@')
  return externalIdOf({ id: own, fromMe: author !== undefined && me.includes(author) })
}

function reactionOf(payload: WebPayload): InboundEvent[] {
  const reaction = fields(payload.reaction)
  const target = fields(reaction?.msgId)
  const by = wid(reaction?.senderId)?.replace(/:\d+@/, '@')
  const chat = wid(target?.remote)
  const externalId = target && externalIdOf(target)
  if (!reaction || !by || !chat || !externalId) return []
  if (!isPerson(chat)) return [{ type: 'ignored', reason: kindOf(chat) }]
  if (items(payload.me).includes(by) || fields(reaction.id)?.fromMe === true)
    return [{ type: 'ignored', reason: 'own reaction on the phone' }]
  const from = senderOf(by, payload)
  if (!from) return []
  const at = time(reaction.timestamp)
  return [
    {
      type: 'reaction.changed',
      externalId,
      from: { ...from, route: { chat } },
      emoji: word(reaction.reaction) ?? null,
      ...(at && { at }),
    },
  ]
}

function kindOf(chat: string): string {
  if (chat.endsWith('@g.us')) return 'group'
  if (chat === 'status@broadcast') return 'status'
  if (chat.endsWith('@newsletter')) return 'newsletter'
  return chat.endsWith('@broadcast') ? 'broadcast' : 'not a person'
}
