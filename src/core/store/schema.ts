/** The tables, as Kysely sees them. The SQL of record is in migrations/. */

import type { ColumnType, Generated, Kysely, Transaction } from 'kysely'
import type { BotState, Content, ConversationState, DeliveryState, Priority, Role, Route } from '../model.ts'

type Json<T> = ColumnType<T, string, string>
type JsonDefault<T> = ColumnType<T, string | undefined, string>
type At = ColumnType<Date, Date | undefined, Date>
type MaybeAt = ColumnType<Date | null, Date | null | undefined, Date | null>
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>
type By = 'citizen' | 'bot' | 'operator' | 'system'

export interface Schema {
  citizen: {
    id: Generated<string>
    name: Maybe<string>
    language: Generated<string>
    attributes: JsonDefault<Record<string, string>>
    tags: Generated<string[]>
    notice_version: Maybe<string>
    notice_at: MaybeAt
    created_at: At
    changed_at: At
    erased_at: MaybeAt
  }
  identity: {
    id: Generated<string>
    channel_id: string
    address: string
    citizen_id: string
    name: Maybe<string>
    phone: Maybe<string>
    email: Maybe<string>
    verified: Generated<boolean>
    blocked_at: MaybeAt
    opted_out_at: MaybeAt
    created_at: At
  }
  identity_alias: { channel_id: string; address: string; identity_id: string }
  identity_link: {
    id: Generated<string>
    identity_id: string
    from_citizen_id: string
    to_citizen_id: string
    proof: string
    operator_id: Maybe<string>
    at: At
    undone_at: MaybeAt
  }
  conversation: {
    id: Generated<string>
    reference: string
    citizen_id: string
    state: ConversationState
    operator_id: Maybe<string>
    department_id: Maybe<string>
    wake_at: MaybeAt
    aside: Generated<boolean>
    language: Generated<string>
    topic: Maybe<string>
    priority: ColumnType<Priority, Priority | undefined, Priority>
    tags: Generated<string[]>
    subject: Maybe<string>
    thread_id: Maybe<string>
    bot: JsonDefault<BotState>
    version: Generated<number>
    last_seq: Generated<number>
    preview: Generated<string>
    preview_by: ColumnType<By, By | undefined, By>
    channel_id: string
    last_message_at: At
    listed_at: At
    last_inbound_at: MaybeAt
    last_inbound_seq: Generated<number>
    waiting_since: MaybeAt
    first_response_at: MaybeAt
    due_at: MaybeAt
    resolve_by: MaybeAt
    asleep_since: MaybeAt
    failed_deliveries: Generated<number>
    unanswered: Generated<boolean>
    mentioned: Generated<string[]>
    outcome: Maybe<string>
    merged_into: Maybe<string>
    opened_at: At
    closed_at: MaybeAt
    changed_at: At
  }
  thread: {
    id: Generated<string>
    conversation_id: string
    identity_id: string
    channel_id: string
    vendor_thread: Generated<string>
    route: Json<Route>
    last_inbound_at: MaybeAt
    unproven: Generated<boolean>
    claim: Maybe<string>
    claimed_at: MaybeAt
    read_message_id: Maybe<string>
  }
  message: {
    id: Generated<string>
    conversation_id: string
    seq: number
    thread_id: Maybe<string>
    channel_id: string
    direction: 'in' | 'out' | 'note'
    author: By
    operator_id: Maybe<string>
    content: Json<Content>
    external_id: Maybe<string>
    client_id: Maybe<string>
    group_key: Maybe<string>
    in_reply_to: Maybe<string>
    vendor_at: MaybeAt
    created_at: At
    stored_at: At
    edited_at: MaybeAt
    deleted_at: MaybeAt
    recovered: Generated<boolean>
    automatic: Generated<boolean>
  }
  message_part: { channel_id: string; external_id: string; message_id: string }
  message_revision: { id: Generated<string>; message_id: string; content: Json<Content>; at: At }
  reaction: { message_id: string; identity_id: string; emoji: string; at: At }
  our_reaction: { message_id: string; operator_id: string; emoji: string; at: At }
  attachment: {
    id: string
    message_id: string
    position: number
    kind: 'image' | 'audio' | 'video' | 'file'
    mime_type: string
    name: Maybe<string>
    bytes: Maybe<string>
    source: string
    sha256: Maybe<string>
    channel_id: string
    state: 'stored' | 'pending' | 'failed' | 'refused'
    detail: Maybe<string>
    attempts: Generated<number>
    due_at: At
  }
  delivery: {
    message_id: string
    conversation_id: string
    thread_id: string
    channel_id: string
    seq: number
    key: string
    state: DeliveryState
    attempt: Generated<number>
    behind: Generated<boolean>
    due_at: At
    external_id: Maybe<string>
    reason: Maybe<string>
    cost: Maybe<string>
    detail: Maybe<string>
    detail_en: Maybe<string>
    queued_at: At
    sent_at: MaybeAt
    delivered_at: MaybeAt
    read_at: MaybeAt
  }
  early_status: { channel_id: string; external_id: string; state: string; reason: Maybe<string>; detail: Maybe<string>; detail_en: Maybe<string>; at: At }
  inbound: {
    id: Generated<string>
    channel_id: string
    received_at: At
    payload: string
    outcome: 'taken' | 'corrupt' | 'replayed'
    problem: Maybe<string>
  }
  activity: {
    id: Generated<string>
    conversation_id: string
    at: At
    author: By
    operator_id: Maybe<string>
    type: string
    data: JsonDefault<Record<string, unknown>>
  }
  operator: {
    id: string
    name: string
    email: string
    role: Role
    departments: Generated<string[]>
    language: Generated<string>
    capacity: Generated<number>
    presence: ColumnType<'online' | 'busy' | 'away', 'online' | 'busy' | 'away' | undefined, 'online' | 'busy' | 'away'>
    seen_at: MaybeAt
    preferences: JsonDefault<Record<string, unknown>>
    disabled_at: MaybeAt
    created_at: At
  }
  act_once: { client_id: string; conversation_id: string; result: ColumnType<unknown, string | null, string | null>; at: At }
  read_mark: { conversation_id: string; operator_id: string; seq: number }
  draft: { conversation_id: string; operator_id: string; kind: Generated<string>; text: string; changed_at: At }
  quick_answer: {
    id: Generated<string>
    shortcut: string
    department_id: Maybe<string>
    language: Generated<string>
    title: string
    text: string
    attachments: JsonDefault<unknown[]>
    changed_at: At
  }
  saved_view: { id: Generated<string>; operator_id: string; shared: Generated<boolean>; name: string; filter: Json<Record<string, unknown>> }
  call: {
    id: Generated<string>
    conversation_id: string
    room: string
    state: 'asked' | 'ringing' | 'accepted' | 'active' | 'ended' | 'missed' | 'declined' | 'expired'
    department_id: Maybe<string>
    operator_id: Maybe<string>
    asked_by: string
    asked_at: At
    accepted_at: MaybeAt
    citizen_joined_at: MaybeAt
    operator_joined_at: MaybeAt
    started_at: MaybeAt
    ended_at: MaybeAt
    expires_at: ColumnType<Date, Date, Date>
    outcome: Maybe<string>
    note: Maybe<string>
    asked_seq: Generated<number>
    waiting_since: MaybeAt
    citizen_brings: string | null
    room_opened_at: MaybeAt
    room_closed_at: MaybeAt
  }
  call_link: {
    token_hash: string
    call_id: string
    role: 'citizen' | 'guest'
    name: Maybe<string>
    holder_hash: Maybe<string>
    seen_at: MaybeAt
    replaced_at: MaybeAt
    created_at: At
  }
  call_ring: {
    id: Generated<string>
    call_id: string
    operator_id: string
    purpose: 'first' | 'also'
    at: At
    outcome: Maybe<'accepted' | 'declined' | 'unanswered'>
    answered_at: MaybeAt
  }
  call_person: {
    id: Generated<string>
    call_id: string
    role: 'citizen' | 'operator' | 'guest'
    key: string
    name: Maybe<string>
    joined_at: ColumnType<Date, Date, Date>
    left_at: MaybeAt
    seen_at: ColumnType<Date, Date, Date>
  }
  survey: {
    id: Generated<string>
    conversation_id: string
    identity_id: string
    subject: Generated<string>
    state: 'asked' | 'scored' | 'answered' | 'expired' | 'refused'
    score: Maybe<number>
    comment: Maybe<string>
    asked_at: At
    answered_at: MaybeAt
    expires_at: ColumnType<Date, Date, Date>
  }
  request: {
    id: Generated<string>
    conversation_id: string
    bot_id: string
    connection: string
    path: string
    body: Json<Record<string, unknown>>
    state: ColumnType<'queued' | 'sending' | 'done' | 'failed', 'queued' | undefined, 'queued' | 'sending' | 'done' | 'failed'>
    attempt: Generated<number>
    lasts: Generated<boolean>
    due_at: At
    result: ColumnType<unknown, string | null | undefined, string | null>
  }
  channel_cursor: { channel_id: string; value: Json<unknown>; changed_at: At }
  channel_status: {
    channel_id: string
    status: string
    reason: ColumnType<{ pt: string; en: string } | null, string | null | undefined, string | null>
    qr: Maybe<string>
    gap_since: MaybeAt
    gap_until: MaybeAt
    last_in_at: MaybeAt
    last_out_at: MaybeAt
    last_error: Maybe<string>
    last_error_at: MaybeAt
    changed_at: At
  }
  setting: { name: string; value: Json<unknown> }
  message_search: { message_id: string; conversation_id: string; at: Date; words: string }
  audit: {
    id: Generated<string>
    at: At
    operator_id: Maybe<string>
    action: string
    subject: string
    data: JsonDefault<Record<string, unknown>>
    hash: string
  }
}

export type Db = Kysely<Schema>
/** A function that takes a `Trx` holds locks or writes twice: its caller must already be in a transaction. */
export type Trx = Transaction<Schema>
