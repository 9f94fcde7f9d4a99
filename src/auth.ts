/** Signing operators in: passwords, sessions, invitations. The library keeps the secrets; `operator` says who may do what. */

import { betterAuth } from 'better-auth'
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node'
import type { IncomingHttpHeaders, RequestListener } from 'node:http'
import type { Logger } from 'pino'
import type { Operator, Role } from './core/model.ts'
import type { Db } from './core/store/schema.ts'

export interface AuthOptions { db: Db; key: Buffer; publicUrl: () => string; log: Logger }

export interface Auth {
  /** Mounted at /api/auth/*. */
  listener: RequestListener
  /** Who is asking; undefined: nobody who may. */
  operatorOf(headers: IncomingHttpHeaders): Promise<Operator | undefined>
  /** Makes or finds the operator, and gives a link that sets a password once, within a day. */
  invite(given: { email: string; name?: string; role?: Role; departments?: string[] }): Promise<{ operator: Operator; url: string }>
  /** False: the token is used, late or invented. */
  setPassword(token: string, password: string, name?: string): Promise<boolean>
  /** Ends every session of this operator, everywhere. */
  signOutEverywhere(operatorId: string): Promise<void>
}

/** A passphrase, or what no list of common passwords has; the same for all roles. */
export const minPasswordLength = 13
const invitationSeconds = 86_400
/** Set by our own door, whatever the request said: the limit on guesses counts by it. */
export const addressHeader = 'x-balcao-address'

export async function openAuth({ db, key, publicUrl, log }: AuthOptions): Promise<Auth> {
  const resets = new Map<string, (token: string) => void>()
  const auth = betterAuth({
    database: { db, type: 'postgres' },
    secret: key.toString('base64'),
    baseURL: publicUrl(),
    basePath: '/api/auth',
    trustedOrigins: () => [new URL(publicUrl()).origin],
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message) => log.warn({ from: 'sign-in' }, message) },
    user: { modelName: 'auth_user' },
    session: { modelName: 'auth_session', expiresIn: 12 * 3_600, updateAge: 900 },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    rateLimit: {
      enabled: true, storage: 'database', modelName: 'auth_rate_limit', window: 60, max: 100,
      customRules: { '/sign-in/email': { window: 60, max: 10 } },
    },
    emailAndPassword: {
      enabled: true, disableSignUp: true, minPasswordLength, maxPasswordLength: 200, revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: invitationSeconds,
      sendResetPassword: async ({ user, token }) => {
        resets.get(user.email)?.(token)
      },
    },
    advanced: {
      cookiePrefix: 'balcao',
      ipAddress: { ipAddressHeaders: [addressHeader] },
      useSecureCookies: publicUrl().startsWith('https:'),
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, path: '/' },
      database: { generateId: () => crypto.randomUUID() },
    },
  })
  const context = await auth.$context

  async function operatorBy(column: 'id' | 'email', value: string): Promise<(Operator & { disabled: boolean }) | undefined> {
    const row = await db.selectFrom('operator').selectAll().where(column, '=', value).executeTakeFirst()
    return row && { id: row.id, name: row.name, email: row.email, role: row.role, departments: row.departments, disabled: row.disabled_at !== null }
  }

  return {
    listener: toNodeHandler(auth),

    async operatorOf(headers) {
      if (!headers.cookie?.includes('balcao')) return undefined
      const session = await auth.api.getSession({ headers: fromNodeHeaders(headers) })
      const operator = session && await operatorBy('id', session.user.id)
      return operator && !operator.disabled ? operator : undefined
    },

    async invite({ email: given, name, role = 'operator', departments = [] }) {
      const email = given.trim().toLowerCase()
      let operator = await operatorBy('email', email)
      if (!operator) {
        const user = await context.internalAdapter.createUser({ email, name: name ?? email.split('@')[0]!, emailVerified: true }, { method: 'email-password' } as never)
        // Counts as present only while a page of theirs is open; who wants to be away says so.
        await db.insertInto('operator').values({ id: user.id, name: user.name, email, role, departments, presence: 'online' }).execute()
        operator = await operatorBy('id', user.id)
      }
      const token = await new Promise<string>((resolve, reject) => {
        resets.set(email, resolve)
        auth.api.requestPasswordReset({ body: { email } }).catch(reject)
      }).finally(() => resets.delete(email))
      return { operator: operator!, url: `${publicUrl()}/inbox/set-password?token=${encodeURIComponent(token)}` }
    },

    async setPassword(token, password, name) {
      try {
        const verification = await context.internalAdapter.findVerificationValue(`reset-password:${token}`)
        await auth.api.resetPassword({ body: { newPassword: password, token } })
        if (name && verification) {
          await db.updateTable('operator').set({ name }).where('id', '=', verification.value).execute()
          await context.internalAdapter.updateUser(verification.value, { name })
        }
        return true
      } catch (error) {
        log.info({ reason: error instanceof Error ? error.message : 'refused' }, 'a password was not set')
        return false
      }
    },

    async signOutEverywhere(operatorId) {
      await context.internalAdapter.deleteUserSessions(operatorId)
    },
  }
}
