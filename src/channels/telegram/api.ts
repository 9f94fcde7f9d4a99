/** telegraf as the client of the Bot API: calls only. Its own update pump acknowledges what was never stored. */

import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import { Telegram } from 'telegraf'
import type { Secret } from '../../core/secret.ts'
import type { Fields } from './fields.ts'

export interface Api {
  /** Rejects with whatever telegraf threw; `failureOf` names it. */
  call(method: string, payload?: Fields, signal?: AbortSignal): Promise<unknown>
  /** Where a file's bytes are. Holds the token: not for logs. */
  fileUrl(path: string): URL
  close(): void
}

/** Connecting that takes longer has certainly not sent anything: told apart from an answer that does not come. */
const connectDeadlineMs = 5_000
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
    close: () => agent.destroy(),
  }
}

function agentFor(root: string): HttpAgent {
  const options = { keepAlive: true, timeout: idleMs }
  const isPlain = root.startsWith('http://')
  const agent = isPlain ? new HttpAgent(options) : new HttpsAgent(options)
  const opens = agent as unknown as { createConnection(...given: unknown[]): Socket | undefined }
  const connect = opens.createConnection.bind(agent)
  opens.createConnection = (...given) => {
    const socket = connect(...given)
    if (!socket) return socket
    const late = setTimeout(
      () => socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ERR_CONNECT_DEADLINE' })),
      connectDeadlineMs,
    )
    const stop = () => clearTimeout(late)
    socket.once(isPlain ? 'connect' : 'secureConnect', stop).once('close', stop)
    return socket
  }
  return agent
}
