/** What an operator wants done: checked, carried out once, in one transaction. The second way into a conversation. */

import { apply, type World } from './apply.ts'
import { surveyAtClose } from './call-rating.ts'
import type { Action, Attachment, Author, Choice, Consent, Content, ConversationId, DepartmentId, Operator, OperatorId, Priority, Language, Template, ThreadId } from './model.ts'
import { maySee, type Permission, permissions } from './policy.ts'
import type { Signals } from './signals.ts'
import type { Held } from './store/held.ts'
import { lock, notify } from './store/rare.ts'
import type { Pool } from './store/pool.ts'
import type { Trx } from './store/schema.ts'
import { write } from './store/write.ts'
import { followOf, type Town } from './town.ts'
import { botTurn, submitFor } from './turn.ts'

export type OperatorDeed =
  | { do: 'reply'; text: string; threadId?: ThreadId; attachments?: Attachment[]; choices?: Choice[]; subject?: string; template?: Template }
  | { do: 'take' }
  | { do: 'note'; text: string; mentions?: OperatorId[] }
  | { do: 'assign'; operatorId: OperatorId }
  | { do: 'move'; departmentId: DepartmentId; note?: string }
  | { do: 'hand-back' }
  | { do: 'snooze'; until: Date }
  | { do: 'close'; outcome?: string; survey?: boolean }
  | { do: 'reopen' }
  | { do: 'tag'; add?: string[]; remove?: string[] }
  | { do: 'prioritise'; priority: Priority }
  | { do: 'set-topic'; topic: string }
  | { do: 'set-language'; language: Language }
  | { do: 'register'; attributes: Record<string, string> }
  | { do: 'call' }
  | { do: 'submit'; form: string; given: Record<string, Content>; consent: Consent }

export interface ActOptions {
  conversationId: ConversationId
  operator: Operator
  deeds: OperatorDeed[]
  /** Made once by the writer's browser and the same at every resend. */
  clientId: string
  /** What the writer had on the screen. */
  seen?: { lastSeq: number; operatorId: OperatorId | null }
  force?: boolean
  /** Replies wait this long before they leave, so that they can be taken back. */
  undoSeconds?: number
}

export type ActOutcome =
  | { type: 'done'; messageIds: string[]; repeated: boolean }
  /** Not there, or not for this operator's eyes. */
  | { type: 'not-found' }
  | { type: 'forbidden'; permission: Permission }
  /** The form that was handed in will not do. Nothing was done. */
  | { type: 'invalid' }
  /** Somebody else wrote or took it since. Nothing was done. */
  | { type: 'crossed'; by: 'owner' }
  | { type: 'crossed'; by: 'reply'; operatorId: OperatorId }

export interface Acting {
  pool: Pool
  town: () => Town
  world: () => World
  signals: Signals
  wakeOutbox: () => void
  onBotError: (error: unknown) => void
  /** Runs inside the transaction for every call that was asked for; writes the link into the conversation. */
  startCalls: (trx: Trx, held: Held, world: World) => Promise<void>
}

/** Permission of each deed; setting the language or the topic is part of answering. */
const needs: Record<OperatorDeed['do'], Permission> = {
  reply: 'reply', take: 'take', note: 'note', assign: 'assign', move: 'move', 'hand-back': 'hand-back', snooze: 'snooze', close: 'close',
  reopen: 'reopen', tag: 'tag', prioritise: 'prioritise', 'set-topic': 'tag', 'set-language': 'tag', register: 'register', call: 'call', submit: 'reply',
}

export async function act(acting: Acting, options: ActOptions): Promise<ActOutcome> {
  const { pool, town, signals, wakeOutbox } = acting
  const { conversationId, operator, deeds, clientId } = options
  let changes: Parameters<typeof signals.notices>[0] | undefined
  const outcome = await pool.db.transaction().execute(async (trx): Promise<ActOutcome> => {
    const world = acting.world()
    const once = await trx.insertInto('act_once').values({ client_id: clientId, conversation_id: conversationId, result: null, at: world.now })
      .onConflict((conflict) => conflict.doNothing()).returning('client_id').executeTakeFirst()
    if (!once) return before(trx, clientId, conversationId)
    const found = await lock(trx, conversationId)
    const outcome = found && maySee(operator, found) ? await carryOut(trx, acting, found, world, options) : { type: 'not-found' as const }
    if (outcome.type !== 'done') {
      // A refusal is not remembered: the same click may be right a moment later.
      await trx.deleteFrom('act_once').where('client_id', '=', clientId).execute()
      return outcome
    }
    const changed = [{ conversationId, ...followOf(outcome.held.thread, town()) }]
    changes = { type: 'changed', changes: changed }
    const { messageIds } = await write(trx, [outcome.held], [], signals.notices(changes))
    const ids = outcome.held.messages.map(({ seq }) => messageIds.get(`${conversationId}.${seq}`)!)
    await rememberMention(trx, signals, outcome.held, operator)
    await trx.updateTable('act_once').set({ result: JSON.stringify(ids) }).where('client_id', '=', clientId).execute()
    await trx.deleteFrom('draft').where('conversation_id', '=', conversationId).where('operator_id', '=', operator.id)
      .where('kind', 'in', deeds.flatMap((deed) => (deed.do === 'reply' || deed.do === 'note' ? [deed.do] : ['none']))).execute()
    return { type: 'done', messageIds: ids, repeated: false }
  })
  if (changes) signals.tell(changes)
  if (outcome.type === 'done') wakeOutbox()
  return outcome
}

