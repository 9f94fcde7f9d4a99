/** The contract between the gateway and a channel. One kind per folder in src/channels. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Logger } from 'pino'
import type { ZodType } from 'zod'
import type {
  Address, Attachment, Author, Content, ConversationState, DeliveryKey, ExternalId, InboundEvent, MediaKind, Route, Said, Words,
} from './model.ts'

export interface ChannelKind<Config, Payload, Request> {
  name: string
  /** Shape of this kind's block in config/gateway.yaml, without the keys that all kinds share. */
  config: ZodType<Config>
  /** Data, not methods. A function only where config decides (WhatsApp web or cloud). */
  capabilities(config: Config): Capabilities
  /** What of the config decides the capabilities, by a name for each: for the demo and for the table of channels. */
  forms?: Record<string, Partial<Config>>
  /** True when only one process may hold the connection: a poller, a socket, a browser session. */
  exclusive(config: Config): boolean
  /** Vendor payload → what happened. Pure, total: no I/O, no clock, no throw. Unknown payloads give []. */
  normalise(payload: Payload, receivedAt: Date): InboundEvent[]
  /** What to say → one vendor request. Pure. `content` already fits `capabilities`. */
  render(content: Content, route: Route, config: Config): Request
  /** How to write first to an address that somebody gave us; undefined: this channel cannot, or it is none. */
  routeTo?(address: string, config: Config): { address: Address; route: Route } | undefined
  /** The only part that does I/O. Called once the process may hold the channel. */
  connect(config: Config, host: Host<Payload>): Promise<Connection<Request>>
}

/** What a channel can carry. Read by `fit`, by the operator's composer, and by the contract test. */
export interface Capabilities {
  text: {
    max: number
    unit: 'characters' | 'utf16' | 'bytes' | 'sms-segments'
    markup: 'none' | 'markdown' | 'html'
  }
  /** null: choices are written as a numbered list. `max` counts choices, `maxLabel` characters of a label. */
  choices: { max: number; maxLabel: number; /** Longest text beside choices; `text.max` when left out. */ maxText?: number } | null
  /** Shows the field of a form's step. Elsewhere its words ask alone, and what is typed answers it; so it does here. */
  fields?: true
  attachments: {
    kinds: Partial<Record<MediaKind, { maxBytes: number; mimeTypes?: string[] }>>
    perMessage: number
    /** Sum over one message, where that is bounded too (a mail). */
    maxTotalBytes?: number
    /** Longest text beside attachments. 0: text goes in a message of its own. */
    caption: number
  } | null
  location: boolean
  /** May we write first, or only answer within a window after the citizen last wrote? */
  initiate: 'always' | 'never' | { withinHours: number; otherwise: 'template' | 'nothing' }
  inbound: { edits: boolean; deletes: boolean; reactions: boolean; typing: boolean }
  outbound: { edits: boolean; deletes: boolean; reactions: boolean; typing: boolean; readMarks?: boolean }
  receipts: ('sent' | 'delivered' | 'read')[]
  /** How a resend can be made safe: the vendor takes our key, can be asked, tells us later, or cannot say. */
  idempotent: 'key' | 'lookup' | 'echo' | 'none'
  /** The citizen's page reads from our own store: a message is sent once it is committed, and `send` is never called. */
  pull?: true
  /** How fast the vendor lets us write. */
  pace?: { perSecond: number; perThreadPerSecond?: number }
  /** The vendor's pages that these figures come from, with a space between them. */
  source: string
}

