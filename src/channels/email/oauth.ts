/** Access tokens for mailboxes that take no passwords: Microsoft 365 and Google. RFC 6749. */

import { z } from 'zod'
import { SendError } from '../../core/channel.ts'
import { badCertificate } from '../certificates.ts'
import type { OAuth2 } from './config.ts'
import { NoServer } from './state.ts'

const answer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().default(3_600) })

/** Gives a token that is good for a minute yet; asks once for all who wait. `fresh`: a server refused the last. */
export type AccessToken = (options?: { fresh?: boolean }) => Promise<string>

export function accessTokens(config: OAuth2, now: () => Date): AccessToken {
  let held: { token: string; until: number } | undefined
  let asking: Promise<string> | undefined

  const ask = async (): Promise<string> => {
    const form = new URLSearchParams({ client_id: config.clientId })
    if (config.clientSecret) form.set('client_secret', config.clientSecret.reveal())
    if (config.scope !== undefined) form.set('scope', config.scope)
    if (config.refreshToken) {
      form.set('grant_type', 'refresh_token')
      form.set('refresh_token', config.refreshToken.reveal())
    } else {
      form.set('grant_type', 'client_credentials')
    }
    const host = new URL(config.tokenUrl).host
    let response: Response
    try {
      response = await fetch(config.tokenUrl, {
        method: 'POST',
        body: form,
        signal: AbortSignal.timeout(15_000),
        redirect: 'error',
      })
    } catch (error) {
      throw badCertificate(error, `a ${host}`) ?? new NoServer('unreachable', { pt: `não se chega a ${host}, que dá o acesso (OAuth2)`, en: `${host}, which gives access (OAuth2), cannot be reached` })
    }
    if (response.status === 429 || response.status >= 500)
      throw new NoServer('unreachable', { pt: `${host}, que dá o acesso (OAuth2), respondeu ${response.status}`, en: `${host}, which gives access (OAuth2), answered ${response.status}` })
    const body: unknown = await response.json().catch(() => undefined)
    const read = answer.safeParse(body)
    if (!response.ok || !read.success) {
      const error = z.object({ error: z.string().max(60) }).safeParse(body)
      const why = error.success ? error.data.error : response.status
      throw new SendError('misconfigured', { pt: `${host} não deu acesso (OAuth2): ${why}`, en: `${host} gave no access (OAuth2): ${why}` })
    }
    held = { token: read.data.access_token, until: now().getTime() + (read.data.expires_in - 60) * 1_000 }
    return held.token
  }

  return async ({ fresh = false } = {}) => {
    if (!fresh && held && held.until > now().getTime()) return held.token
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}
