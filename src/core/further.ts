/** What a citizen adds to a conversation that people look after: nothing is decided, so it is stored without being read first. */

import { previewOf, type World } from './apply.ts'
import type { Address, ConversationId, DepartmentId, MessageReceived, ThreadId } from './model.ts'
import { keysOf, type Pending } from './pending.ts'
import type { Change, Signals } from './signals.ts'
import { isPoison } from './store/errors.ts'
import { addFurther, type FurtherMessage, ownedByPeople } from './store/further.ts'
import type { Place } from './store/take.ts'
import type { Pool } from './store/pool.ts'
import { followOf, type Town } from './town.ts'

export interface Further {
  /** `left` must be stored the long way: it may begin something, or be answered by the bot. */
  store(batch: Pending[], world: World, town: Town): Promise<{ stored: Pending[]; changes: Change[]; left: Pending[] }>
  /** Remembers where this was stored. */
  learn(channelId: string, event: MessageReceived, place: Place): void
}

/** Where somebody wrote last. No more than a guess: others may have changed all of it since, and whatever is stored there looks first. */
interface Guess { conversationId: ConversationId; threadId: ThreadId; departmentId: DepartmentId | null; /** Of all names that they go by, the one that is kept. */ address: Address }
const maxGuesses = 20_000

export function openFurther(pool: Pool, signals: Signals): Further {
  const guesses = new Map<string, Guess>()

  function split(batch: Pending[], world: World): { tried: Map<ConversationId, Pending>; messages: FurtherMessage[]; left: Set<Pending> } {
    const tried = new Map<ConversationId, Pending>()
    const messages: FurtherMessage[] = []
    const left = new Set<Pending>()
    // Of one sender only the first: what follows it in this batch waits behind it.
    const senders = new Set<string>()
    for (const pending of batch) {
      const event = plainMessage(pending)
      const guess = event && guesses.get(keyOf(pending.channel.id, event))
      const keys = keysOf(pending)
      if (!event || !guess || tried.has(guess.conversationId) || keys.some((key) => senders.has(key))) left.add(pending)
      else {
        tried.set(guess.conversationId, pending)
        messages.push(asFurther(pending, event, guess, world))
      }
      for (const key of keys) senders.add(key)
    }
    return { tried, messages: messages.sort((a, b) => a.conversationId.length - b.conversationId.length || (a.conversationId < b.conversationId ? -1 : 1)), left }
  }

  return {
    async store(batch, world, town) {
      const { tried, messages, left } = split(batch, world)
      if (messages.length === 0) return { stored: [], changes: [], left: batch }
      const changes = messages.map((message): Change => ({ conversationId: message.conversationId, ...followOf(message, town) }))
      const done = await addFurther(pool.db, messages, signals.notices({ type: 'changed', changes })).catch((error: unknown) => {
        // Stored by another process while this one waited, or not to be stored at all: the long way tells which.
        if (isPoison(error)) return new Set<ConversationId>()
        throw error
      })
      for (const [id, pending] of tried) {
        if (done.has(id)) continue
        left.add(pending)
        guesses.delete(keyOf(pending.channel.id, plainMessage(pending)!))
      }
      return {
        stored: batch.filter((pending) => !left.has(pending)), left: batch.filter((pending) => left.has(pending)),
        changes: changes.filter(({ conversationId }) => done.has(conversationId)),
      }
    },
    learn(channelId, event, { held, thread }) {
      if (!ownedByPeople.includes(held.state)) return
      if (guesses.size >= maxGuesses) guesses.delete(guesses.keys().next().value!)
      guesses.set(keyOf(channelId, event), { conversationId: held.id, threadId: thread.id, departmentId: held.departmentId, address: thread.address })
    },
  }
}

const keyOf = (channelId: string, { from: { address, aliases, thread } }: MessageReceived) => [channelId, thread, address, ...aliases ?? []].join('|')

/** One message that changes nothing but what was said; undefined: there is more to it. */
function plainMessage({ events, problem }: Pending): MessageReceived | undefined {
  const [event] = events
  if (events.length !== 1 || problem !== undefined || event?.type !== 'message.received') return undefined
  const { content, automatic, recovered, group, inReplyTo, departmentId } = event
  const isPlain = !automatic && !recovered && group === undefined && inReplyTo === undefined && departmentId === undefined
    && !content.attachments?.length && content.subject === undefined && content.contact === undefined
  return isPlain ? event : undefined
}

function asFurther({ channel, raw }: Pending, { externalId, from, content, at }: MessageReceived, { conversationId, threadId, departmentId, address }: Guess, world: World): FurtherMessage {
  return {
    conversationId, threadId, departmentId, channelId: channel.id, address, vendorThread: from.thread ?? '', route: from.route, externalId, content,
    preview: previewOf(content), vendorAt: at ?? null, at: world.now, dueAt: departmentId ? world.dueAt(departmentId, world.now) : null, raw: raw === '' ? null : raw,
  }
}
