/** The bot on the wire: updates in by webhook or polling, requests out by telegraf. */

import { SendError, type Connection, type Host, type Words } from '../../core/channel.ts'
import { outOfTime } from '../cut.ts'
import { type Api, openApi } from './api.ts'
import type { TelegramConfig } from './config.ts'
import { failureOf } from './failures.ts'
import { type Fields, fields, word } from '../fields.ts'
import { download } from './media.ts'
import type { TelegramPayload } from './normalise.ts'
import { poll } from './polling.ts'
import { check, keepRegistered } from './registration.ts'
import type { TelegramRequest, Upload } from './render.ts'
import { messageId, type TelegramRoute } from './sender.ts'
import { memoryOf, stateOf } from './state.ts'
import { webhook } from './webhook.ts'

export async function connect(
  config: TelegramConfig,
  host: Host<TelegramPayload>,
): Promise<Connection<TelegramRequest>> {
  const api = openApi(config.token, config.apiRoot)
  const closing = new AbortController()
  const closed = closing.signal
  const memory = memoryOf(await host.cursor.load())
  const state = stateOf(host, memory)
  state.tell('connecting')

  /** Until it is answered, the citizen's button keeps turning. */
  const answerPress = (update: Fields) => {
    const press = word(fields(update.callback_query)?.id)
    if (press) api.call('answerCallbackQuery', { callback_query_id: press }, closed).catch(() => undefined)
  }

  const working = (
    host.looksOnly
      ? Promise.resolve()
      : config.mode === 'polling'
      ? poll({ api, config, host, state, memory, closed, stored: answerPress })
      : keepRegistered({ api, config, host, state, closed })
  ).catch((error: unknown) => {
    host.log.error({ reason: error instanceof Error ? error.name : 'unknown' }, 'telegram: the channel stopped working')
    state.failed(failureOf(error))
  })

  return {
    ...(config.mode === 'webhook' && { webhook: webhook(config.secretToken, host, answerPress) }),
    async send(request, { signal }) {
      if (signal.aborted) throw outOfTime()
      const upload = request.upload && (await withBytes(request.upload, host))
      try {
        return externalIdOf(await deliver(api, request, upload, signal))
      } catch (thrown) {
        const error = failureOf(thrown)
        if (error.reason === 'misconfigured') state.failed(error)
        throw error
      }
    },
    fetch: (source, signal) => download(api, source, signal),
    async typing(route) {
      await api.call('sendChatAction', { chat_id: chatOf(route), action: 'typing' }, closed).catch(() => undefined)
    },
    async react(_route, externalId, emoji) {
      const [chat_id, message_id] = externalId.split(':')
      await api
        .call(
          'setMessageReaction',
          {
            chat_id,
            message_id: Number(message_id),
            reaction: emoji === null ? [] : [{ type: 'emoji', emoji }],
          },
          closed,
        )
        .catch((error: unknown) => {
          throw failureOf(error)
        })
    },
    check: () => check(api, config, host),
    async close() {
      closing.abort()
      await working
      api.close()
      host.report({ status: 'closed' })
    },
  }
}

const chatOf = (route: object) => (route as Partial<TelegramRoute>).chatId

interface Bytes extends Upload {
  bytes: Buffer
}

async function withBytes(upload: Upload, host: Host<TelegramPayload>): Promise<Bytes> {
  try {
    return { ...upload, bytes: (await host.open(upload.source)).bytes }
  } catch (error) {
    throw new SendError('rejected', readingFailed(error))
  }
}

async function deliver(
  api: Api,
  { method, payload }: TelegramRequest,
  upload: Bytes | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  if (!upload) return api.call(method, payload, signal)
  // Bytes, never an address: telegraf would fetch any that it is given.
  const file = { source: upload.bytes, filename: upload.name }
  try {
    return await api.call(method, { ...payload, [upload.field]: file }, signal)
  } catch (error) {
    if (method === 'sendDocument' || !isOnlyUnshowable(error)) throw error
    return api.call('sendDocument', { ...payload, document: file }, signal)
  }
}

/** Refused as a picture or a voice note, and certainly not sent: it can still go as a file. */
function isOnlyUnshowable(error: unknown): boolean {
  const { reason, message } = failureOf(error)
  return (
    ['rejected', 'blocked'].includes(reason) &&
    /PHOTO_|IMAGE_PROCESS_FAILED|VOICE_MESSAGES_FORBIDDEN|VIDEO_FILE_INVALID/.test(message)
  )
}

function externalIdOf(result: unknown): { externalId?: string } {
  const message = fields(result)
  const externalId = messageId(message?.chat, message?.message_id)
  return externalId ? { externalId } : {}
}

function readingFailed(error: unknown): Words {
  const name = error instanceof Error ? error.name : 'unknown'
  return { pt: `o anexo não pôde ser lido (${name})`, en: `the attachment could not be read (${name})` }
}
