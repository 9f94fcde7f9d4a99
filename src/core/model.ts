/** The words of this system. Types only: every other file speaks in these. */

type Id<Name extends string> = string & { readonly __id?: Name }

/** From config, e.g. 'sms-geral'. Kinds are many-to-one: a town may run two Telegram bots. */
export type ChannelId = Id<'channel'>
/** From config, e.g. 'aguas'. */
export type DepartmentId = Id<'department'>
export type CitizenId = Id<'citizen'>
export type IdentityId = Id<'identity'>
export type ConversationId = Id<'conversation'>
export type ThreadId = Id<'thread'>
export type MessageId = Id<'message'>
export type AttachmentId = Id<'attachment'>
export type OperatorId = Id<'operator'>

/** Who is on the other end, as the vendor names them. Only the channel that made it may read it. */
export type Address = Id<'address'>
/** The vendor's id of one message. Unique within a channel: this is what makes receiving idempotent. */
export type ExternalId = Id<'external'>
/** How to answer, as the channel wants to be told. Stored with the thread, never read by core. JSON only. */
export type Route = Record<string, unknown>
export type Language = 'pt' | 'en' | 'es' | 'fr'

export interface Words { pt: string; en: string }
/** To people. A name, an address or a vendor's own word is the same in both languages. */
export type Said = string | Words

// ── What people say to each other, on any channel, in either direction ──────────────────────────────────────────────

export type MediaKind = 'image' | 'audio' | 'video' | 'file'

export interface Attachment {
  kind: MediaKind
  /** `file:<sha256>` when the bytes are in our own store; otherwise a reference that only its channel can open. */
  source: string
  mimeType: string
  name?: string
  bytes?: number
  /** A picture inside the text of a mail, or a voice note rather than a song. */
  role?: 'inline' | 'voice' | 'sticker'
}

export interface Choice {
  /** Comes back as `chosen`. At most 64 bytes of UTF-8, so that every vendor can carry it. */
  id: string
  label: string
}

/** The one answer that a step of a form wants, for channels that can show a field. `text` asks for it in words, so others lose nothing. */
export interface Field {
  /** Comes back as `answers`. At most 64 bytes of UTF-8. */
  id: string
  input: 'line' | 'lines' | 'number' | 'date' | 'email' | 'phone'
  label: string
  maxLength?: number
  /** Of a number; of a date as `2026-12-24`. */
  min?: number | string
  max?: number | string
  /** What stands on the button that sends it, and on those that leave it. */
  send: string
  leave: Choice[]
}

export interface Location { latitude: number; longitude: number; name?: string; address?: string }
export interface ContactCard { name: string; phones: string[]; emails?: string[]; /** The sender's own card, vouched for by the vendor. */ own?: boolean }

/** A message that the vendor has approved beforehand (WhatsApp outside its 24 h window). */
export interface Template { name: string; language: string; parameters: string[] }

export interface Content {
  text: string
  attachments?: Attachment[]
  /** Outbound: answers to offer, as buttons, a list, or numbers, as the channel can. */
  choices?: Choice[]
  /** Inbound: the `id` of the choice that was pressed. `text` then holds its label. */
  chosen?: Choice['id']
  /** Outbound: the field that this asks to be filled in. */
  field?: Field
  /** Inbound: the `id` of the field that `text` was written into. */
  answers?: Field['id']
  location?: Location
  contact?: ContactCard
  /** E-mail: the subject line. */
  subject?: string
  /** E-mail: the older mails below the new text, kept apart so that they can be folded. */
  quoted?: string
  /** E-mail: the original as sanitised HTML, shown only in a sandbox. `text` always says the same in words. */
  html?: string
  /** E-mail, inbound: who else it was sent to. Shown; a reply goes to the sender alone. */
  copies?: string[]
  /** Inbound: the vendor's name of a kind that we cannot show yet. Nothing is lost: the raw payload is kept. */
  unsupported?: string
  /** Outbound only. `text` holds what the citizen will read. */
  template?: Template
  /** Notes only: the operators called into it. */
  mentions?: OperatorId[]
  /** Labels of how far to believe the sender, e.g. { spf: 'pass', dkim: 'fail' }. */
  trust?: Record<string, string>
}

// ── What a channel can tell us. Past tense, because it has happened already ─────────────────────────────────────────

