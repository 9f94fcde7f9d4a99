/** One message meets one conversation: it is placed, and whoever owns the conversation reacts. No I/O. */

import { addMessage, afresh, apply, endSleep, record, type World } from './apply.ts'
import type { Author, BotInput, Consent, Content, InboundEvent, MessageReceived } from './model.ts'
import type { Held, HeldThread } from './store/held.ts'
import { botContext, type Town } from './town.ts'

export type Echoed = Extract<InboundEvent, { type: 'message.echoed' }>

/** A citizen's message: stored under the next number, then answered by the bot if the bot owns the conversation. */
export function takeMessage(held: Held, event: MessageReceived, thread: HeldThread, town: Town, world: World, onBotError: (error: unknown) => void): void {
  held.thread = thread
  held.threadId = thread.id
  held.channelId = thread.channelId
  const { content } = event
  if (held.isNew && held.lastSeq === 0) {
    if (event.from.language) held.language = event.from.language
    record(held, { by: 'citizen' }, 'opened', { channel: thread.channelId }, world.now)
  }
  const isFirst = held.isNew && held.lastSeq === 0 && held.citizen.isNew && !event.automatic
  held.subject ??= content.subject ?? null
  // An address of a department: its people get it when people are asked for.
  held.departmentId ??= event.departmentId ?? null
  addMessage(held, {
    threadId: thread.id, channelId: thread.channelId, direction: 'in', author: { by: 'citizen' }, content, at: world.now,
    externalId: event.externalId, clientId: null, group: event.group ?? null, inReplyTo: event.inReplyTo ?? null, vendorAt: event.at ?? null,
    recovered: event.recovered ?? false, automatic: event.automatic ?? false, attachments: content.attachments ?? [], delivery: null,
  })
  if (content.contact?.own !== false) leaveAddresses(held, content.contact?.emails ?? [], thread, town)
  held.lastInboundAt = world.now
  held.lastInboundSeq = held.lastSeq
  // A machine's answer wants none: two machines that are polite to each other never stop.
  if (event.automatic) return
  if (isFirst) giveNotice(held, thread, town, world)
  if (held.state === 'bot') botTurn(held, { type: 'message', content }, thread, town, world, onBotError)
  else if (held.state === 'snoozed') wake(held, world, 'citizen-returned')
  else {
    if (!held.unanswered) held.dueAt = held.departmentId ? world.dueAt(held.departmentId, world.now) : null
    held.unanswered = true
  }
}

/** Who leaves an e-mail on the town's page can be answered there: the conversation goes on by mail. */
function leaveAddresses(held: Held, emails: string[], thread: HeldThread, town: Town): void {
  if (emails.length === 0 || !town.channels.get(thread.channelId)?.capabilities.pull) return
  for (const [id, { kind, config }] of town.channels) {
    for (const email of emails.slice(0, 3)) {
      const found = kind.name === 'email' ? kind.routeTo?.(email, config) : undefined
      if (found) held.addresses.push({ channelId: id, ...found })
    }
  }
}

/** What a colleague wrote on the town's own phone: a person's answer, seen here, and from then on the bot keeps silent. */
export function takeEcho(held: Held, event: Echoed, thread: HeldThread, world: World): void {
  const colleague = { by: 'operator', id: null } as const
  held.thread = thread
  held.threadId ??= thread.id
  addMessage(held, {
    threadId: thread.id, channelId: thread.channelId, direction: 'out', author: colleague, content: event.content, at: world.now,
    externalId: event.externalId, clientId: null, group: null, inReplyTo: null, vendorAt: event.at ?? null, recovered: false, automatic: false,
    attachments: event.content.attachments ?? [],
    delivery: { key: world.newKey(), state: 'sent', dueAt: world.now, reason: null },
  })
  if (held.state === 'bot') apply(held, { do: 'hand-off', reason: 'own-phone' }, colleague, world)
  held.unanswered = false
  held.dueAt = null
  held.firstResponseAt ??= world.now
}

/** Who writes for the first time is told, before any answer, what becomes of what they write. */
function giveNotice(held: Held, thread: HeldThread, town: Town, world: World): void {
  const notice = town.notice?.(thread.channelId, held.language)
  if (!notice) return
  record(held, { by: 'system' }, 'notice-given', { version: notice.version }, world.now)
  apply(held, { do: 'say', content: notice.content }, { by: 'bot' }, world)
}

/** Runs the bot. When it breaks, the citizen gets a person, at once. */
export function botTurn(held: Held, input: BotInput, thread: HeldThread, town: Town, world: World, onBotError: (error: unknown) => void): void {
  const author = { by: 'bot' } as const
  try {
    const turn = town.respond(held.bot, input, botContext(town, held, thread, world.now))
    held.bot = turn.state
    for (const action of turn.actions) apply(held, action, author, world)
  } catch (error) {
    onBotError(error)
    held.bot = afresh(held.bot)
    record(held, author, 'bot-failed', {}, world.now)
    apply(held, { do: 'say', content: town.botFailed(held.language) }, author, world)
    apply(held, { do: 'hand-off', reason: 'bot-failed' }, author, world)
  }
}

/** A form that an operator hands in for the citizen: read by the bot, done in the operator's name. False: it will not do. */
export function submitFor(held: Held, form: string, given: Record<string, Content>, consent: Consent, author: Author, town: Town, world: World): boolean {
  if (!held.thread) return false
  const { actions, state } = town.respond(held.bot, { type: 'form', form, given }, botContext(town, held, held.thread, world.now))
  if (!actions.some((action) => action.do === 'submit')) return false
  held.bot = state
  for (const action of actions) apply(held, action.do === 'submit' ? { ...action, assisted: consent } : action, author, world)
  return true
}

/** Back to whom it slept for. */
export function wake(held: Held, world: World, why: 'woke' | 'citizen-returned'): void {
  record(held, { by: 'system' }, why, {}, world.now)
  held.unanswered = true
  endSleep(held, world)
  if (held.operatorId) held.state = 'assigned'
  else {
    held.state = 'waiting'
    held.waitingSince = world.now
  }
}
