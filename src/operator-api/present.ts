/** Rows → what the inbox sees, with what this operator may do. */

import type { ConversationSummary, MessageView, AttachmentView, TimelineEntry } from '../operator-api.types.ts'
import type { Operator } from '../core/model.ts'
import { permissions } from '../core/policy.ts'
import type { SummaryRow } from '../core/store/lists.ts'
import type { TimelineActivity, TimelineMessage } from '../core/store/timeline.ts'

const iso = (at: Date | null): string | null => at?.toISOString() ?? null
/** Times inside JSON that PostgreSQL made carry its own offset. */
const isoText = (at: string | null): string | null => (at === null ? null : new Date(at).toISOString())

export interface Presenting { kindOf(channelId: string): string; link(attachmentId: string, name: string | null): string }

export function presentSummary(row: SummaryRow, operator: Operator, { kindOf }: Presenting): ConversationSummary {
  const { citizenId, citizenName, address, ...rest } = row
  return {
    ...rest,
    citizen: { id: citizenId, name: citizenName, label: citizenName ?? labelOf(address, kindOf(row.channelId)) },
    channelKind: kindOf(row.channelId),
    wakeAt: iso(row.wakeAt),
    lastMessageAt: row.lastMessageAt.toISOString(),
    lastInboundAt: iso(row.lastInboundAt),
    waitingSince: iso(row.waitingSince),
    dueAt: iso(row.dueAt),
    openedAt: row.openedAt.toISOString(),
    closedAt: iso(row.closedAt),
    may: permissions(operator, row),
  }
}

/** An address where people know it (a phone number, an e-mail); null where it is only a machine's. */
export function labelOf(address: string | null, kind: string): string | null {
  return address && (kind === 'email' || kind === 'sms' || kind === 'whatsapp') ? address : null
}

const previewable = /^(image\/(png|jpeg|gif|webp)|audio\/|video\/)/

export function presentEntry(entry: TimelineMessage | TimelineActivity, presenting: Presenting): TimelineEntry {
  if (entry.kind === 'activity') {
    const { kind: _, type, at, ...rest } = entry
    return { ...rest, type: 'activity', what: type, at: at.toISOString() }
  }
  return presentMessage(entry, presenting)
}

/** Pictures inside a mail point at our own store; here they get a link that a browser can follow. */
function withPictures({ content, attachments }: TimelineMessage, link: Presenting['link']): string | null {
  return content.html?.replace(/src="(file:[0-9a-f]{64})"/g, (_found, source: string) => {
    const position = content.attachments?.findIndex((file) => file.source === source) ?? -1
    const file = attachments?.find((one) => one.position === position)
    return file ? `src="${link(file.id, file.name).replaceAll('&', '&amp;')}&amp;show=1"` : 'alt=""'
  }) ?? null
}

function presentMessage(message: TimelineMessage, { link }: Presenting): MessageView {
  const { content, delivery } = message
  // What the citizen took back is gone from the page too; that it was there stays.
  const gone = message.deletedAt !== null
  return {
    type: 'message', id: message.id, seq: message.seq, direction: message.direction, author: message.author, operatorId: message.operatorId,
    threadId: message.threadId, channelId: message.channelId, at: message.at.toISOString(), vendorAt: iso(message.vendorAt),
    text: gone ? '' : content.text, subject: content.subject ?? null, quoted: gone ? null : content.quoted ?? null, html: gone ? null : withPictures(message, link),
    choices: content.choices ?? [], chosen: content.chosen ?? null, location: content.location ?? null, contact: content.contact ?? null,
    unsupported: content.unsupported ?? null, template: content.template ?? null, trust: content.trust ?? null, mentions: content.mentions ?? [],
    attachments: gone ? [] : (message.attachments ?? []).map((file): AttachmentView => {
      const url = file.state === 'stored' ? link(file.id, file.name) : null
      const role = content.attachments?.[file.position]?.role ?? null
      return { id: file.id, kind: file.kind, mimeType: file.mimeType, name: file.name, bytes: file.bytes, state: file.state, detail: file.detail, role, url, previewUrl: url && previewable.test(file.mimeType) ? `${url}&show=1` : null }
    }),
    inReplyTo: message.inReplyTo, clientId: message.clientId, editedAt: iso(message.editedAt), deletedAt: iso(message.deletedAt),
    revisions: (message.revisions ?? []).map(({ text, at }) => ({ text, at: new Date(at).toISOString() })), reactions: message.reactions ?? [],
    recovered: message.recovered, automatic: message.automatic,
    delivery: delivery && {
      state: delivery.state, reason: delivery.reason, detail: delivery.detail, cost: delivery.cost, attempt: delivery.attempt,
      nextAt: delivery.state === 'queued' ? isoText(delivery.dueAt) : null,
      sentAt: isoText(delivery.sentAt), deliveredAt: isoText(delivery.deliveredAt), readAt: isoText(delivery.readAt),
    },
  }
}
