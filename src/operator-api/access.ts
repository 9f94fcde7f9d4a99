/** The door of the API: who asks, from where, and with what kind of request. */

import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { ZodType } from 'zod'
import type { Auth } from '../auth.ts'
import type { Operator, Role } from '../core/model.ts'

declare module 'express-serve-static-core' {
  interface Locals { operator?: Operator }
}

/** Answered as JSON with `status`; `message` is for the operator's eyes. */
export class Refused extends Error {
  readonly status: number
  readonly code: string
  readonly extra: Record<string, unknown>

  constructor(status: number, code: string, message: string, extra: Record<string, unknown> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.extra = extra
  }
}

export const notFound = () => new Refused(404, 'not-found', 'Não existe, ou não está à sua vista.')

export function signedIn(auth: Auth): RequestHandler {
  return async (request, response, next) => {
    const operator = await auth.operatorOf(request.headers)
    if (!operator) throw new Refused(401, 'signed-out', 'Inicie sessão.')
    response.locals.operator = operator
    response.set('cache-control', 'no-store')
    next()
  }
}

/** A page of another origin can send a cookie along, but neither this header nor our origin. */
export function sameOrigin(publicUrl: () => string): RequestHandler {
  return (request, _response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next()
    const { origin, host } = request.headers
    const site = request.headers['sec-fetch-site']
    const own = origin === undefined || origin === new URL(publicUrl()).origin || (URL.canParse(origin) && new URL(origin).host === host)
    if (!own || (site !== undefined && site !== 'same-origin') || request.headers['x-balcao'] !== '1') {
      throw new Refused(403, 'cross-site', 'Pedido de outra origem.')
    }
    next()
  }
}

export function operatorOf(response: Response): Operator {
  const operator = response.locals.operator
  if (!operator) throw new Refused(401, 'signed-out', 'Inicie sessão.')
  return operator
}

export function only(...roles: Role[]): RequestHandler {
  return (_request, response, next) => {
    if (!roles.includes(operatorOf(response).role)) throw new Refused(403, 'role', 'O seu perfil não permite isto.')
    next()
  }
}

/** The body or query in the shape that the route wants; the first thing wrong is named. */
export function wanted<T>(shape: ZodType<T>, given: unknown): T {
  const parsed = shape.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Refused(400, 'invalid', issue?.message ?? 'inválido', { field: issue?.path.join('.') })
}

/** The last stop of every error: known ones are said, others are logged and kept to ourselves. */
export function answerErrors(onUnknown: (error: unknown, request: Request) => void) {
  return (error: unknown, request: Request, response: Response, _next: NextFunction): void => {
    if (response.headersSent) return void response.destroy()
    if (error instanceof Refused) return void response.status(error.status).json({ error: error.code, message: error.message, ...error.extra })
    const status = (error as { status?: number }).status
    if (typeof status === 'number' && status >= 400 && status < 500) return void response.status(status).json({ error: 'invalid', message: 'Pedido inválido.' })
    onUnknown(error, request)
    response.status(503).json({ error: 'unavailable', message: 'Não foi possível agora. Nada se perdeu; tente outra vez.' })
  }
}
