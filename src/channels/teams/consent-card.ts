/** The card that asks whether a file may be kept, and what a press on it brings back. */

import { createHmac } from 'node:crypto'
import type { Attachment, DeliveryKey } from '../../core/model.ts'
import { Secret } from '../../core/secret.ts'
import { type Fields, fields, number } from '../fields.ts'
import { isSame } from '../same.ts'
import { Refused } from './identity.ts'
import type { Reference } from './sender.ts'
import { id } from './values.ts'
import { wordsFor } from './words.ts'

export const consentName = 'fileConsent/invoke'

/** What the card gives back to us when it is pressed. */
export interface Asked { key: DeliveryKey; file: string; name: string; bytes: number }

export function consentCard(file: Attachment, name: string, key: DeliveryKey, reference: Reference, secret: Secret): Fields {
  const asked: Asked = { key, file: file.source, name, bytes: file.bytes ?? 0 }
  const context = { balcao: { ...asked, seal: sealOf(asked, reference.conversation.id, secret) } }
  return {
    contentType: 'application/vnd.microsoft.teams.card.file.consent',
    name,
    content: { description: wordsFor(reference).offered, sizeInBytes: asked.bytes, acceptContext: context, declineContext: context },
  }
}

/** Bound to the conversation: the press of one citizen opens nothing of another's. */
const sealOf = ({ key, file, name, bytes }: Asked, conversation: string, secret: Secret): string =>
  createHmac('sha256', secret.reveal()).update(JSON.stringify(['file consent', conversation, key, file, name, bytes])).digest('base64url')

/** Throws Refused for what we did not offer. */
export function askedIn(activity: Fields, secret: Secret): Asked {
  const { key, file, name, bytes, seal } = fields(fields(fields(activity.value)?.context)?.balcao) ?? {}
  const conversation = id(fields(activity.conversation)?.id)
  if ([key, file, name, seal].every((one) => typeof one === 'string') && number(bytes) !== undefined && conversation !== undefined) {
    const asked = { key, file, name, bytes } as Asked
    if (isSame(seal, new Secret(sealOf(asked, conversation, secret)))) return asked
  }
  throw new Refused(403, 'a consent to a file that was not offered so')
}

/** The delivery whose card was pressed; undefined: none of ours. */
export const consentOf = (activity: Fields): { key: DeliveryKey; accepted: boolean } | undefined => {
  const value = fields(activity.value)
  const key = id(fields(fields(value?.context)?.balcao)?.key)
  const action = value?.action
  return activity.name === consentName && key !== undefined && (action === 'accept' || action === 'decline') ? { key, accepted: action === 'accept' } : undefined
}