async function before(trx: Trx, clientId: string, conversationId: string): Promise<ActOutcome> {
  const row = await trx.selectFrom('act_once').select('result').where('client_id', '=', clientId).where('conversation_id', '=', conversationId).executeTakeFirst()
  // Another conversation's clientId tells nothing about that conversation.
  return row ? { type: 'done', messageIds: (row.result ?? []) as string[], repeated: true } : { type: 'not-found' }
}

async function carryOut(
  trx: Trx, acting: Acting, found: Held, world: World, { operator, deeds, seen, force, undoSeconds, clientId }: ActOptions,
): Promise<{ type: 'done'; held: Held } | Exclude<ActOutcome, { type: 'done' }>> {
  let held = found
  const author: Author = { by: 'operator', id: operator.id }
  if (seen && !force && deeds.some((deed) => deed.do === 'reply')) {
    if (held.operatorId !== seen.operatorId && held.operatorId !== operator.id && held.operatorId !== null) return { type: 'crossed', by: 'owner' }
    const other = await otherWho(trx, held, seen.lastSeq, operator)
    if (other) return { type: 'crossed', by: 'reply', operatorId: other }
  }
  for (const deed of deeds) {
    const may = permissions(operator, held)
    if (!may.includes(needs[deed.do]) && !(deed.do === 'take' && held.operatorId === operator.id)) return { type: 'forbidden', permission: needs[deed.do] }
    if (deed.do === 'take') {
      if (seen && !force && held.state === 'assigned' && held.operatorId !== seen.operatorId && held.operatorId !== operator.id) return { type: 'crossed', by: 'owner' }
      if (held.operatorId !== operator.id || held.state !== 'assigned') apply(held, { do: 'assign', operatorId: operator.id }, author, world)
    } else if (deed.do === 'submit') {
      own(held, operator, world)
      if (!submitFor(held, deed.form, deed.given, deed.consent, author, acting.town(), world)) return { type: 'invalid' }
    } else if (deed.do === 'reply') {
      if (deed.threadId && deed.threadId !== held.thread?.id) held = await retarget(trx, held, deed.threadId)
      // Nowhere to send it: no word of an operator is taken and then dropped.
      if (!held.thread) return { type: 'invalid' }
      own(held, operator, world)
      reply(held, deed, author, world, clientId, undoSeconds ?? 0)
    } else if (deed.do === 'close' && deed.survey !== false) {
      const subject = await surveyAtClose(trx, held.id)
      apply(held, { ...deed, survey: subject === 'call' ? 'call' : subject !== null }, author, world)
    } else {
      apply(held, deed as Action, author, world)
      if (deed.do === 'hand-back' && held.thread) botTurn(held, { type: 'start' }, held.thread, acting.town(), world, acting.onBotError)
    }
  }
  if (held.calls.length > 0) await acting.startCalls(trx, held, world)
  return { type: 'done', held }
}

/** Who answers owns it: nothing that a person is dealing with stays with the bot or in a queue. */
function own(held: Held, operator: Operator, world: World): void {
  if (held.state === 'bot' || held.state === 'waiting') apply(held, { do: 'assign', operatorId: operator.id }, { by: 'operator', id: operator.id }, world)
}

function reply(held: Held, deed: Extract<OperatorDeed, { do: 'reply' }>, author: Author, world: World, clientId: string, undoSeconds: number): void {
  const { text, attachments, choices, subject, template } = deed
  const first = held.messages.length
  apply(held, {
    do: 'say',
    content: {
      text, ...(attachments?.length && { attachments }), ...(choices?.length && { choices }), ...(subject !== undefined && { subject }), ...(template && { template }),
    },
  }, author, world)
  for (const [n, message] of held.messages.slice(first).entries()) {
    message.clientId = n === 0 ? clientId : `${clientId}.${n}`
    if (undoSeconds > 0 && message.delivery && message.delivery.state !== 'failed') {
      message.delivery.state = 'queued'
      message.delivery.dueAt = new Date(world.now.getTime() + undoSeconds * 1000)
    }
  }
}

/** The last to have replied since. */
async function otherWho(trx: Trx, held: Held, lastSeq: number, operator: Operator): Promise<OperatorId | undefined> {
  const crossing = await trx.selectFrom('message').select('operator_id')
    .where('conversation_id', '=', held.id).where('seq', '>', lastSeq).where('direction', '=', 'out')
    .where('author', '=', 'operator').where('operator_id', '<>', operator.id).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return crossing?.operator_id ?? undefined
}

/** The reply goes to another of the citizen's threads; one of another conversation is not accepted. */
async function retarget(trx: Trx, held: Held, threadId: ThreadId): Promise<Held> {
  const other = await lock(trx, held.id, threadId)
  if (!other?.thread) return held
  held.thread = other.thread
  held.threadId = threadId
  held.channelId = other.thread.channelId
  return held
}

async function rememberMention(trx: Trx, signals: Signals, held: Held, by: Operator): Promise<void> {
  for (const { content } of held.messages) {
    for (const operatorId of content.mentions ?? []) {
      await notify(trx, signals.notices({ type: 'told', topic: 'mention', data: { conversationId: held.id, operatorId, by: by.id } }))
      signals.tell({ type: 'told', topic: 'mention', data: { conversationId: held.id, operatorId, by: by.id } })
    }
  }
}
