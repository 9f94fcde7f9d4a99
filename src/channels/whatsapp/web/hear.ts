/** What the library's client tells, as payloads in order; and what was said while it did not tell. */

import type { EventEmitter } from 'node:events'
import type { Client, Message } from './library.ts'
import { queue } from './limits.ts'
import { isOurs } from './message-id.ts'
import { outline, trim } from './trim.ts'
import type { Person } from './people.ts'
import { isPerson } from './person.ts'
import type { WebPayload } from './payload.ts'

export interface Ear {
  /** From now on what comes is new. `me`: our own names. */
  ready(me: string[]): void
  lookBack(since: number): Promise<{ complete: boolean }>
}

/** How many messages of one chat are asked for at a time. */
const sizes = [50, 200, 1000]
/** Seconds after which a message whose event never came was missed. */
const late = 60
/** Milliseconds: a page that does not give back what was missed must not keep back what is said now. */
const longestHold = 60_000
const now = (): number => Math.floor(Date.now() / 1000)

export function hear(
  client: EventEmitter & Pick<Client, 'getChats'>,
  idKey: string,
  personOf: (chat: string) => Promise<Person>,
  tell: (payload: WebPayload) => void,
): Ear {
  let me: string[] = []
  let readyAt = 0
  const acks = new Map<string, number>()
  /** Messages keep their order while their people are looked up. */
  const inTurn = queue()
  /** What is heard waits for what was missed before it; but not for ever. */
  let goOn = (): void => undefined
  let isCaughtUp = false
  void inTurn(() => new Promise<void>((resolve) => (goOn = resolve)))

  const say = (payload: Omit<WebPayload, 'provider' | 'me'>): void => tell({ provider: 'web', ...payload, me })

  type Extra = Partial<WebPayload>
  async function sayNow(event: WebPayload['event'], message: Message, extra: Extra = {}): Promise<void> {
    const chat = String(message.id.remote)
    // Of groups and broadcasts only that there was something.
    if (!isPerson(chat)) return say({ event, message: outline(message) })
    say({ event, message: trim(message), person: await personOf(chat), ...extra })
  }
  const pass = (event: WebPayload['event'], message: Message, extra?: Extra): void =>
    void inTurn(() => sayNow(event, message, extra))

  /** What became of ours while nobody listened; said once. */
  async function tellAck(message: Message): Promise<void> {
    const ack = message.ack ?? 0
    if ((acks.get(message.id.id) ?? 1) >= ack) return
    if (acks.size > 10_000) acks.clear()
    acks.set(message.id.id, ack)
    await sayNow('message_ack', message, { ack })
  }

  const isTypedOnPhone = ({ id }: Message): boolean => id.fromMe && !isOurs(id.id, idKey)

  client.on('message', (message: Message) => pass('message', message))
  client.on('message_create', (message: Message) => {
    if (isTypedOnPhone(message)) pass('message_create', message)
  })
  client.on('message_ciphertext_failed', (message: Message) => pass('message_ciphertext_failed', message))
  client.on('message_revoke_everyone', (message: Message) => pass('message_revoke_everyone', message))
  client.on('message_edit', (message: Message, newBody: unknown) =>
    pass('message_edit', message, { newBody: String(newBody ?? '') }),
  )
  client.on('message_ack', (message: Message, ack: unknown) => {
    if (message.id.fromMe) pass('message_ack', message, { ack: Number(ack) })
  })
  client.on('message_reaction', (given: Record<string, unknown>) => {
    const { id, msgId, senderId, reaction: emoji, timestamp } = given
    void inTurn(async () => {
      const reaction = plain({ id, msgId, senderId, reaction: emoji, timestamp: Math.floor(Number(timestamp)) })
      say({ event: 'message_reaction', reaction, person: await personOf(String(senderId)) })
    })
  })

  async function tellMissed(since: number): Promise<{ complete: boolean }> {
    let complete = true
    for (const chat of await client.getChats()) {
      if (!isPerson(chat.id._serialized) || ((chat.timestamp ?? 0) < since && !chat.unreadCount)) continue
      const found = await backTo(since, (limit) => chat.fetchMessages({ limit }))
      complete &&= found.complete
      for (const message of found.messages) {
        if (message.id.fromMe && !isTypedOnPhone(message)) {
          await tellAck(message)
          continue
        }
        // What came in just now is found here too, and was not missed.
        const missed = message.timestamp < readyAt || now() - message.timestamp > late
        await sayNow(message.id.fromMe ? 'message_create' : 'message', message, missed ? { recovered: true } : {})
      }
    }
    return { complete }
  }

  return {
    ready(names) {
      me = names
      readyAt = now()
      // A browser may take minutes to get here.
      setTimeout(() => goOn(), longestHold).unref()
    },
    async lookBack(since) {
      if (isCaughtUp) return inTurn(() => tellMissed(since))
      isCaughtUp = true
      return tellMissed(since).finally(() => goOn())
    },
  }
}

/** Asks for more until what comes reaches back far enough, or nothing more comes. */
async function backTo(
  since: number,
  fetch: (limit: number) => Promise<Message[]>,
): Promise<{ messages: Message[]; complete: boolean }> {
  let messages: Message[] = []
  let complete = false
  for (const limit of sizes) {
    messages = await fetch(limit)
    complete = messages.length < limit || messages.some(({ timestamp }) => timestamp < since)
    if (complete) break
  }
  const wanted = messages.filter(({ timestamp }) => timestamp >= since)
  return { messages: wanted.sort((a, b) => a.timestamp - b.timestamp), complete }
}

/** As JSON would have it: classes of the library do not travel. */
const plain = (value: object): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>
