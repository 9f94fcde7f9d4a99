/** What crosses the wire between the inbox and the gateway. Types only. Times are ISO strings in UTC, ids strings. */

import type { ApprovedTemplate, Capabilities, ChannelState, Words } from './core/channel.ts'
import type {
  Action, ActivityType, Attachment, Choice, Consent, ContactCard, ConversationState, DeliveryState, Language, Location, Priority, Role, Template,
} from './core/model.ts'

// ── GET /api/session ────────────────────────────────────────────────────────────────────────────────────────────────
export interface Session {
  operator: OperatorView
  municipality: { name: string; timezone: string; language: Language; referencePrefix: string }
  departments: DepartmentView[]
  channels: ChannelView[]
  operators: OperatorView[]
  links: LinkView[]
  /** Names of the topics that the rulebook knows. */
  topics: Record<string, { pt: string; en: string }>
  video: boolean
  /** Seconds in which a sent reply can be taken back. */
  undoSeconds: number
  version: string
}
export interface OperatorView {
  id: string
  name: string
  email: string
  role: Role
  departments: string[]
  language: Language
  presence: 'online' | 'busy' | 'away'
  capacity: number
  disabled: boolean
  preferences: Record<string, unknown>
}
export interface DepartmentView { id: string; name: { pt: string; en: string }; open: boolean; opensAt: string | null; /** How long before a deadline it is shown as near; null: this department promises none. */ warnBefore: number | null }
export interface ChannelView {
  id: string
  kind: string
  name: string
  capabilities: Capabilities
  state: Omit<ChannelState, 'gapSince'> & { /** Between these, messages may be missing. */ gap: { since: string; until: string } | null; lastInAt: string | null; lastOutAt: string | null; lastError: string | null; lastErrorAt: string | null }
  enabled: boolean
  /** A test message can be sent to an address of one's own. */
  reaches: boolean
}
/** A form or an appointment page from the link catalogue. */
export interface LinkView { id: string; label: { pt: string; en: string }; url: string; kind: 'form' | 'appointment' | 'page'; topic?: string }

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────────────────
/** GET /api/conversations?view=…&department=…&channel=…&tag=…&language=…&priority=…&failed=1&unread=1&from=…&to=…&q=…&cursor=… */
export type ViewName = 'mine' | 'waiting' | 'bot' | 'department' | 'all' | 'closed' | 'snoozed' | 'problems' | 'unanswered' | 'mentions' | 'due'
export interface ConversationFilter {
  view: ViewName
  department?: string
  channel?: string
  tag?: string
  language?: Language
  priority?: Priority
  failed?: boolean
  unread?: boolean
  from?: string
  to?: string
  /** Words, "a phrase", a reference, a phone number, an e-mail, a NIF, a name. */
  q?: string
}
/** `next`: pass back as `cursor`; null: that was all. A page of a search may be short or empty and yet have a next one. */
export interface Page<T> {
  rows: T[]
  next: string | null
  /** Of a search with more to come: since when the messages were read. */
  readSince?: string
}
/** GET /api/counts, refreshed by `live`. */
export interface Counts { mine: number; waiting: number; bot: number; snoozed: number; problems: number; unanswered: number; mentions: number; late: number; departments: Record<string, { open: number; waiting: number }> }

export interface ConversationSummary {
  id: string
  reference: string
  version: number
  state: ConversationState
  operatorId: string | null
  departmentId: string | null
  wakeAt: string | null
  /** `label`: what they are called, by name or by an address that people know; null: the page has a word in the reader's language. */
  citizen: { id: string; name: string | null; label: string | null }
  channelId: string
  channelKind: string
  language: Language
  topic: string | null
  subject: string | null
  priority: Priority
  tags: string[]
  preview: string
  previewBy: 'citizen' | 'bot' | 'operator' | 'system'
  /** Who of them, where it was an operator: not always the one who deals with it. */
  previewOperatorId: string | null
  lastMessageAt: string
  lastInboundAt: string | null
  lastSeq: number
  lastInboundSeq: number
  /** The newest message this operator has read; below lastInboundSeq: unread. */
  readSeq: number
  waitingSince: string | null
  /** The next that is promised: an answer, or that all is settled. */
  dueAt: string | null
  failedDeliveries: number
  /** The last word is the citizen's and a person should answer. */
  unanswered: boolean
  openedAt: string
  closedAt: string | null
  /** What this operator may do with it; buttons need no logic of their own. */
  may: Permission[]
  /** Only in search results: the words found, as text with \u0002…\u0003 around hits. */
  hit?: { seq: number; snippet: string }
}
export type Permission = 'reply' | 'note' | 'take' | 'assign' | 'move' | 'hand-back' | 'snooze' | 'close' | 'reopen' | 'tag' | 'prioritise' | 'call' | 'register' | 'link' | 'merge' | 'split'

