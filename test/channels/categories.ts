/** What a citizen can send, and how each is known among the recorded payloads: by what is made of it. */

import type { Content, InboundEvent, MediaKind } from '../../src/core/model.ts'
import type { Case } from './recorded.ts'

const messages = ({ expect }: Case) => expect.filter((event) => event.type === 'message.received')
const said = (one: Case, holds: (content: Content) => unknown) => messages(one).some(({ content }) => holds(content))
const happened = (type: InboundEvent['type']) => ({ expect }: Case) => expect.some((event) => event.type === type)
const file = (kind: MediaKind) => (one: Case) => said(one, ({ attachments }) => attachments?.some((each) => each.kind === kind))
const ignored = (reason: RegExp) => ({ expect }: Case) => expect.some((event) => event.type === 'ignored' && reason.test(event.reason))

const categories: Record<string, (one: Case) => boolean | undefined> = {
  text: (one) => said(one, ({ text, attachments }) => text !== '' && !attachments),
  image: file('image'),
  audio: file('audio'),
  video: file('video'),
  document: file('file'),
  'reply-to': (one) => messages(one).some(({ inReplyTo }) => inReplyTo),
  'button or list pressed': (one) => said(one, ({ chosen }) => chosen),
  location: (one) => said(one, ({ location }) => location),
  contact: (one) => said(one, ({ contact }) => contact),
  edit: happened('message.edited'),
  delete: happened('message.deleted'),
  reaction: happened('reaction.changed'),
  status: happened('message.status'),
  'failed status': ({ expect }) => expect.some((event) => event.type === 'message.status' && event.state === 'failed'),
  'system message': ignored(/service|system|notification|membership|conversationUpdate|echo|account|template|encrypt|own|delayed/i),
  group: ignored(/group|channel|newsletter|broadcast|list/i),
  'unknown type': (one) => said(one, ({ unsupported }) => unsupported),
  'odd unicode': (one) => said(one, ({ text }) => /\ufffd|\p{M}|\u200d/u.test(text)),
  '4-byte emoji': (one) => said(one, ({ text }) => /[\u{1f300}-\u{1faff}]/u.test(text)),
  'right-to-left': (one) => said(one, ({ text }) => /[\u0590-\u08ff]/.test(text)),
  'empty text': (one) => said(one, ({ text, attachments, location, contact }) => text === '' && !attachments && !location && !contact) || /empty/.test(one.name),
  nothing: ({ expect }) => expect.length === 0,
}

/** The names of the cases of each. */
export const found = (cases: Case[]): Record<string, string[]> =>
  Object.fromEntries(Object.entries(categories).map(([name, holds]) => [name, cases.filter(holds).map((one) => one.name)]))
