/** Carries out one action on a held conversation. Pure but for the Held that it is given: no I/O, no clock, no chance. */

import type { Capabilities } from './channel.ts'
import { fit } from './fit.ts'
import type { Action, ActivityType, Attachment, Author, BotState, ChannelId, Content, DeliveryKey, DepartmentId, Language, OperatorId } from './model.ts'
import type { Held, HeldThread, NewMessage } from './store/held.ts'

/** What `apply` may know beside the conversation. */
export interface World {
  now: Date
  channel(id: ChannelId): { capabilities: Capabilities; departmentId: DepartmentId } | undefined
  /** Whose queue it is when nobody says. */
  defaultDepartment: DepartmentId
  newKey(): DeliveryKey
  linkOf(attachment: Attachment): string
  /** When a department must have answered, or settled all, by its own calendar; null: no target. */
  dueAt(departmentId: DepartmentId, from: Date, what?: 'answer' | 'resolution'): Date | null
  /** When that is due instead, if nobody worked on it in between: as much open time is left as there was at the begin of it. */
  putOff(departmentId: DepartmentId, due: Date, from: Date, to: Date): Date
  /** How satisfaction is asked for at close; null: not at all. */
  survey: { lifeMs: number; ask(language: Language, departmentId: DepartmentId | null, subject: string): Content } | null
}