// ── One conversation ────────────────────────────────────────────────────────────────────────────────────────────────
/** GET /api/conversations/:id */
export interface ConversationDetail extends ConversationSummary {
  threads: ThreadView[]
  threadId: string
  people: CitizenView
  draft: { reply: string; note: string }
  /** Who else has it open or is writing in it right now. */
  present: { operatorId: string; typing: boolean }[]
  calls: CallView[]
  survey: { state: string; score: number | null; comment: string | null } | null
}
export interface ThreadView {
  id: string
  channelId: string
  channelKind: string
  /** The address as people write it: a phone number, an e-mail. */
  address: string
  name: string | null
  lastInboundAt: string | null
  /** Until when this channel lets us answer freely; null: always. In the past: only a template. */
  windowEndsAt: string | null
  blocked: boolean
  optedOut: boolean
  /** Left on the town's page; whoever reads it has not said yet that it was them. */
  unproven: boolean
}
/** GET /api/conversations/:id/timeline?before=POSITION&limit=50: messages and activities in one line of time, oldest first. */
export interface Timeline { entries: TimelineEntry[]; /** Pass as `before`; null: this is the beginning. */ earlier: string | null; lastSeq: number; version: number }
export type TimelineEntry = MessageView | ActivityView
export interface MessageView {
  type: 'message'
  id: string
  seq: number
  direction: 'in' | 'out' | 'note'
  author: 'citizen' | 'bot' | 'operator' | 'system'
  operatorId: string | null
  threadId: string | null
  channelId: string
  /** When we stored it; the order of the line of time. */
  at: string
  vendorAt: string | null
  text: string
  subject: string | null
  quoted: string | null
  /** Sanitised; only for a sandboxed frame. */
  html: string | null
  choices: Choice[]
  chosen: string | null
  location: Location | null
  contact: ContactCard | null
  unsupported: string | null
  template: Template | null
  trust: Record<string, string> | null
  attachments: AttachmentView[]
  inReplyTo: string | null
  clientId: string | null
  editedAt: string | null
  deletedAt: string | null
  revisions: { text: string; at: string }[]
  /** `operatorId`: of the town's own, who put it there. */
  reactions: { emoji: string; by: string; operatorId: string | null }[]
  recovered: boolean
  automatic: boolean
  mentions: string[]
  delivery: DeliveryView | null
}
export interface AttachmentView {
  id: string
  kind: Attachment['kind']
  mimeType: string
  name: string | null
  bytes: number | null
  state: 'stored' | 'pending' | 'failed' | 'refused'
  detail: string | null
  role: string | null
  /** Signed and dated; download. null until stored. */
  url: string | null
  /** For pictures, sound and film that are safe to show; null otherwise. */
  previewUrl: string | null
}
export interface DeliveryView { state: DeliveryState; reason: string | null; detail: Words | null; /** What the vendor bills it as; `free`: not at all; null: it does not say. */ cost: string | null; attempt: number; nextAt: string | null; sentAt: string | null; deliveredAt: string | null; readAt: string | null }
export type { ActivityType }
export interface ActivityView { type: 'activity'; id: string; at: string; author: 'citizen' | 'bot' | 'operator' | 'system'; operatorId: string | null; what: string; data: Record<string, unknown> }

// ── Changing it ─────────────────────────────────────────────────────────────────────────────────────────────────────
/** POST /api/conversations/:id/act → ActResult. The same clientId again gives the same answer and changes nothing. */
export interface ActRequest {
  clientId: string
  actions: OperatorAction[]
  /**
   * What the writer had seen. Where another operator has replied or taken it since, nothing is done and the answer is 409
   * with the newer state; `force` says that the writer has seen the warning.
   */
  seen?: { lastSeq: number; operatorId: string | null }
  force?: boolean
}
export type OperatorAction =
  | { do: 'reply'; text: string; threadId?: string; attachments?: UploadedFile[]; choices?: Choice[]; subject?: string; template?: Template }
  | { do: 'note'; text: string; mentions?: string[] }
  | { do: 'take' }
  | { do: 'assign'; operatorId: string }
  | { do: 'move'; departmentId: string; note?: string }
  | { do: 'hand-back' }
  | { do: 'snooze'; until: string }
  | { do: 'close'; outcome?: string; survey?: boolean }
  | { do: 'reopen' }
  | { do: 'tag'; add?: string[]; remove?: string[] }
  | { do: 'prioritise'; priority: Priority }
  | { do: 'set-topic'; topic: string }
  | { do: 'set-language'; language: Language }
  | { do: 'register'; attributes: Record<string, string> }
  | { do: 'call' }
  | { do: 'submit'; form: string; given: GivenAnswers; consent: Consent }
