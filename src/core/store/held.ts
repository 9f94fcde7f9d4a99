/** A conversation whose row we hold locked, with everything that is about to be written to it in this transaction. */

import type {
  Action, ActivityType, Attachment, Author, BotState, ChannelId, CitizenId, Content, ConversationId, ConversationState, DeliveryKey,
  DepartmentId, ExternalId, IdentityId, Language, OperatorId, Priority, Route, ThreadId,
} from '../model.ts'

export interface Held {
  id: ConversationId
  reference: string
  citizenId: CitizenId
  state: ConversationState
  operatorId: OperatorId | null
  departmentId: DepartmentId | null
  wakeAt: Date | null
  language: Language
  topic: string | null
  priority: Priority
  tags: string[]
  subject: string | null
  threadId: ThreadId | null
  bot: BotState
  version: number
  lastSeq: number
  preview: string
  previewBy: Author['by']
  channelId: ChannelId
  lastMessageAt: Date
  lastInboundAt: Date | null
  lastInboundSeq: number
  waitingSince: Date | null
  firstResponseAt: Date | null
  /** Until when the citizen's last word is to be answered. */
  dueAt: Date | null
  /** Until when all is to be settled. */
  resolveBy: Date | null
  asleepSince: Date | null
  unanswered: boolean
  outcome: string | null
  closedAt: Date | null
  /** Opened by this very transaction. */
  isNew: boolean
  citizen: { name: string | null; attributes: Record<string, string>; isNew: boolean }
  /** The reply target: where `say` goes. */
  thread: HeldThread | null

  messages: NewMessage[]
  activities: NewActivity[]
  requests: { botId: string; connection: string; path: string; body: Record<string, unknown>; lasts: boolean }[]
  survey: { subject: string; identityId: IdentityId; lifeMs: number } | null
  scored: { subject: string; score: number; comment: string | null } | null
  attributes: Record<string, string> | null
  optOut: IdentityId | null
  /** Other addresses that the citizen gave, to be answered there once their owner says so. */
  addresses: { channelId: ChannelId; address: string; route: Route }[]
  /** Calls to make, once committed, by whoever makes calls. */
  calls: { departmentId: DepartmentId | null; askedBy: Author['by']; operatorId: OperatorId | null }[]
}

export interface HeldThread {
  id: ThreadId
  channelId: ChannelId
  identityId: IdentityId
  address: string
  lastInboundAt: Date | null
  optedOut: boolean
}

export interface NewMessage {
  seq: number
  threadId: ThreadId | null
  channelId: ChannelId
  direction: 'in' | 'out' | 'note'
  author: Author
  content: Content
  at: Date
  externalId: ExternalId | null
  clientId: string | null
  group: string | null
  inReplyTo: ExternalId | null
  vendorAt: Date | null
  recovered: boolean
  automatic: boolean
  attachments: Attachment[]
  /** Outbound only. `sent` at once on channels that the citizen's page reads by itself. */
  delivery: { key: DeliveryKey; state: 'queued' | 'sent' | 'failed'; dueAt: Date; reason: string | null } | null
}

export interface NewActivity { author: Author; type: Action['do'] | ActivityType; data: Record<string, unknown>; at: Date }


/** The columns of `conversation` that a Held is made of, as SQL. */
export const heldColumns = `
  conversation.id, conversation.reference, conversation.citizen_id as "citizenId", conversation.state, conversation.operator_id as "operatorId",
  conversation.department_id as "departmentId", conversation.wake_at as "wakeAt", conversation.language, conversation.topic, conversation.priority,
  conversation.tags, conversation.subject, conversation.thread_id as "threadId", conversation.bot, conversation.version,
  conversation.last_seq as "lastSeq", conversation.preview, conversation.preview_by as "previewBy", conversation.channel_id as "channelId",
  conversation.last_message_at as "lastMessageAt", conversation.last_inbound_at as "lastInboundAt",
  conversation.last_inbound_seq as "lastInboundSeq", conversation.waiting_since as "waitingSince",
  conversation.first_response_at as "firstResponseAt", conversation.due_at as "dueAt", conversation.resolve_by as "resolveBy", conversation.asleep_since as "asleepSince", conversation.unanswered, conversation.outcome,
  conversation.closed_at as "closedAt"`

/** What `heldColumns` gives. */
export type HeldRow = Omit<Held,
  'isNew' | 'citizen' | 'thread' | 'messages' | 'activities' | 'requests' | 'survey' | 'scored' | 'attributes' | 'optOut' | 'addresses' | 'calls'>

/** `row` may hold more than that. */
export function hold(row: HeldRow, { isNew, citizen, thread }: Pick<Held, 'isNew' | 'citizen' | 'thread'>): Held {
  return {
    id: row.id, reference: row.reference, citizenId: row.citizenId, state: row.state, operatorId: row.operatorId, departmentId: row.departmentId,
    wakeAt: row.wakeAt, language: row.language, topic: row.topic, priority: row.priority, tags: row.tags, subject: row.subject,
    threadId: row.threadId, bot: row.bot, version: row.version, lastSeq: row.lastSeq, preview: row.preview, previewBy: row.previewBy,
    channelId: row.channelId, lastMessageAt: row.lastMessageAt, lastInboundAt: row.lastInboundAt, lastInboundSeq: row.lastInboundSeq,
    waitingSince: row.waitingSince, firstResponseAt: row.firstResponseAt, dueAt: row.dueAt, resolveBy: row.resolveBy, asleepSince: row.asleepSince, unanswered: row.unanswered, outcome: row.outcome,
    closedAt: row.closedAt, isNew, citizen, thread,
    messages: [], activities: [], requests: [], survey: null, scored: null, attributes: null, optOut: null, addresses: [], calls: [],
  }
}
