/**
 * Is this call Microsoft's, and for us? Checked here and not by the SDK, which answers a forged signature with 500,
 * leaves an empty service URL unchecked, and looks for new keys only once an hour.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 */

import { type CryptoKey, errors, importJWK, type JWK, type JWTHeaderParameters, jwtVerify } from 'jose'
import { SendError } from '../../core/channel.ts'
import type { TeamsConfig } from './config.ts'
import { failureOf } from './failures.ts'
import { type Fields, fields, list, word } from '../fields.ts'
import { id } from './values.ts'
import { isAllowed } from './service-urls.ts'
import { tenantOf } from './sender.ts'

export interface Identity {
  /** Throws Refused, or Unready where nobody can tell now. */
  verify(authorization: string | undefined): Promise<Fields>
  /** The address of the keys and how many there are. */
  read(): Promise<{ keys: number }>
}

/** `status` is what to answer; the message is for our log alone. */
export class Refused extends Error {
  readonly status: 401 | 403

  constructor(status: 401 | 403, message: string) {
    super(message)
    this.name = 'Refused'
    this.status = status
  }
}
export class Unready extends SendError {}

const issuer = 'https://api.botframework.com'
const algorithms = ['RS256', 'RS384', 'RS512']
const skewSeconds = 300
const keptMs = 24 * 3_600_000
/** Tokens with invented key ids must not make us call Microsoft at each. */
const soonestMs = 30_000
const timeoutMs = 5_000

export function openIdentity(config: TeamsConfig, now: () => Date): Identity {
  let keys: Fields[] = []
  let readAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  const refresh = (): Promise<void> => {
    triedAt = now().getTime()
    reading ??= readKeys(config.openIdMetadataUrl)
      .then((found) => {
        keys = found
        readAt = now().getTime()
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  async function keyOf({ kid, alg }: JWTHeaderParameters): Promise<CryptoKey | Uint8Array> {
    const find = () => keys.find((key) => key.kid === kid)
    const at = () => now().getTime()
    if (reading) await reading.catch(() => undefined)
    if (keys.length === 0 || at() - readAt > keptMs || (!find() && at() - triedAt >= soonestMs)) {
      // Old keys are still Microsoft's.
      const failed = await refresh().then(() => false, () => true)
      if (failed && !find()) throw new Unready('unreachable', { pt: 'não se conseguem ler as chaves da Microsoft', en: 'Microsoft’s keys cannot be read' })
    }
    const key = find()
    if (key?.kty !== 'RSA') throw new Refused(401, 'unknown key')
    const endorsed = Array.isArray(key.endorsements) ? (key.endorsements as unknown[]) : []
    if (endorsed.length > 0 && !endorsed.includes('msteams')) throw new Refused(401, 'key not endorsed for Teams')
    return importJWK({ kty: 'RSA', n: key.n, e: key.e } as JWK, alg ?? 'RS256')
  }

  return {
    async verify(authorization) {
      const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '')?.[1]
      if (!token) throw new Refused(401, 'no token')
      try {
        const { payload } = await jwtVerify(token, keyOf, {
          issuer,
          audience: config.appId,
          algorithms,
          clockTolerance: skewSeconds,
          currentDate: now(),
          requiredClaims: ['exp', 'iss', 'aud'],
        })
        return payload
      } catch (error) {
        if (error instanceof Refused || error instanceof Unready) throw error
        throw new Refused(401, error instanceof errors.JOSEError ? error.code : 'unreadable token')
      }
    },
    async read() {
      await refresh()
      return { keys: keys.length }
    },
  }
}

/** What the token says holds for this activity, and the activity is for us. */
export function checkActivity(activity: Fields, claims: Fields, config: TeamsConfig): void {
  const serviceUrl = id(activity.serviceUrl)
  const claimed = word(claims.serviceurl) ?? word(claims.serviceUrl)
  if (!serviceUrl || serviceUrl !== claimed) throw new Refused(403, 'service URL is not the one of the token')
  if (!isAllowed(serviceUrl, config.serviceUrls)) throw new Refused(403, 'service URL is not in serviceUrls')
  if (activity.channelId !== 'msteams') throw new Refused(403, 'not from Teams')
  const recipient = id(fields(activity.recipient)?.id)
  if (recipient?.startsWith('28:') && recipient.toLowerCase() !== `28:${config.appId}`)
    throw new Refused(403, 'for another bot')
  if (config.allowedTenants === 'any') return
  const tenants = [config.tenantId, ...config.allowedTenants]
  const said = [tenantOf(activity), id(fields(fields(activity.channelData)?.tenant)?.id)].filter((one) => one !== undefined)
  if (said.length === 0 || said.some((one) => !tenants.includes(one.toLowerCase())))
    throw new Refused(403, 'tenant is not in allowedTenants')
}

async function readKeys(metadataUrl: string): Promise<Fields[]> {
  const read = async (url: string) => {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
      throw failureOf(error)
    })
    if (!response.ok) throw new Unready('unreachable', { pt: `as chaves da Microsoft: resposta ${response.status}`, en: `Microsoft’s keys: answer ${response.status}` })
    return fields(await response.json())
  }
  const address = word((await read(metadataUrl))?.jwks_uri)
  const to = address !== undefined && URL.canParse(address) ? new URL(address) : undefined
  if (!to || (to.protocol !== 'https:' && to.origin !== new URL(metadataUrl).origin))
    throw new Unready('unreachable', { pt: 'não se sabe onde estão as chaves da Microsoft', en: 'nobody knows where Microsoft’s keys are' })
  const keys = list((await read(to.href))?.keys)
  if (keys.length === 0) throw new Unready('unreachable', { pt: 'a Microsoft não deu chave nenhuma', en: 'Microsoft gave no key' })
  return keys
}