export interface ActResult { conversation: ConversationSummary; messageIds: string[]; /** Of a form that was handed in. */ receipt?: string }
export interface Refusal { error: string; /** In the operator's language. */ message: string; field?: string; conversation?: ConversationSummary; /** Who replied in between. */ operatorId?: string; /** Of a vendor. */ detail?: Words }

/** PUT /api/messages/:id/reaction {emoji}; null takes it back. */
export type ReactionEmoji = '👍' | '🙏' | '👏' | '🎉' | '😢'

/** POST /api/attachments?name=… with the raw bytes → UploadedFile */
export interface UploadedFile { source: string; kind: Attachment['kind']; mimeType: string; name: string; bytes: number }
/** POST /api/messages/:id/delivery: for `failed` resend or give up; for `unknown` say what became of it; `undo` within undoSeconds. */
export interface DeliveryDecision { decision: 'resend' | 'arrived' | 'give-up' | 'undo' }
/** POST /api/conversations/preview: how it will look there. */
export interface PreviewRequest { channelId: string; text: string; attachments?: UploadedFile[] | undefined; choices?: Choice[] | undefined }
export interface Preview { parts: { text: string; choices: string[]; attachments: string[] }[]; segments: number | null; encoding: string | null; problems: string[] }

// PUT  /api/conversations/:id/read {seq}      PUT /api/conversations/:id/draft {kind, text}     PUT /api/conversations/:id/presence {writing: 'reply' | 'note' | false}
// POST /api/conversations/bulk {ids, actions, clientId} → { done: string[]; refused: Record<string, string> }
// POST /api/conversations/:id/merge {into}    POST /api/conversations/:id/split {fromSeq} → ConversationSummary
// PUT  /api/me {presence?, language?, preferences?, capacity?} → OperatorView

// ── A form of the bot's, filled together with the citizen ───────────────────────────────────────────────────────────
/** GET /api/conversations/:id/forms → FormOffer[], titles in the operator's language. */
export interface FormOffer { id: string; title: string; topic: string | null; department: string | null }
export type GivenAnswers = Record<string, { text?: string; chosen?: string; files?: UploadedFile[]; /** Ids of files that the citizen sent in this conversation. */ sent?: string[] }>
export interface SentFile { id: string; kind: Attachment['kind']; name: string | null; at: string }
/** POST /api/conversations/:id/forms/:form {given} → FormReading: nothing is kept. Handing it in is the action `submit`. */
export interface FormReading { steps: FormStepView[]; /** Every answer is there and will do. */ complete: boolean; /** What the citizen has sent already, the newest first; empty where no step takes a file. */ sent: SentFile[] }
export interface FormStepView {
  id: string
  type: 'text' | 'nif' | 'postal-code' | 'email' | 'iban' | 'location' | 'yes-no' | 'phone' | 'date' | 'number' | 'choice' | 'file'
  label: string
  ask: string
  optional: boolean
  choices: { value: string; label: string }[]
  kinds: readonly Attachment['kind'][] | null
  /** What we know of the citizen already and would fit. */
  known: string | null
  /** As it was understood; null: not given, or it will not do. */
  shown: string | null
  problem: string | null
}

// ── Citizens ────────────────────────────────────────────────────────────────────────────────────────────────────────
/** GET /api/citizens/:id ; PUT /api/citizens/:id {name?, attributes?, tags?, language?} */
export interface CitizenView {
  id: string
  name: string | null
  label: string | null
  language: Language
  attributes: Record<string, string>
  tags: string[]
  identities: IdentityView[]
  conversations: { id: string; reference: string; state: ConversationState; channelId: string; channelKind: string; topic: string | null; openedAt: string; closedAt: string | null; score: number | null }[]
  links: { id: string; proof: string; operatorId: string | null; at: string; identityId: string }[]
}
export interface IdentityView { id: string; channelId: string; channelKind: string; address: string; name: string | null; phone: string | null; email: string | null; verified: boolean; blocked: boolean; optedOut: boolean }
// POST /api/citizens/:id/link {identityId, proof} → CitizenView     POST /api/links/:id/undo → CitizenView
// GET  /api/citizens?q=… → CitizenView[] (label and identities only)