export interface Sender {
  address: Address
  /** How to answer this sender in this thread. The newest one is kept. */
  route: Route
  /** Other addresses of the same person on the same channel (WhatsApp's LID and phone). The first known one wins. */
  aliases?: Address[]
  name?: string
  /** E.164, when the vendor vouches for it. */
  phone?: string
  email?: string
  language?: Language
  /** A vendor thread within the identity: a mail thread, a Teams chat. One thread per identity when left out. */
  thread?: string
  /** The version of the privacy notice that was shown beside the composer. */
  notice?: string
}

/** `state` only moves forward, whatever the order of arrival. */
export type ReceiptState = 'sent' | 'delivered' | 'read' | 'failed'

export type InboundEvent =
  | MessageReceived
  | { type: 'message.edited'; externalId: ExternalId; from: Sender; content: Content; at?: Date }
  | { type: 'message.deleted'; externalId: ExternalId; at?: Date }
  /** `emoji: null` takes the reaction back. `externalId` is the message reacted to. */
  | { type: 'reaction.changed'; externalId: ExternalId; from: Sender; emoji: string | null; at?: Date }
  /** Found by the vendor's id, or by the key that we sent along where the vendor gives it back. */
  | { type: 'message.status'; externalId?: ExternalId; key?: DeliveryKey; state: ReceiptState; /** A word that the inbox knows (`delayed`, `declined`), or why it failed, as the vendor says it, for people. */ reason?: Said; /** What the vendor bills it as, in its own word; `free`: not at all. */ cost?: string; at?: Date }
  /** Written by us from another place, e.g. the town's own phone: a person's answer. */
  | { type: 'message.echoed'; externalId: ExternalId; to: Sender; content: Content; at?: Date }
  | { type: 'contact.blocked'; from: Sender; at?: Date }
  | { type: 'contact.unblocked'; from: Sender; at?: Date }
  /** STOP by SMS: nothing more may be sent to this address until it opts in. */
  | { type: 'contact.opted-out'; from: Sender; at?: Date }
  | { type: 'contact.opted-in'; from: Sender; at?: Date }
  | { type: 'typing'; from: Sender }
  /** Known and on purpose not taken: groups, our own echo. Counted, and logged once a reason. */
  | { type: 'ignored'; reason: string }

export interface MessageReceived {
  type: 'message.received'
  externalId: ExternalId
  from: Sender
  content: Content
  /** The vendor's own clock; ours is kept beside it. */
  at?: Date
  inReplyTo?: ExternalId
  /** The department whose own address was written to (an alias of a mailbox). */
  departmentId?: DepartmentId
  /** The answer of a machine (vacation, list mail): kept and shown, but neither bot nor greeting answers it. */
  automatic?: boolean
  /** Read later than it was sent, because we were down. Marked so in the conversation. */
  recovered?: boolean
  /** Parts of one album share this; they become one message. */
  group?: string
}

// ── Conversations ───────────────────────────────────────────────────────────────────────────────────────────────────

export type Author =
  | { by: 'citizen' }
  | { by: 'bot' }
  /** `null`: on the town's own phone, where nobody signs in. */
  | { by: 'operator'; id: OperatorId | null }
  /** The gateway itself: closed for silence, failed for a reason. */
  | { by: 'system' }

/** Owned by exactly one of these; the database refuses anything else. */
export type Owner =
  | { state: 'bot' }
  | { state: 'waiting' }
  | { state: 'assigned'; operatorId: OperatorId }
  /** Sleeps until `wakeAt`, then waits for the operator who put it to sleep, or for its department. */
  | { state: 'snoozed'; wakeAt: Date; operatorId: OperatorId | null }
  | { state: 'closed' }
export type ConversationState = Owner['state']
export type Priority = 'low' | 'normal' | 'high' | 'urgent'

export interface Conversation {
  id: ConversationId
  /** What the citizen may quote: BAL-2026-000123. */
  reference: string
  citizenId: CitizenId
  owner: Owner
  /** Whose queue it is in; set when people are asked for, kept afterwards. */
  departmentId: DepartmentId | null
  language: Language
  topic: string | null
  priority: Priority
  tags: string[]
  /** Where replies go. */
  threadId: ThreadId
  bot: BotState
  /** Goes up with every change: a browser applies only what is newer. */
  version: number
  lastSeq: number
}

export type DeliveryState = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown' | 'cancelled'
/** Our own name of one delivery, the same at every attempt: what vendors take as idempotency key. */
export type DeliveryKey = Id<'delivery-key'>

// ── What the bot, or an operator, wants done. Carried out by core, in one transaction ───────────────────────────────