/** What the gateway gives a connection. */
export interface Host<Payload> {
  channelId: string
  /** Resolves once stored: only then acknowledge to the vendor. Rejects: let the vendor retry. */
  receive(payload: Payload): Promise<void>
  /** What could not even be parsed into a payload: kept as `corrupt`, shown to admins, replayable. Acknowledge after. */
  receiveCorrupt(raw: string, problem: string): Promise<void>
  /** Keeps bytes that came with a payload (a mail's attachment) before it is received; gives `file:<sha256>`. */
  keep(bytes: Buffer | Readable, hint: { name?: string; mimeType?: string; maxBytes: number }): Promise<{ source: `file:${string}`; bytes: number; mimeType: string }>
  /** Bytes of an outbound attachment whose source is `file:…`. */
  open(source: string): Promise<{ bytes: Buffer; mimeType: string }>
  /** A signed, dated public URL of the same, for vendors that fetch by themselves. */
  urlOf(attachment: Attachment): string
  /** Durable memory of the connection, e.g. { uid, uidValidity }. Save only what is received and stored. */
  cursor: { load(): Promise<unknown>; save(value: unknown): Promise<void> }
  /** Told to admins at once, with what to do about it. */
  report(state: ChannelState): void
  /** Where the vendor reaches this channel: https://…/channels/<id>. */
  publicUrl: string
  /** A folder of this channel's own for what a library must keep on disk. */
  folder: string
  log: Logger
  now(): Date
  /** 0 ≤ x < 1; seeded in tests. */
  random(): number
  /** For `pull` channels: what this address alone may read. */
  reader: Reader
  /** Set by `balcao channel test`: only `check` will be called. Register, poll and read nothing at the vendor. */
  looksOnly?: true
}

/** A citizen's own view of their conversation, for channels whose page reads from our store. */
export interface Reader {
  /** Everything said to and by this address after `after`, oldest first; and what changed of the rest since `version`. */
  history(address: Address, after: string | undefined, limit: number): Promise<History>
  /** Called after each commit that changed something for this address, and when somebody types to it. Returns the end of it. */
  follow(address: Address, changed: (news: { typing?: boolean }) => void): () => void
  /** Marks what was shown to the citizen, up to and including the entry with this cursor. */
  shown(address: Address, upTo: string, state: 'delivered' | 'read'): Promise<void>
}
export interface History {
  entries: HistoryEntry[]
  /** Edits, deletions and receipts of entries before `after`. */
  changes: HistoryEntry[]
  /** Pass back as `after`. */
  cursor: string
  conversation: {
    reference: string
    state: ConversationState
    /** Place in the queue, 1 is next; while waiting. */
    position: number | null
    departmentOpen: boolean
    opensAt: Date | null
    operatorName: string | null
  } | null
}
export interface HistoryEntry {
  /** Ordered; opaque. */
  cursor: string
  externalId: ExternalId | null
  by: 'citizen' | 'bot' | 'operator' | 'system'
  /** First name of the operator, as citizens may see it. */
  name: string | null
  at: Date
  content: Content
  /** Signed download URL of each attachment, same order as content.attachments; null while it is being fetched. */
  urls: (string | null)[]
  receipt: 'sent' | 'delivered' | 'read' | null
  editedAt: Date | null
  deletedAt: Date | null
}

export interface ChannelState {
  status: 'connecting' | 'connected' | 'degraded' | 'needs-attention' | 'closed'
  /** For the admin: what is wrong and what to do. */
  reason?: Words
  /** What a picture can say best: the pairing QR of WhatsApp, as the text to encode. */
  qr?: string
  /** Messages may be missing from this time until now, and cannot be had again. The same gap may be told again. */
  gapSince?: Date
}

