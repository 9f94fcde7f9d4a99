/** Telegram's calls bear a secret in a header; nothing else is signed. https://core.telegram.org/bots/api#setwebhook */

import { telegram as kind } from '../../../src/channels/telegram/index.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { Call, Door } from '../forgery.ts'
import { startGateway } from '../host.ts'
import { secretToken as right } from './start.ts'

export async function telegram(): Promise<Door> {
  const gateway = await startGateway(kind, {
    config: () => ({ token: new Secret('1:a'), apiRoot: 'http://127.0.0.1:1', mode: 'webhook', secretToken: new Secret(right), registerWebhook: false }),
  })
  const body = JSON.stringify({ update_id: 1, message: { message_id: 1, date: 1, chat: { id: 5, type: 'private' }, text: 'a palavra secreta' } })
  const name = 'x-telegram-bot-api-secret-token'
  const by = (secret: string, more: Partial<Call> = {}): Call => ({ headers: { [name]: secret }, body, ...more })
  return {
    gateway,
    good: by(right),
    secretWords: 'palavra secreta',
    forgeries: [
      ['no secret', { headers: {}, body }],
      ['an empty one', by('')],
      ['one letter other', by(`${right.slice(0, -1)}8`)],
      ['cut by one', by(right.slice(0, -1))],
      ['one longer', by(`${right}0`)],
      ['other case', by(right.toUpperCase())],
      ['another bot’s', by('another-bot-knows-this-0123456789')],
      ['twice', by(`${right}, ${right}`)],
      ['as a bearer', { headers: { authorization: `Bearer ${right}` }, body }],
      ['under another name', { headers: { 'x-telegram-bot-api-secret': right }, body }],
      ['in the query', { path: `?secret_token=${right}`, headers: {}, body }],
      ['with a body that is no JSON', { headers: {}, body: '{ not json' }],
    ],
    close: () => gateway.close(),
  }
}
