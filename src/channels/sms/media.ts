/** Pictures that came by MMS: asked for with our password, which stays with Twilio. */

import { type Download, get, opened } from '../download.ts'
import type { SmsConfig } from './config.ts'
import { failureOf } from './failures.ts'

/** https://www.twilio.com/docs/messaging/guides/accepted-mime-types: 5 MB a message; some more, to be sure. */
const mediaBytes = 10 * 1024 * 1024
const maxHops = 3

/** Where Twilio keeps media and sends us on to. */
const hosts = [
  /^api\.twilio\.com$/,
  /^(media|mms)\.twiliocdn\.com$/,
  /^[\w.-]+\.twiliocdn\.com$/,
  /^s3-external-1\.amazonaws\.com$/,
]

export async function download(
  config: SmsConfig,
  source: string,
  signal: AbortSignal,
): Promise<Download> {
  const { accountSid, authToken, apiKey, apiSecret } = config
  let url = ownMedia(config, source)
  const password = apiKey && apiSecret ? `${apiKey}:${apiSecret.reveal()}` : `${accountSid}:${authToken.reveal()}`
  let authorization: string | undefined = `Basic ${Buffer.from(password).toString('base64')}`
  for (let hop = 0; hop <= maxHops; hop++) {
    const response = await get(url, {
      configured: isConfigured(config, url),
      signal,
      headers: authorization ? { authorization } : {},
    }).catch((error: unknown) => {
      throw failureOf(error)
    })
    const { statusCode = 0, headers: { location: next } } = response
    if (statusCode < 300 || statusCode >= 400 || next === undefined) return opened(response, mediaBytes)
    response.destroy()
    const to = new URL(next, url)
    if (!isAllowed(config, to)) throw new Error(`sms: media is sent on to ${to.host}, which is not Twilio's`)
    if (to.host !== url.host) authorization = undefined
    url = to
  }
  throw new Error('sms: media is sent on too often')
}

/** Only this account's, only at Twilio: an address is believed no further. */
function ownMedia(config: SmsConfig, source: string): URL {
  const given = URL.canParse(source) ? new URL(source) : undefined
  const path = new RegExp(
    `^/2010-04-01/Accounts/${config.accountSid}/Messages/[A-Z]{2}[0-9a-fA-F]{32}/Media/ME[0-9a-fA-F]{32}$`,
  )
  if (!given || !path.test(given.pathname) || (given.hostname !== 'api.twilio.com' && !isAllowed(config, given)))
    throw new Error('sms: not a picture of this account')
  return new URL((config.baseUrl?.replace(/\/+$/, '') ?? 'https://api.twilio.com') + given.pathname)
}

const isConfigured = ({ baseUrl }: SmsConfig, url: URL): boolean => baseUrl !== undefined && url.origin === new URL(baseUrl).origin

function isAllowed(config: SmsConfig, url: URL): boolean {
  if (isConfigured(config, url)) return true
  return (
    url.protocol === 'https:' && url.port === '' && url.username === '' && hosts.some((host) => host.test(url.hostname))
  )
}