export function apply(held: Held, action: Action, author: Author, world: World): void {
  const { now } = world
  switch (action.do) {
    case 'say':
      say(held, action.content, author, world)
      return
    case 'note':
      addMessage(held, note(held, action.text, author, now, action.mentions, action.attachments))
      return
    case 'hand-off':
      queue(held, action.departmentId ?? held.departmentId ?? fallbackDepartment(held, world), world)
      if (action.topic) held.topic = action.topic
      record(held, author, 'hand-off', { department: held.departmentId, reason: action.reason, topic: held.topic }, now)
      return
    case 'assign':
      held.departmentId ??= fallbackDepartment(held, world)
      // Straight from the bot, without a wait: the answer is promised from here on.
      if (held.state === 'bot' || held.state === 'closed') owe(held, held.departmentId, world)
      reopenIfClosed(held)
      endSleep(held, world)
      held.state = 'assigned'
      held.operatorId = action.operatorId
      record(held, author, 'assign', { to: action.operatorId, waited: held.waitingSince && now.getTime() - held.waitingSince.getTime() }, now)
      held.waitingSince = null
      held.resolveBy ??= world.dueAt(held.departmentId, now, 'resolution')
      return
    case 'move':
      record(held, author, 'move', { from: held.departmentId, to: action.departmentId }, now)
      if (action.note) addMessage(held, note(held, action.note, author, now))
      queue(held, action.departmentId, world)
      return
    case 'hand-back':
      held.state = 'bot'
      held.operatorId = null
      endSleep(held, world)
      held.waitingSince = null
      held.unanswered = false
      held.dueAt = null
      held.resolveBy = null
      held.closedAt = null
      held.bot = afresh(held.bot)
      record(held, author, 'hand-back', {}, now)
      return
    case 'snooze':
      held.departmentId ??= fallbackDepartment(held, world)
      held.state = 'snoozed'
      held.wakeAt = action.until
      held.asleepSince ??= now
      held.waitingSince = null
      record(held, author, 'snooze', { until: action.until.toISOString() }, now)
      return
    case 'close':
      if (held.state === 'closed') return
      if (action.survey !== false && world.survey && held.thread && !held.thread.optedOut) {
        const subject = action.survey === 'call' ? 'call' : 'conversation'
        const question = world.survey.ask(held.language, held.departmentId, subject)
        // Asked only where it can be heard: not outside a vendor's window.
        if (!refusalOf(held.thread, world.channel(held.thread.channelId)?.capabilities, question, now)) {
          say(held, question, { by: 'system' }, world)
          held.survey = { subject, identityId: held.thread.identityId, lifeMs: world.survey.lifeMs }
          record(held, { by: 'system' }, 'survey-asked', { subject }, now)
        }
      }
      record(held, author, 'close', { outcome: action.outcome ?? null, from: held.state }, now)
      held.state = 'closed'
      held.closedAt = now
      endSleep(held, world)
      held.waitingSince = null
      held.unanswered = false
      held.dueAt = null
      held.resolveBy = null
      held.outcome = action.outcome ?? null
      held.bot = afresh(held.bot)
      return
    case 'reopen':
      if (held.state !== 'closed') return
      queue(held, held.departmentId ?? fallbackDepartment(held, world), world)
      record(held, author, 'reopen', {}, now)
      return
    case 'tag':
      held.tags = [...new Set([...held.tags, ...(action.add ?? [])])].filter((tag) => !action.remove?.includes(tag))
      record(held, author, 'tag', { add: action.add ?? [], remove: action.remove ?? [] }, now)
      return
    case 'prioritise':
      held.priority = action.priority
      record(held, author, 'prioritise', { priority: action.priority }, now)
      return
    case 'set-language':
      held.language = action.language
      record(held, author, 'set-language', { language: action.language }, now)
      return
    case 'set-topic':
      held.topic = action.topic
      record(held, author, 'set-topic', { topic: action.topic }, now)
      return
    case 'register':
      held.attributes = { ...held.attributes, ...action.attributes }
      // The values are the citizen's own: the line of time says which facts, not what they are.
      record(held, author, 'register', { names: Object.keys(action.attributes) }, now)
      return
    case 'submit': {
      const { form, title, receipt, answers, assisted, connection, path } = action
      record(held, author, 'submit', { form, title, receipt, assisted: assisted !== undefined, ...(assisted && { consent: assisted }) }, now)
      if (connection !== undefined && path !== undefined) {
        const body = { form, receipt, reference: held.reference, assisted: assisted !== undefined, answers }
        held.requests.push({ botId: receipt, connection, path, body, lasts: true })
      }
      return
    }
    case 'opt-out':
      if (held.thread) held.optOut = held.thread.identityId
      record(held, author, 'opt-out', {}, now)
      return
    case 'call':
      held.calls.push({
        departmentId: action.departmentId ?? null, askedBy: author.by, operatorId: author.by === 'operator' ? author.id : null,
      })
      return
    case 'rate':
      held.scored = { subject: action.subject, score: action.score, comment: action.comment ?? null }
      record(held, author, 'rate', { score: action.score, subject: action.subject }, now)
      return
    case 'judge':
      record(held, author, 'judge', { answer: action.answer, helpful: action.helpful }, now)
      return
    case 'miss':
      record(held, author, 'miss', { seq: held.lastSeq, suggested: action.suggested }, now)
      return
    case 'answered':
      record(held, author, 'answered', { answer: action.answer }, now)
      return
    case 'request':
      held.requests.push({ botId: action.id, connection: action.connection, path: action.path, body: action.body, lasts: false })
      return
  }
}

export function record(held: Held, author: Author, type: Action['do'] | ActivityType, data: Record<string, unknown>, at: Date): void {
  held.activities.push({ author, type, data, at })
}

/** Gives the message its place in the conversation: gapless, because the row is held. */
export function addMessage(held: Held, message: Omit<NewMessage, 'seq'>): NewMessage {
  held.lastSeq += 1
  const placed = { ...message, seq: held.lastSeq }
  held.messages.push(placed)
  if (message.direction !== 'note') {
    held.preview = previewOf(message.content)
    held.previewBy = message.author.by
    held.lastMessageAt = message.at
  }
  return placed
}

export function previewOf({ text, subject, attachments, location, contact, unsupported }: Content): string {
  const words = text.replace(/\s+/g, ' ').trim() || subject || attachments?.[0]?.name || attachments?.[0]?.kind
    || (location && '📍') || contact?.name || (unsupported && `[${unsupported}]`) || ''
  // Most are shorter than that however one counts; only the others are taken apart into characters.
  return words.length <= 140 ? words : Array.from(words).slice(0, 140).join('')
}