// ── Video call ──────────────────────────────────────────────────────────────────────────────────────────────────────
/** GET /api/calls → open calls within sight. POST /api/calls/:id/… as said beside each. */
export interface CallView {
  id: string
  state: 'asked' | 'ringing' | 'accepted' | 'active' | 'ended' | 'missed' | 'declined' | 'expired'
  operatorId: string | null
  askedBy: string
  askedAt: string
  acceptedAt: string | null
  startedAt: string | null
  endedAt: string | null
  outcome: string | null
  departmentId?: string | null
  expiresAt?: string
  /** The citizen stands in the waiting room. */
  waitingSince?: string | null
  /** What the citizen's browser allows, as their page found it; null: they did not look. */
  citizenBrings?: 'all' | 'sound' | 'picture' | 'nothing' | null
  /** Who is being rung: to take it, or to come as well. */
  rings?: { operatorId: string; purpose: 'first' | 'also' }[]
  /** Who is or was in the room. */
  people?: { role: 'citizen' | 'operator' | 'guest'; operatorId: string | null; name: string | null; here: boolean }[]
}
/** POST …/accept {} · …/decline {text?}: with words it is refused for good, without it rings on · …/end {outcome?, note?} · …/link {}: a fresh link is said · …/hand-over {operatorId | departmentId} · …/here {what: 'joined' | 'here' | 'left'} → CallView */
/** POST …/guest {name} → { url }: a third person's own link, e.g. for a sign-language interpreter. */
/** POST …/join {} → CallPass: made at this moment, for this operator alone. */
export interface CallPass { baseUrl: string; roomName: string; jwt: string | null; displayName: string; isRecordingAllowed: boolean; hasLobby: boolean }

// ── Catalogues and admin ────────────────────────────────────────────────────────────────────────────────────────────
/** GET /api/quick-answers ; POST ; PUT /:id ; DELETE /:id */
export interface QuickAnswer { id: string; shortcut: string; departmentId: string | null; language: Language; title: string; text: string; attachments: UploadedFile[] }
/** GET /api/channels/:id/templates → TemplateView[]: what may be said where a channel's window is over. */
export type TemplateView = ApprovedTemplate
/** GET /api/saved-views ; POST ; DELETE /:id */
export interface SavedView { id: string; name: string; shared: boolean; mine: boolean; filter: ConversationFilter }
/** GET /api/admin/channels → ChannelView[] ; POST /api/admin/channels/:id/test → { checks: CheckView[] } ; POST …/test-message { to } or { threadId } → TestMessageResult ; GET …/test-partners → TestPartner[] */
export interface CheckView { name: Words; ok: boolean; detail: Words; fix?: Words }
export type TestMessageResult = { conversationId?: string } & ({ sent: true } | { sent: false; /** As of a delivery. */ reason: string; detail: Words })
/** Who wrote on a channel within the last hour: one of them may be the admin. */
export interface TestPartner { threadId: string; citizenId: string; name: string | null; reference: string; at: string }
/** GET /api/admin/problems: corrupt payloads, config problems, failed and unknown deliveries, unattended conversations. */
export interface Problem { id: string; kind: 'corrupt' | 'config' | 'delivery' | 'unattended' | 'channel'; at: string; /** Empty where the kind says it all. */ title: string; detail: string; /** Of a channel: what is wrong and what to do. */ reason?: Words; conversationId?: string; replayable?: boolean; /** Of a channel: messages may be missing. */ gap?: { since: string; until: string } }
// POST /api/admin/inbound/:id/replay
/** GET /api/admin/operators ; POST {name,email,role,departments} → { operator, setPasswordUrl } ; PUT /:id ; POST /:id/reset */
/** GET /api/admin/calendar?from=2026-12-21: two weeks from that week's Monday on, and the named days of half a year. */
export interface CalendarPreview {
  /** The town's own day. */
  today: string
  timezone: string
  days: string[]
  departments: { id: string; days: CalendarDay[] }[]
  /** Holidays and exceptions; `departments` null: all of them. */
  special: { day: string; name: string; hours: CalendarDay['hours']; departments: string[] | null }[]
}
export interface CalendarDay { hours: { from: string; to: string }[]; name: string | null }
/** GET /api/admin/misses: the questions that the bot could not answer, grouped by likeness. */
export interface MissGroup {
  id: string
  sample: string
  language: Language
  count: number
  texts: { text: string; at: string; conversationId: string }[]
  /** Answers and forms that come nearest, best first. */
  nearest: string[]
  /** What the rulebook of today would answer at once. */
  answered: string | null
}

