/** History as the citizen's page gets it. Names and files only: nothing of the town's inside. */

import type { History, HistoryEntry } from '../../core/channel.ts'
import type { Entry, News } from './protocol.ts'

export function present({ entries, changes, cursor, conversation }: History, limit: number): News {
  return {
    entries: entries.map(entryOf),
    changes: changes.map(entryOf),
    cursor: sortable(cursor),
    more: entries.length >= limit,
    conversation: conversation && {
      reference: conversation.reference,
      state: conversation.state,
      position: conversation.position,
      closed: conversation.departmentOpen ? null : { opensAt: conversation.opensAt?.toISOString() ?? null },
      operatorName: conversation.operatorName,
    },
  }
}

function entryOf({ cursor, externalId, by, name, at, content, urls, receipt, editedAt, deletedAt }: HistoryEntry): Entry {
  return {
    cursor: sortable(cursor),
    id: by === 'citizen' ? externalId : null,
    by,
    name,
    at: at.toISOString(),
    text: content.text,
    ...(content.attachments?.length && !deletedAt && {
      files: content.attachments.map((file, n) => ({
        kind: file.kind, name: file.name ?? '', mimeType: file.mimeType, bytes: file.bytes ?? null, url: urls[n] ?? null,
      })),
    }),
    ...(content.choices?.length && { choices: content.choices }),
    ...(content.location && { location: content.location }),
    ...(receipt && by !== 'citizen' && { receipt }),
    ...(editedAt && { edited: true }),
    ...(deletedAt && { deleted: true }),
  }
}

/** With leading zeros, so that a page can put entries in order without knowing what a cursor is. */
function sortable(cursor: string): string {
  return cursor.padStart(18, '0')
}

/** As core has it. */
export const plainCursor = (cursor: string): string => cursor.replace(/\b0+(?=\d)/g, '')
