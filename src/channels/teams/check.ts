/** For `balcao doctor`: may we write, and can we tell who writes to us? Changes nothing. */

import type { ChannelCheck } from '../../core/channel.ts'
import { checksOf } from '../checks.ts'
import type { TeamsConfig } from './config.ts'
import { failureOf } from './failures.ts'
import type { Identity } from './identity.ts'
import type { Token } from './token.ts'

const tried = checksOf(failureOf)

export const check = (config: TeamsConfig, token: Token, identity: Identity): Promise<ChannelCheck[]> =>
  Promise.all([
    tried('sign-in', 'Check appId, appPassword and tenantId; in Entra a client secret expires after at most two years.', async () => {
      await token.get()
      return { ok: true, detail: `bot ${config.appId}` }
    }),
    tried('signing keys', `Let this server reach ${new URL(config.openIdMetadataUrl).host} by HTTPS.`, async () => {
      const { keys } = await identity.read()
      return { ok: true, detail: `${keys} keys` }
    }),
  ])
