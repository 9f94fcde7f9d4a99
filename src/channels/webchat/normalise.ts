/** A visitor's post → what happened. Pure and total. The protocol: docs/webchat-protocol.md */

import type { Attachment, Content, InboundEvent, Language, MediaKind, Sender } from '../../core/model.ts'
import type { WebchatPayload } from './payload.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const languages = new Set<unknown>(['pt', 'en', 'es', 'fr'])
const kinds = new Set<unknown>(['image', 'audio', 'video', 'file'])

export function normalise(payload: WebchatPayload): InboundEvent[] {
  const given: unknown = payload
  if (!isRecord(given)) return []
  const { type, address } = given
  if (!isAddress(address)) return []
  if (type === 'typing') return [{ type: 'typing', from: { address, route: {} } }]
  if (type !== 'message' || !isRecord(given.message)) return []
  const { message } = given
  const id = typeof message.id === 'string' ? message.id.toLowerCase() : ''
  if (!uuid.test(id)) return []
  const content = contentOf(message, Array.isArray(given.files) ? given.files : [])
  if (content.text === '' && !content.attachments && !content.contact) return [{ type: 'ignored', reason: 'empty message' }]
  return [{ type: 'message.received', externalId: id, from: senderOf(address, message), content }]
}

function senderOf(address: string, message: Record<string, unknown>): Sender {
  const name = line(message.name, 120)
  const notice = line(message.notice, 40)
  return {
    address,
    // Kept with the thread, so that the version stands beside what was written under it.
    route: notice ? { notice } : {},
    ...(name && { name }),
    ...(languages.has(message.language) && { language: message.language as Language }),
    ...(notice && { notice }),
  }
}

function contentOf(message: Record<string, unknown>, files: unknown[]): Content {
  const attachments = files.flatMap(attachmentOf)
  const chosen = typeof message.chosen === 'string' ? clean(message.chosen) : ''
  const email = line(message.email, 254)
  const text = typeof message.text === 'string' ? clean(message.text) : ''
  return {
    text: text || (chosen && !attachments.length ? chosen : ''),
    ...(attachments.length > 0 && { attachments }),
    ...(chosen && { chosen }),
    ...(email && { contact: { name: line(message.name, 120) ?? '', phones: [], emails: [email] } }),
  }
}

function attachmentOf(file: unknown): Attachment[] {
  if (!isRecord(file) || typeof file.source !== 'string' || !/^file:[0-9a-f]{64}$/.test(file.source)) return []
  const name = line(file.name, 120)
  return [{
    kind: kinds.has(file.kind) ? file.kind as MediaKind : 'file',
    source: file.source,
    mimeType: typeof file.mimeType === 'string' && /^[a-z]+\/[a-z0-9.+-]+$/.test(file.mimeType) ? file.mimeType : 'application/octet-stream',
    ...(name && { name }),
    ...(typeof file.bytes === 'number' && Number.isSafeInteger(file.bytes) && file.bytes >= 0 && { bytes: file.bytes }),
  }]
}

/** PostgreSQL takes no NUL, and half of a surrogate pair is no character. */
function clean(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd').trim()
}

/** One line, without marks that hide or turn its end. */
function line(given: unknown, max: number): string | undefined {
  if (typeof given !== 'string') return undefined
  const plain = clean(given.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')).replace(/ +/g, ' ')
  return plain === '' || plain.length > max ? undefined : plain
}

const isAddress = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
