/** telegraf as the client of the Bot API: calls only. Its own update pump acknowledges what was never stored. */

import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { Telegram } from 'telegraf'
import type { Secret } from '../../core/secret.ts'
import { withConnectDeadline } from '../cut.ts'
import type { Fields } from '../fields.ts'

export interface Api {
  /** Rejects with whatever telegraf threw; `failureOf` names it. */
  call(method: string, payload?: Fields, signal?: AbortSignal): Promise<unknown>
  /** Where a file's bytes are. Holds the token: not for logs. */
  fileUrl(path: string): URL
  /** Config names another server than Telegram's own; that may stand in the town hall. */
  isOwnServer: boolean
  close(): void
}

/** Servers close idle connections; writing into one that is just being closed leaves us in doubt. */
const idleMs = 8_000

export function openApi(token: Secret, apiRoot: string): Api {
  const root = apiRoot.endsWith('/') ? apiRoot : `${apiRoot}/`
  const agent = agentFor(root)
  const telegram = new Telegram(token.reveal(), { apiRoot: root, webhookReply: false })
  // telegraf forgets the agent it is given when the root is plain http.
  telegram.options.agent = agent
  // Its types know the methods of early 2024 and an AbortSignal of their own; it sends any method there is.
  const call = telegram.callApi.bind(telegram) as unknown as (
    method: string,
    payload: Fields,
    options: { signal?: AbortSignal },
  ) => Promise<unknown>
  return {
    call: (method, payload = {}, signal) => call(method, payload, signal ? { signal } : {}),
    fileUrl(path) {
      const safe = path
        .split('/')
        .filter((part) => part !== '' && part !== '.' && part !== '..')
        .map(encodeURIComponent)
        .join('/')
      return new URL(`./file/bot${token.reveal()}/${safe}`, root)
    },
    isOwnServer: new URL(root).hostname !== 'api.telegram.org',
    close: () => agent.destroy(),
  }
}

function agentFor(root: string): HttpAgent {
  const options = { keepAlive: true, timeout: idleMs }
  return root.startsWith('http://')
    ? withConnectDeadline(new HttpAgent(options), 'connect')
    : withConnectDeadline(new HttpsAgent(options), 'secureConnect')
}