export interface Connection<Request> {
  /**
   * Everything below /channels/<id>. `path` is what follows, '' or '/status'. `body` is raw: check the signature on
   * it before anything else. Runs on bare node:http, past express, because half of the speed is there.
   */
  webhook?(request: WebhookRequest, response: ServerResponse): Promise<void>
  /** Of one webhook request; 3 MB when left out. */
  maxBodyBytes?: number
  /**
   * Rejects with SendError. Called at most once a delivery at a time; the same `key` at every attempt. `by` is who
   * wrote it: a mail of the bot must say that a machine wrote it, or two machines answer each other for ever.
   */
  send(request: Request, delivery: { key: DeliveryKey; attempt: number; signal: AbortSignal; by?: Author['by'] }): Promise<{ externalId?: ExternalId }>
  /** Where `idempotent` is 'lookup': did an earlier attempt arrive? undefined: it did not. */
  lookup?(request: Request, delivery: { key: DeliveryKey; signal: AbortSignal }): Promise<{ externalId?: ExternalId } | undefined>
  /** Opens an attachment that this channel received. */
  fetch?(source: string, signal: AbortSignal): Promise<{ body: Readable; mimeType?: string; bytes?: number }>
  /** Best effort, never retried. */
  typing?(route: Route): Promise<void>
  markRead?(route: Route, externalId: ExternalId): Promise<void>
  /** `null` takes our reaction back. Only where `outbound.reactions`. */
  react?(route: Route, externalId: ExternalId, emoji: string | null): Promise<void>
  /** What may be said where `initiate.otherwise` is 'template': for the composer to choose from. */
  templates?(): Promise<ApprovedTemplate[]>
  /** For `balcao doctor` and `balcao channel test`: talks to the vendor, changes nothing. */
  check?(): Promise<ChannelCheck[]>
  close(): Promise<void>
}

export interface WebhookRequest {
  method: string
  /** After /channels/<id>, e.g. '' or '/status'. */
  path: string
  /** As the vendor called it: the configured public URL and the original query. For signatures over the URL. */
  url: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  /** At most 3 MB unless the kind says more; longer ones are refused with 413 before. */
  body: Buffer
  raw: IncomingMessage
}

/** One `Template` that the vendor has approved. `text` shows each parameter as {{1}}, {{2}} … */
export interface ApprovedTemplate { name: string; language: string; text: string; parameters: number; category?: string }

export interface ChannelCheck { name: Said; ok: boolean; detail: Said; /** What to do when it is not. */ fix?: Said }

export type { Said, Words }
export const inBoth = (said: Said): Words => (typeof said === 'string' ? { pt: said, en: said } : said)

/** Thrown by `send`. The reason decides what happens next; the detail is for people: no secrets, no citizen's words. */
export class SendError extends Error {
  readonly reason: SendFailure
  /** The message is its Portuguese. What is a vendor's own is the same in both: `inBoth`. */
  readonly detail: Words
  readonly retryAfterMs: number | undefined

  constructor(reason: SendFailure, detail: Words, retryAfterMs?: number) {
    super(detail.pt)
    this.name = 'SendError'
    this.reason = reason
    this.detail = detail
    this.retryAfterMs = retryAfterMs
  }
}

/** What any error says, to people. */
export const whyOf = (error: unknown): Words =>
  error instanceof SendError ? error.detail : inBoth(error instanceof Error ? error.message : String(error))

/** A new reason is a row, not a branch. */
export const sendFailures = {
  /** The request never left us, or the vendor says that it did nothing. */
  unreachable: { retry: true, pauses: false },
  throttled: { retry: true, pauses: true },
  /** This message will never be taken: too long, bad number, window closed. */
  rejected: { retry: false, pauses: false },
  /** The citizen blocked us or opted out. */
  blocked: { retry: false, pauses: false },
  /** Token expired, account suspended: an admin must act. */
  misconfigured: { retry: false, pauses: false },
  /** Cut, or timed out, after the request left us. Tried again only where a resend is safe. */
  ambiguous: { retry: 'when idempotent', pauses: false },
} as const
export type SendFailure = keyof typeof sendFailures

/** Infers the kind's own types while writing it, then forgets them so that kinds fit in one list. */
export function defineChannel<Config, Payload, Request>(kind: ChannelKind<Config, Payload, Request>): AnyChannelKind {
  return kind as unknown as AnyChannelKind
}
export type AnyChannelKind = ChannelKind<unknown, unknown, unknown>