/** What the line of time tells beside actions. */
export type ActivityType =
  | 'opened' | 'woke' | 'bot-failed' | 'delivery-failed' | 'linked' | 'unlinked' | 'merged' | 'split' | 'blocked'
  | 'call-asked' | 'call-waiting' | 'call-accepted' | 'call-declined' | 'call-joined' | 'call-left' | 'call-missed' | 'call-ended'
  | 'react' | 'call-expired' | 'submit-failed' | 'survey-asked' | 'survey-expired' | 'unattended' | 'delivery-resolved' | 'citizen-returned' | 'notice-given'
  | 'address-proven' | 'address-refused'

export type Action =
  | { do: 'say'; content: Content }
  | { do: 'note'; text: string; mentions?: OperatorId[]; attachments?: Attachment[] }
  /** To the queue of a department: the bot is silent from here on. */
  | { do: 'hand-off'; departmentId?: DepartmentId; reason: HandOffReason; topic?: string }
  | { do: 'assign'; operatorId: OperatorId }
  | { do: 'move'; departmentId: DepartmentId; note?: string }
  | { do: 'hand-back' }
  | { do: 'snooze'; until: Date }
  /** `survey`: false asks nothing; 'call' asks how the video call was. */
  | { do: 'close'; outcome?: string; survey?: boolean | 'call' }
  | { do: 'reopen' }
  | { do: 'tag'; add?: string[]; remove?: string[] }
  | { do: 'prioritise'; priority: Priority }
  | { do: 'set-language'; language: Language }
  | { do: 'set-topic'; topic: string }
  /** Facts about the citizen: name, NIF, e-mail and whatever the town adds. */
  | { do: 'register'; attributes: Record<string, string> }
  /** A finished form, by the bot or with an operator's help. */
  | { do: 'submit'; form: string; /** As people read it. */ title: string; receipt: string; answers: Record<string, string>; connection?: string; path?: string; assisted?: Consent }
  | { do: 'opt-out' }
  | { do: 'call'; departmentId?: DepartmentId }
  | { do: 'rate'; score: number; comment?: string; subject: 'conversation' | 'call' }
  /** "Isto ajudou?" of one of the bot's answers; and what it could not answer. */
  | { do: 'judge'; answer: string; helpful: boolean }
  | { do: 'miss'; text: string; suggested: string[] }
  | { do: 'answered'; answer: string }
  /** Ask an HTTP connection of the config; the result comes back to the bot as a turn of its own. */
  | { do: 'request'; id: string; connection: string; path: string; body: Record<string, unknown> }

export type HandOffReason = 'asked' | 'not-understood' | 'bot-failed' | 'form' | 'rule' | 'call' | 'own-phone'

/** How the citizen agreed that an operator hands a form in for them: in writing here, by voice, or at the counter. */
export type Consent = 'written' | 'spoken' | 'counter'

/** Data only, so that it can be kept beside the conversation. Its inside belongs to the bot; `receipts` outlives a fresh start. */
export type BotState = Record<string, unknown>

/** What the bot may know about the world; it asks nobody. */
export interface BotContext {
  now: Date
  channel: { id: ChannelId; kind: string; choices: boolean }
  language: Language
  citizen: { name: string | null; attributes: Record<string, string>; isNew: boolean }
  reference: string
  /** Whose conversation it is already, or will be by the channel; null: nobody's in particular. */
  department: DepartmentId | null
  departments: DepartmentNow[]
}
export interface DepartmentNow {
  id: DepartmentId
  name: string
  open: boolean
  opensAt: Date | null
  waiting: number
  operatorsOnline: number
  /** Can a video call be taken there now? */
  takesCalls: boolean
}

export type BotInput =
  | { type: 'message'; content: Content }
  | { type: 'result'; id: string; ok: boolean; status: number; body: unknown }
  /** The conversation came back from people, or has just been opened without words. */
  | { type: 'start' }
  /** A form that an operator filled together with the citizen, as a whole: what was given for each step. */
  | { type: 'form'; form: string; given: Record<string, Content> }

export interface BotTurn { actions: Action[]; state: BotState }
/** Answers a citizen. Pure: the same input gives the same turn. */
export type Responder = (state: BotState, input: BotInput, context: BotContext) => BotTurn

export type Role = 'operator' | 'supervisor' | 'admin'
export interface Operator { id: OperatorId; name: string; email: string; role: Role; departments: DepartmentId[] }
