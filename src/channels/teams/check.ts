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
    tried({ pt: 'entrada', en: 'sign-in' }, {
      pt: 'Veja appId, appPassword e tenantId; no Entra, um segredo expira ao fim de dois anos, no máximo.',
      en: 'Check appId, appPassword and tenantId; in Entra a client secret expires after at most two years.',
    }, async () => {
      await token.get()
      return { ok: true, detail: `bot ${config.appId}` }
    }),
    tried({ pt: 'chaves de assinatura', en: 'signing keys' }, {
      pt: `Deixe este servidor chegar a ${new URL(config.openIdMetadataUrl).host} por HTTPS.`,
      en: `Let this server reach ${new URL(config.openIdMetadataUrl).host} by HTTPS.`,
    }, async () => {
      const { keys } = await identity.read()
      return { ok: true, detail: { pt: `${keys} chaves`, en: `${keys} keys` } }
    }),
  ])
