/** The methods of the Bot API that send nothing to a citizen. */

import type { File } from './telegram-methods.ts'
import type { Json, Updates } from './telegram-updates.ts'

export type StoredFile = File & { path: string }

export const me = {
  id: 7_000_000_001,
  is_bot: true,
  first_name: 'Câmara',
  username: 'camara_bot',
  can_join_groups: true,
}

type Reply = { result: unknown } | { refused: { status: number; description: string } }
const refused = (status: number, description: string): Reply => ({ refused: { status, description } })

export async function answerTo(
  method: string,
  payload: Json,
  { updates, files, commands, onlyHttps }: { updates: Updates; files: Map<string, StoredFile>; commands: Map<string, Json[]>; onlyHttps: boolean },
): Promise<Reply> {
  switch (method) {
    case 'getMe':
      return { result: me }
    case 'setWebhook': {
      const url = String(payload.url ?? '')
      const secretToken = payload.secret_token as string | undefined
      if (
        url !== '' &&
        !/^https:\/\/[^/:]+(:(443|80|88|8443))?(\/|$)/.test(url) &&
        (onlyHttps || !url.startsWith('http://127.0.0.1:'))
      ) {
        return refused(400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook')
      }
      if (secretToken !== undefined && !/^[\w-]{1,256}$/.test(secretToken))
        return refused(400, 'Bad Request: secret token contains unallowed characters')
      updates.allow(payload.allowed_updates as string[] | undefined)
      updates.setWebhook(
        url === '' ? undefined : { url, secretToken, maxConnections: Number(payload.max_connections ?? 40) },
        payload.drop_pending_updates === true,
      )
      return { result: true }
    }
    case 'deleteWebhook': {
      updates.setWebhook(undefined, payload.drop_pending_updates === true)
      return { result: true }
    }
    case 'getWebhookInfo':
      return { result: updates.info() }
    case 'getUpdates': {
      updates.allow(payload.allowed_updates as string[] | undefined)
      const taken = await updates.take(
        payload.offset as number | undefined,
        Number(payload.limit ?? 100),
        Number(payload.timeout ?? 0),
      )
      if (taken === 'webhook')
        return refused(
          409,
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to " +
            'delete the webhook first',
        )
      if (taken === 'conflict')
        return refused(
          409,
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
        )
      return { result: taken }
    }
    case 'getFile': {
      const file = files.get(String(payload.file_id))
      if (!file) return refused(400, 'Bad Request: invalid file_id')
      if (file.bytes.length > 20 * 1024 * 1024) return refused(400, 'Bad Request: file is too big')
      return {
        result: { file_id: payload.file_id, file_unique_id: 'u', file_size: file.bytes.length, file_path: file.path },
      }
    }
    case 'getMyCommands':
      return { result: commands.get(String(payload.language_code ?? '')) ?? [] }
    case 'setMyCommands': {
      const given = payload.commands as Json[]
      if (given.length > 100 || !given.every(({ command, description }) => /^[a-z\d_]{1,32}$/.test(String(command)) && /^.{1,256}$/.test(String(description))))
        return refused(400, 'Bad Request: BOT_COMMAND_INVALID')
      commands.set(String(payload.language_code ?? ''), given)
      return { result: true }
    }
    case 'answerCallbackQuery':
    case 'sendChatAction':
    case 'setMessageReaction':
      return { result: true }
    default:
      return refused(404, 'Not Found: method not found')
  }
}
