/** A message that tries a channel, in a conversation that is there already: by the way that every reply takes, and seen in it. */

import { apply } from './apply.ts'
import type { Gateway } from './gateway.ts'
import { told } from './join.ts'
import { lock } from './store/rare.ts'
import { write } from './store/write.ts'
import { followOf, type Town } from './town.ts'

export interface Tried { conversationId: string; messageId: string }

/** undefined: this thread is not of this channel, or its conversation has ended. */
export async function sayAsTrial({ pool, signals, world, outbox }: Pick<Gateway, 'pool' | 'signals' | 'world' | 'outbox'>, town: Town, threadId: string, channelId: string, text: string): Promise<Tried | undefined> {
  let tried: Tried | undefined
  await told(pool, signals, async (trx) => {
    const found = await trx.selectFrom('thread').select('conversation_id').where('id', '=', threadId).executeTakeFirst()
    const held = found && await lock(trx, found.conversation_id, threadId)
    if (held?.thread?.channelId !== channelId || held.state === 'closed') return undefined
    apply(held, { do: 'say', content: { text } }, { by: 'system' }, world())
    const { messageIds } = await write(trx, [held], [], [])
    tried = { conversationId: held.id, messageId: messageIds.get(`${held.id}.${held.lastSeq}`)! }
    return [{ conversationId: held.id, ...followOf(held.thread, town) }]
  })
  if (tried) outbox.wake()
  return tried
}
