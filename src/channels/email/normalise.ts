/** A kept mail → what happened. Fields: https://www.rfc-editor.org/rfc/rfc5322 */

import type { Attachment, Content, InboundEvent, MessageReceived, Sender } from '../../core/model.ts'
import { mail as shape, type Mail } from './mail.ts'

/** How to answer one mail; kept with the thread. Only `to` is needed, so a mail can be written to anybody first. */
export interface MailRoute {
  to: string
  name?: string
  subject?: string
  inReplyTo?: string
  references?: string[]
  /** Which of our addresses writes. */
  from?: string
  thread?: string
}

export function normalise(payload: Mail, _receivedAt: Date): InboundEvent[] {
  const read = shape.safeParse(payload)
  if (!read.success) return []
  const mail = read.data
  const at = dated(mail.at)
  if (mail.ignored !== undefined) return [{ type: 'ignored', reason: mail.ignored }]
  if (mail.report) {
    const { id, key, state, reason } = mail.report
    return [
      {
        type: 'message.status',
        state,
        ...(id !== undefined && { externalId: id }),
        ...(key !== undefined && { key }),
        ...(reason !== undefined && { reason }),
        ...(at && { at }),
      },
    ]
  }
  const event: MessageReceived = {
    type: 'message.received',
    externalId: mail.id,
    from: senderOf(mail),
    content: contentOf(mail),
    ...(at && { at }),
    ...(mail.answers?.addressee && { inReplyTo: mail.answers.id }),
    ...(mail.alias?.department !== undefined && { departmentId: mail.alias.department }),
    ...(mail.automatic !== undefined && { automatic: true }),
    ...(mail.recovered && { recovered: true }),
  }
  return [event]
}

function senderOf(mail: Mail): Sender {
  const [from, second] = mail.from
  // Nobody can be named: an identity of its own, so that it joins nobody's conversation.
  if (!from || second || mail.fromProblem !== undefined) {
    return { address: `unknown:${mail.thread}:${mail.id}`.slice(0, 500), route: {}, thread: mail.thread }
  }
  const route: MailRoute = {
    to: from.address,
    ...(from.name !== undefined && { name: from.name }),
    ...(mail.subject !== '' && { subject: mail.subject }),
    ...(mail.messageId !== undefined && { inReplyTo: mail.messageId }),
    references: mail.references,
    ...(mail.alias && { from: mail.alias.address }),
    thread: mail.thread,
  }
  return {
    address: from.address,
    route: { ...route },
    email: from.address,
    thread: mail.thread,
    ...(from.name !== undefined && { name: from.name }),
  }
}

function contentOf(mail: Mail): Content {
  const attachments = mail.attachments.map(
    ({ name, role, ...rest }): Attachment => ({
      ...rest,
      ...(name !== undefined && { name }),
      ...(role && { role }),
    }),
  )
  return {
    text: mail.text,
    ...(mail.subject !== '' && { subject: mail.subject }),
    ...(attachments.length > 0 && { attachments }),
    ...(mail.quoted !== undefined && { quoted: mail.quoted }),
    ...(mail.html !== undefined && { html: mail.html }),
    ...(mail.copies.length > 0 && { copies: mail.copies.map(({ address }) => address) }),
    ...(Object.keys(mail.trust).length > 0 && { trust: mail.trust }),
  }
}

function dated(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}
