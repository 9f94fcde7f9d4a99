/** A request that broke before its answer: what is known of whether it arrived. Names nothing but the code. */

import type { Agent as HttpAgent } from 'node:http'
import type { Socket } from 'node:net'
import { SendError } from '../core/channel.ts'
import { badCertificate, nameIn } from './certificates.ts'

/** These come before the first byte of the request has left. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ERR_CONNECT_DEADLINE',
  'ERR_TLS_HANDSHAKE_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** `to`: «ao Telegram». */
export function cutOff(error: unknown, to: string): SendError {
  const code = codeOf(error)
  if (neverLeft.has(code)) return new SendError('unreachable', { pt: `sem ligação ${to} (${code})`, en: `no connection to ${nameIn(to)} (${code})` })
  // The same, because we did not trust the other side.
  return badCertificate(error, to) ?? new SendError('ambiguous', {
    pt: `a ligação ${to} cortou-se a meio (${code})`, en: `the line to ${nameIn(to)} was cut halfway (${code})`,
  })
}

/** Nothing has left: there was no time for it. */
export const outOfTime = () => new SendError('unreachable', { pt: 'o prazo acabou antes do pedido', en: 'time was up before the request' })

/** fetch hides the code in its cause; a host with two addresses fails with one error for each. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth++) {
    const { code, cause, errors } = at as { code?: unknown; cause?: unknown; errors?: unknown }
    if (isCode(code)) return code
    at = Array.isArray(errors) ? errors[0] : cause
  }
  const { type, name } = (typeof error === 'object' && error !== null ? error : {}) as { type?: unknown; name?: unknown }
  return [type, name].find(isCode) ?? 'unknown'
}

const isCode = (word: unknown): word is string => typeof word === 'string' && /^[\w-]{1,60}$/.test(word)

const connectDeadlineMs = 5_000

/** Connecting that takes longer has certainly not sent anything: told apart from an answer that does not come. */
export function withConnectDeadline(agent: HttpAgent, ready: 'connect' | 'secureConnect'): HttpAgent {
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
    socket.once(ready, stop).once('close', stop)
    return socket
  }
  return agent
}
