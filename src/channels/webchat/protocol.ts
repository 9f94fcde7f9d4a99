/** What crosses the wire between the citizen's page and the gateway; docs/webchat-protocol.md says it in words. Types only. */

import type { Choice, ConversationState, Language, Location, MediaKind } from '../../core/model.ts'

/** POST /messages */
export interface OutgoingMessage {
  /** A UUID made by the page. The same message may be posted again and again: it is stored once. */
  id: string
  text: string
  /** The `id` of the choice that was pressed; `text` is its label. */
  chosen?: string
  /** What POST /files gave. */
  files?: string[]
  /** Where the citizen would also like to be answered. */
  email?: string
  name?: string
  language?: Language
  /** Version of the privacy notice that was shown. */
  notice?: string
}

/** The answer to POST /files. */
export interface StoredFile {
  /** Opaque and signed; good for this visitor alone. */
  ref: string
  name: string
  mimeType: string
  bytes: number
}

/** GET /messages, and each `news` of GET /events. */
export interface News {
  entries: Entry[]
  /** Entries at or before the cursor that was asked from which may have changed: replace those with the same cursor. */
  changes: Entry[]
  /** Ask from here next time. */
  cursor: string
  /** There are further entries after `cursor`. */
  more: boolean
  conversation: Standing | null
}

export interface Entry {
  /** Unique; cursors compare as strings, and entries are shown in their order. */
  cursor: string
  /** The `id` that the page gave; null for what the town says. */
  id: string | null
  by: 'citizen' | 'bot' | 'operator' | 'system'
  /** First name of the operator. */
  name: string | null
  at: string
  text: string
  files?: EntryFile[]
  choices?: Choice[]
  location?: Location
  receipt?: 'sent' | 'delivered' | 'read'
  edited?: true
  deleted?: true
}

export interface EntryFile {
  kind: MediaKind
  name: string
  mimeType: string
  bytes: number | null
  /** A dated link; null while it is being fetched. With `&show=1` a picture is shown, not saved. */
  url: string | null
}

export interface Standing {
  reference: string
  state: ConversationState
  /** 1 is next; null when not in a queue. */
  position: number | null
  /** When the department is closed now; `opensAt` is null when that is not known. */
  closed: { opensAt: string | null } | null
  operatorName: string | null
}

/** POST /marks */
export interface Marks { upTo: string; state: 'delivered' | 'read' }

/** Every answer of 400 and above. */
export interface Refusal {
  error: 'bad-request' | 'unauthorised' | 'origin' | 'not-found' | 'method' | 'too-large' | 'type' | 'too-many' | 'unavailable'
  /** Of a bad request: the field. */
  field?: string
  message: string
}

/** GET /config, and written into widget.js. */
export interface Setting {
  /** File name of the part that is loaded when the chat is opened. */
  app: string
  title: string
  colours: Colours
  greeting: Partial<Record<Language, string>>
  privacy: { url: string; version: string } | null
  languages: Language[]
  position: 'left' | 'right'
  uploads: { maxBytes: number; types: string[] } | null
  maxText: number
  contacts: Contacts
  /** Links below it that begin with /call/ are the town's own video calls. */
  publicOrigin: string
}

/** Each pair is readable: at least 4.5 to 1. */
export interface Colours {
  accent: string
  onAccent: string
  /** The accent as text on white, and on black. */
  light: string
  dark: string
}

export interface Contacts { phone?: string | undefined; email?: string | undefined; address?: string | undefined; hours?: string | undefined }
