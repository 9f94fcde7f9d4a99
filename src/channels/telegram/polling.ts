/**
 * Asks Telegram for what came. An update is confirmed, by the next request's offset, only when everything before it
 * is stored.
 */

import type { Host } from '../../core/channel.ts'
import type { Api } from './api.ts'
import { offerCommands } from './commands.ts'
import type { PollingConfig } from './config.ts'
import { failureOf } from './failures.ts'
import { type Fields, fields, list, number } from '../fields.ts'
import type { TelegramPayload } from './normalise.ts'
import { backoffMs, pause } from '../pause.ts'
import type { State } from '../state.ts'
import type { Memory } from './state.ts'

interface Polling {
  api: Api
  config: PollingConfig
  host: Host<TelegramPayload>
  state: State
  memory: Memory | undefined
  closed: AbortSignal
  stored: (update: Fields) => void
}

/** After a quiet week Telegram counts from a random number, and an old offset would confirm what was never read. */
const offsetLivesMs = 6 * 24 * 3_600_000
const rememberEveryMs = 10 * 60_000

/** Resolves when closed, with nothing half stored. */
export async function poll({ api, config, host, state, memory, closed, stored }: Polling): Promise<void> {
  let offset = memory?.offset
  let offsetAt = memory ? Date.parse(memory.offsetAt ?? memory.at) : 0
  let rememberedAt = 0
  let failures = 0
  let isFree = false
  // Of when nothing could be read it is not said that we were here.
  let isWell = false

  async function remember(): Promise<void> {
    const now = host.now()
    rememberedAt = now.getTime()
    await host.cursor
      .save({ at: now.toISOString(), ...(offset !== undefined && { offset, offsetAt: new Date(offsetAt).toISOString() }) } satisfies Memory)
      .catch((error: Error) =>
        host.log.warn(
          { reason: error.name },
          'telegram: the offset could not be saved; updates may be read twice and are known again',
        ),
      )
  }

  while (!closed.aborted) {
    try {
      if (!isFree) {
        await api.call('deleteWebhook', { drop_pending_updates: false }, closed)
        isFree = true
        isWell = true
        // The first answer to come may be a minute away.
        state.tell('connected')
        void offerCommands(api, host.log, closed)
        await remember()
      }
      if (offset !== undefined && host.now().getTime() - offsetAt > offsetLivesMs) offset = undefined
      const updates = list(
        await api.call(
          'getUpdates',
          {
            timeout: config.pollSeconds,
            limit: 100,
            allowed_updates: config.allowedUpdates,
            ...(offset !== undefined && { offset }),
          },
          closed,
        ),
      )
      failures = 0
      isWell = true
      state.tell('connected')
      if (updates.length > 0) {
        if (!(await storeAll(updates))) break
        offset = Math.max(...updates.map(({ update_id }) => number(update_id) ?? 0)) + 1
        offsetAt = host.now().getTime()
        await remember()
      } else if (host.now().getTime() - rememberedAt > rememberEveryMs) await remember()
    } catch (thrown) {
      if (closed.aborted) break
      const error = failureOf(thrown)
      failures += 1
      isWell = false
      if (/^409\b/.test(error.message)) state.tell('needs-attention', conflict)
      else if (error.reason === 'misconfigured' || failures > 1) state.failed(error)
      await pause(error.retryAfterMs ?? backoffMs(failures, host.random), closed)
    }
  }
  if (isWell) await remember()

  /** In order within a chat, chats side by side: the store takes many at once. */
  async function storeAll(updates: Fields[]): Promise<boolean> {
    const chats = new Map<unknown, Fields[]>()
    for (const update of updates) {
      const key = chatOf(update)
      chats.set(key, [...(chats.get(key) ?? []), update])
    }
    const done = await Promise.all(
      Array.from(chats.values(), async (of) => {
        for (const update of of) if (!(await store(update))) return false
        return true
      }),
    )
    return done.every(Boolean)
  }

  async function store(update: Fields): Promise<boolean> {
    for (let attempt = 0; !closed.aborted; attempt++) {
      try {
        await host.receive(update)
        stored(update)
        return true
      } catch (error) {
        if (attempt === 0)
          host.log.warn(
            { reason: error instanceof Error ? error.name : 'unknown' },
            'telegram: an update could not be stored; trying again',
          )
        await pause(Math.min(5_000, backoffMs(attempt, host.random) / 5), closed)
      }
    }
    return false
  }
}

function chatOf(update: Fields): unknown {
  const about = Object.values(update).map(fields).find(Boolean)
  return fields(about?.chat)?.id ?? fields(fields(about?.message)?.chat)?.id ?? fields(about?.from)?.id
}

const conflict = {
  pt:
    'Outro programa lê as mensagens deste bot, ou pôs-lhe um webhook. Feche-o, ou peça um token novo ao ' +
    '@BotFather (/revoke).',
  en:
    'Another program reads the messages of this bot, or has set a webhook for it. Stop it, or get a new ' +
    'token from @BotFather (/revoke).',
}
