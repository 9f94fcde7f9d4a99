/** The bot's own token, from Entra: kept until shortly before it expires, asked for once however many need it. */

import { SendError } from '../../core/channel.ts'
import type { TeamsConfig } from './config.ts'
import { failureOf, waitOf } from './failures.ts'
import { fields, word } from '../fields.ts'

export interface Token {
  get(): Promise<string>
  /** Teams did not take it. */
  forget(refused: string): void
}

const scope = 'https://api.botframework.com/.default'
const earlyMs = 5 * 60_000
const timeoutMs = 10_000

export function openToken(config: TeamsConfig, now: () => Date): Token {
  let kept: { token: string; until: number } | undefined
  let asking: Promise<string> | undefined

  async function ask(): Promise<string> {
    const { token, seconds } = await request(config, now)
    // One that lives shorter than that is used for half its life.
    const forMs = Math.max(seconds * 1000 - earlyMs, seconds * 500)
    kept = { token, until: now().getTime() + forMs }
    return token
  }
  return {
    get() {
      if (kept && kept.until > now().getTime()) return Promise.resolve(kept.token)
      asking ??= ask().finally(() => {
        asking = undefined
      })
      return asking
    },
    forget(refused) {
      if (kept?.token === refused) kept = undefined
    },
  }
}

async function request(config: TeamsConfig, now: () => Date): Promise<{ token: string; seconds: number }> {
  const url = config.tokenUrl ?? `${config.loginUrl.replace(/\/+$/, '')}/${config.tenantId}/oauth2/v2.0/token`
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: config.appId,
      client_secret: config.appPassword.reveal(),
      scope,
    }),
  }).catch((error: unknown) => {
    // Nothing was sent to a citizen yet, however this went wrong.
    const failure = failureOf(error)
    throw failure.reason === 'misconfigured' ? failure : new SendError('unreachable', failure.detail)
  })
  const body = fields(await response.json().catch(() => undefined))
  if (response.status === 429)
    throw new SendError('throttled', { pt: '429: o Entra pede que se espere', en: '429: Entra asks us to wait' }, waitOf(response.headers.get('retry-after'), now()))
  if (response.status >= 500) throw new SendError('unreachable', { pt: `${response.status}: o Entra não responde`, en: `${response.status}: Entra does not answer` })
  const token = word(body?.access_token)
  if (!response.ok || !token) {
    const code = word(body?.error)
    const said = code && /^\w{1,60}$/.test(code) ? ` ${code}` : ''
    throw new SendError('misconfigured', {
      pt: `${response.status}${said}: o Entra não aceita as credenciais do bot`, en: `${response.status}${said}: Entra does not accept the bot's credentials`,
    })
  }
  const seconds = Number(body?.expires_in)
  return { token, seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : 3_600 }
}