function say(held: Held, content: Content, author: Author, world: World): void {
  const thread = held.thread
  if (!thread) return
  const channel = world.channel(thread.channelId)
  const parts = channel ? fit(content, channel.capabilities, world.linkOf) : [content]
  const refusal = refusalOf(thread, channel?.capabilities, content, world.now)
  for (const part of parts) {
    const { attachments, ...rest } = part
    addMessage(held, {
      threadId: thread.id, channelId: thread.channelId, direction: 'out', author, content: attachments ? { ...rest, attachments } : rest,
      at: world.now, externalId: null, clientId: null, group: null, inReplyTo: null, vendorAt: null, recovered: false, automatic: false,
      attachments: attachments ?? [],
      delivery: {
        key: world.newKey(), dueAt: world.now, reason: refusal,
        state: refusal ? 'failed' : channel?.capabilities.pull ? 'sent' : 'queued',
      },
    })
  }
  if (author.by === 'operator' && parts.length > 0) {
    held.firstResponseAt ??= world.now
    held.unanswered = false
    held.dueAt = null
  }
}

/** Why this thread cannot carry anything now. Said at once, not after a failed send. */
function refusalOf(thread: HeldThread, can: Capabilities | undefined, content: Content, now: Date): string | null {
  if (thread.optedOut) return 'opted-out'
  if (!can) return 'channel-gone'
  if (typeof can.initiate === 'object' && !content.template) {
    const ends = thread.lastInboundAt ? thread.lastInboundAt.getTime() + can.initiate.withinHours * 3_600_000 : 0
    if (now.getTime() > ends) return 'window-closed'
  }
  return null
}

function queue(held: Held, departmentId: DepartmentId, world: World): void {
  reopenIfClosed(held)
  endSleep(held, world)
  held.state = 'waiting'
  // Who gets it from another department has the time that it promises itself.
  if (held.departmentId !== departmentId || held.resolveBy === null) held.resolveBy = world.dueAt(departmentId, world.now, 'resolution')
  held.departmentId = departmentId
  held.operatorId = null
  held.waitingSince = world.now
  owe(held, departmentId, world)
}

/** From now on people have it: the citizen is to hear from one of them. */
function owe(held: Held, departmentId: DepartmentId, world: World): void {
  held.unanswered = true
  held.dueAt = world.dueAt(departmentId, world.now)
}

export function endSleep(held: Held, world: World): void {
  const { asleepSince, resolveBy, departmentId } = held
  held.wakeAt = null
  held.asleepSince = null
  if (!asleepSince || !departmentId) return
  if (resolveBy) held.resolveBy = world.putOff(departmentId, resolveBy, asleepSince, world.now)
  // However it ends: who is to answer has the time for it again.
  if (held.unanswered) held.dueAt = world.dueAt(departmentId, world.now)
}

function reopenIfClosed(held: Held): void {
  if (held.state !== 'closed') return
  held.closedAt = null
  held.outcome = null
}

function fallbackDepartment(held: Held, world: World): DepartmentId {
  return world.channel(held.channelId)?.departmentId ?? world.defaultDepartment
}

/** Forgets the talk but not how many receipts were given: no two of one conversation are the same. */
export function afresh({ receipts }: BotState): BotState {
  return receipts === undefined ? {} : { receipts }
}

function note(held: Held, text: string, author: Author, at: Date, mentions: OperatorId[] = [], attachments: Attachment[] = []): Omit<NewMessage, 'seq'> {
  return {
    threadId: null, channelId: held.channelId, direction: 'note', author, content: { text, ...(mentions.length > 0 && { mentions }), ...(attachments.length > 0 && { attachments }) },
    at, externalId: null, clientId: null, group: null, inReplyTo: null, vendorAt: null, recovered: false, automatic: false, attachments, delivery: null,
  }
}
