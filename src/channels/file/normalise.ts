/** A line of in.jsonl → what happened. The lines: docs/channels/adding.md */

import type { Attachment, Content, InboundEvent, MediaKind, ReceiptState, Sender } from '../../core/model.ts'
import { type Fields, fields, label, list, number, text, word } from '../fields.ts'

export type FilePayload = Fields

const kinds = new Set<unknown>(['image', 'audio', 'video', 'file'] satisfies MediaKind[])
const states = new Set<unknown>(['delivered', 'read', 'failed'] satisfies ReceiptState[])

export function normalise(payload: FilePayload): InboundEvent[] {
  const line = fields(payload) ?? {}
  const externalId = id(line.id)
  if (externalId === undefined) return []
  const type = word(line.type) ?? 'message'
  const given = word(line.at) === undefined ? undefined : new Date(word(line.at)!)
  const at = given && !Number.isNaN(given.getTime()) ? { at: given } : {}
  if (type === 'status')
    return states.has(line.state)
      ? [{ type: 'message.status', externalId, state: line.state as ReceiptState, ...at }]
      : [{ type: 'ignored', reason: 'status of another name' }]
  if (type === 'delete') return [{ type: 'message.deleted', externalId, ...at }]
  const from = senderOf(line)
  if (!from) return []
  if (type === 'reaction') return [{ type: 'reaction.changed', externalId, from, emoji: word(line.emoji) ?? null, ...at }]
  if (type === 'edit') return [{ type: 'message.edited', externalId, from, content: contentOf(line), ...at }]
  const inReplyTo = id(line.inReplyTo)
  const content = type === 'message' ? contentOf(line) : { ...contentOf(line), unsupported: type }
  return [{ type: 'message.received', externalId, from, content, ...at, ...(inReplyTo && { inReplyTo }) }]
}

function senderOf(line: Fields): Sender | undefined {
  const address = id(line.from)
  const name = label(line.name)
  return address === undefined ? undefined : { address, route: { to: address }, ...(name && { name }) }
}

function contentOf(line: Fields): Content {
  const chosen = word(line.chosen)
  const attachments = list(line.attachments).flatMap(attachmentOf)
  const place = fields(line.location)
  const latitude = number(place?.latitude)
  const longitude = number(place?.longitude)
  const card = fields(line.contact)
  return {
    text: text(line.text) || chosen || '',
    ...(chosen && { chosen }),
    ...(attachments.length > 0 && { attachments }),
    ...(latitude !== undefined && longitude !== undefined && { location: { latitude, longitude } }),
    ...(card && { contact: { name: label(card.name) ?? '', phones: word(card.phone) ? [word(card.phone)!] : [] } }),
  }
}

/** What begins with `file:` would be taken for one that the gateway has stored: a line may not say so. */
export const pathPrefix = 'path:'

/** `path` is seen from the folder of the two files; the transport opens nothing outside of it. */
function attachmentOf(given: Fields): Attachment[] {
  const path = word(given.path)
  if (path === undefined) return []
  const name = label(given.name) ?? label(path.split('/').at(-1))
  return [
    {
      kind: kinds.has(given.kind) ? (given.kind as MediaKind) : 'file',
      source: pathPrefix + path,
      mimeType: word(given.mimeType) ?? 'application/octet-stream',
      ...(name && { name }),
    },
  ]
}

/** One line, and short enough for an index. */
export const id = (value: unknown): string | undefined => {
  const name = label(value)
  return name !== undefined && name.length <= 200 ? name : undefined
}
