/** For `balcao doctor`: may we write, and can we tell who writes to us? Changes nothing. */

import type { ChannelCheck } from '../../core/channel.ts'
import type { TeamsConfig } from './config.ts'
import { failureOf } from './failures.ts'
import type { Identity } from './identity.ts'
import type { Token } from './token.ts'

export async function check(config: TeamsConfig, token: Token, identity: Identity): Promise<ChannelCheck[]> {
  const signIn = await token.get().then(
    (): ChannelCheck => ({ name: 'sign-in', ok: true, detail: `bot ${config.appId}` }),
    (error: unknown): ChannelCheck => ({
      name: 'sign-in',
      ok: false,
      detail: failureOf(error).message,
      fix: 'Check appId, appPassword and tenantId; in Entra a client secret expires after at most two years.',
    }),
  )
  const keys = await identity.read().then(
    ({ keys: count }): ChannelCheck => ({ name: 'signing keys', ok: true, detail: `${count} keys` }),
    (error: unknown): ChannelCheck => ({
      name: 'signing keys',
      ok: false,
      detail: error instanceof Error && error.name === 'Unready' ? error.message : failureOf(error).message,
      fix: `Let this server reach ${new URL(config.openIdMetadataUrl).host} by HTTPS.`,
    }),
  )
  return [signIn, keys]
}
