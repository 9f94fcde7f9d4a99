/** What Prosody with Jitsi's token plugins accepts, and its reasons for refusing; by hand, so that what signs is not what checks. */

import { createHmac, timingSafeEqual } from 'node:crypto'

export interface Known { appId: string; secret: string; domain: string }
export interface Person { id: string; name: string; moderator: boolean }

export function admit(jwt: string, room: string, { appId, secret, domain }: Known, now = Date.now()): Person | string {
  const [head = '', body = '', mark = ''] = jwt.split('.')
  const header = parse(head)
  const claims = parse(body)
  if (header.typ !== 'JWT') return 'Invalid typ'
  if (header.alg !== 'HS256') return 'Invalid or incorrect alg'
  const signature = createHmac('sha256', secret).update(`${head}.${body}`).digest()
  const given = Buffer.from(mark, 'base64url')
  if (given.length !== signature.length || !timingSafeEqual(given, signature)) return 'Invalid signature'
  if (typeof claims.exp !== 'number' || claims.exp * 1000 <= now) return 'Token expired'
  if (typeof claims.nbf !== 'number' || claims.nbf * 1000 > now) return 'Not before'
  if (claims.iss !== appId) return "Issuer field not in list of approved issuers"
  if (claims.aud !== 'jitsi') return "invalid 'aud' claim"
  if (typeof claims.room !== 'string') return 'room claim is missing'
  if (claims.room.toLowerCase() !== room.toLowerCase() || String(claims.sub).toLowerCase() !== domain.toLowerCase()) return 'Room and token mismatched'
  const { user } = (claims.context ?? {}) as { user?: Record<string, unknown> }
  if (!user || Object.values(user).some((value) => typeof value !== 'string')) return 'context.user is not of strings'
  return { id: String(user.id), name: String(user.name), moderator: user.moderator === 'true' }
}

function parse(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  } catch {
    return {}
  }
}
