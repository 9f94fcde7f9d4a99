/** Who comes with which link: the token in the address, and the cookie of the browser that went in with it. */

import { randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import { hashOf } from '../core/call.ts'
import { type Call, type Link, readCalls, readLink } from '../core/store/calls.ts'
import type { Db } from '../core/store/schema.ts'

export interface Visit {
  link: Link
  call: Call
  /** This browser is the one that the link belongs to. */
  isHolder: boolean
  /** Nobody has gone in with it. */
  isFree: boolean
}

const shape = /^[\w-]{43}$/
const cookieName = 'balcao_call'

/** undefined: not a link, or one that a newer has replaced. */
export async function visitOf(db: Db, request: Request): Promise<Visit | undefined> {
  const token = String(request.params.token)
  if (!shape.test(token)) return undefined
  const link = await readLink(db, hashOf(token))
  if (!link || link.replacedAt) return undefined
  const [call] = await readCalls(db, { id: link.callId })
  if (!call) return undefined
  const own = cookieOf(request)
  return { link, call, isHolder: own !== undefined && link.holderHash === hashOf(own), isFree: link.holderHash === null }
}

/** The secret of this browser, made when it goes in. The address alone is not enough from then on. */
export function holderSecret(request: Request, response: Response, publicUrl: string, expiresAt: Date): string {
  const secret = cookieOf(request) ?? randomBytes(32).toString('base64url')
  response.cookie(cookieName, secret, {
    // The answer to the survey still needs it.
    httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:'), path: `/call/${String(request.params.token)}`, expires: new Date(expiresAt.getTime() + 86_400_000),
  })
  return secret
}

function cookieOf({ headers }: Request): string | undefined {
  return new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]{43})(?:;|$)`).exec(headers.cookie ?? '')?.[1]
}
