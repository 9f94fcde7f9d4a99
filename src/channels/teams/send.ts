/** One request to Teams, never repeated; only a token that was refused is renewed, for then nothing was done. */

import { SendError } from '../../core/channel.ts'
import { refusal } from './failures.ts'
import { fields, word } from '../fields.ts'
import type { Token } from './token.ts'
import type { Post } from './transport.ts'

/** Answers are an id; anything longer is not Teams's. */
const answerBytes = 64 * 1024

export function poster(token: Token, now: () => Date, signal: AbortSignal): Post {
  return async (url, method, headers, body) => {
    const given = /^Bearer (.+)$/.exec(headers.authorization ?? headers.Authorization ?? '')?.[1]
    const first = await call(url, method, headers, body, signal)
    if (first.status !== 401 || !given) return answerOf(first, now)
    await first.body?.cancel()
    token.forget(given)
    const renewed = await token.get()
    const again = Object.entries(headers).filter(([key]) => key.toLowerCase() !== 'authorization')
    const withToken = { ...Object.fromEntries(again), authorization: `Bearer ${renewed}` }
    return answerOf(await call(url, method, withToken, body, signal), now)
  }
}

function call(url: string, method: string, headers: Record<string, string>, body: string, signal: AbortSignal) {
  const sent = Object.entries(headers).filter(([key]) => !/^(content-length|host|connection|accept-encoding)$/i.test(key))
  return fetch(url, { method, headers: Object.fromEntries(sent), body, signal, redirect: 'error' })
}

async function answerOf(response: Response, now: () => Date): Promise<string> {
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    if (text.length > answerBytes) throw new SendError('ambiguous', { pt: 'a resposta do Teams é demasiado longa', en: 'the answer of Teams is too long' })
  }
  if (response.ok) return isJson(text) ? text : '{}'
  const code = isJson(text) ? word(fields(fields(JSON.parse(text))?.error)?.code) : undefined
  throw refusal(response.status, code, response.headers.get('retry-after'), now())
}

function isJson(text: string): boolean {
  try {
    return fields(JSON.parse(text)) !== undefined
  } catch {
    return false
  }
}