// ── The bot: tried out, and taught ──────────────────────────────────────────────────────────────────────────────────
export type Spoken = { [One in Language]?: string | undefined }
/** GET /api/admin/bot: what there is to try and to teach. 409 `no-bot` where everybody goes straight to people. */
export interface BotCatalogue {
  /** The first one is spoken to whoever gives no sign of another. `full`: no text may be missing in it. */
  languages: { language: Language; full: boolean }[]
  timezone: string
  /** Channels of the town, and kinds that it has not: `id` null. */
  channels: { id: string | null; kind: string; name: string }[]
  /** All that people can find by asking; by `answer.x` or `form.x`. */
  answers: { ref: string; question: Spoken; topic: string | null }[]
  topics: string[]
  /** The files that a new answer may stand in. */
  files: string[]
}
/** POST /api/admin/bot/trial TrialRequest → Trial: a whole conversation, from its first turn on. Nothing is kept, nothing is sent. */
export interface TrialRequest {
  kind: string
  channelId?: string | undefined
  /** As the town's clock on the wall shows it: 2026-12-25T10:00. */
  at: string
  language: Language
  turns: { input: TrialInput; after: number }[]
  /** With this change of the rulebook in it. */
  change?: RulebookChange | undefined
}
export type TrialInput =
  | { text: string }
  | { press: string; label: string }
  /** What the system that was asked has answered. */
  | { result: boolean }
  /** People give the conversation back. */
  | { start: true }
export interface Trial {
  turns: TrialTurn[]
  /** As `balcao bot test` plays it. */
  transcript: string
}
export interface TrialTurn {
  at: string
  /** As the channel shows them. */
  parts: { text: string; choices: Choice[] }[]
  /** What it did besides. */
  done: Exclude<Action, { do: 'say' }>[]
  silent: boolean
  why: TrialWhy | null
}
export interface TrialWhy {
  language: Language
  /** What of the rulebook was reached: answer.x, menu.y, step.form.z … */
  reached: string[]
  command: { name: string; phrase: string } | null
  /** What has these very words. */
  sentence: string | null
  zone: 'answer' | 'suggest' | 'none'
  repairs: { from: string; to: string }[]
  candidates: { ref: string; score: number; phrase: string; matched: string[] }[]
}
/** What an admin wants the bot to learn. */
export type RulebookChange =
  | { do: 'example'; ref: string; language: Language; phrase: string }
  | {
      do: 'answer'; file: string; language: Language; phrase: string; topic?: string | undefined; department?: string | undefined
      question: Spoken; say: Spoken; keywords?: string[] | undefined
    }
/** POST /api/admin/bot/review {change} → RulebookReview: nothing is written. POST /api/admin/bot/changes {change, seen} → { file }. */
export interface RulebookReview {
  file: string
  /** Of the file as it was read: pass it back as `seen`. */
  seen: string
  diff: { kind: 'same' | 'removed' | 'added'; line: number; text: string }[]
  problems: { file: string; line: number; column: number; message: string; severity: 'error' | 'warning' }[]
  /** Transcripts that would fail. */
  failures: string[]
  /** What the words lead to now, and then: null where the bot would have to ask back. */
  now: string | null
  then: string | null
}

// ── GET /api/live: Server-Sent Events ───────────────────────────────────────────────────────────────────────────────
/** Each has a running number of this stream; after a reconnect the first event is `hello`, and the inbox refetches what it shows. */
export type LiveEvent =
  | { type: 'hello'; version: string }
  /** Newer than what you have (by `version`)? Take it. Gone from your sight: `id` in `hidden`. */
  | { type: 'conversations'; changed: ConversationSummary[]; hidden: string[] }
  | { type: 'counts'; counts: Counts }
  | { type: 'presence'; conversationId: string; present: { operatorId: string; typing: boolean }[]; citizenTyping: boolean }
  | { type: 'operators'; operators: Pick<OperatorView, 'id' | 'presence'>[] }
  | { type: 'channels'; channels: ChannelView[] }
  | { type: 'call'; conversationId: string; call: CallView }
  | { type: 'mention'; conversationId: string; by: string }
  | { type: 'config'; problems: string[] }
  | { type: 'signed-out' }
