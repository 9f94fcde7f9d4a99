/** Connects a number by its provider. The browser's library is heavy, so it is loaded in a process of its own. */

import type { Connection, Host } from '../../core/channel.ts'
import type { WhatsappConfig } from './config.ts'
import { connect as toCloud } from './cloud/transport.ts'
import type { WhatsappPayload } from './normalise.ts'
import type { WhatsappRequest } from './render.ts'
import { connect as toWeb } from './web/transport.ts'

export async function connect(
  config: WhatsappConfig,
  host: Host<WhatsappPayload>,
): Promise<Connection<WhatsappRequest>> {
  return (
    config.provider === 'web' ? await toWeb(config, host) : await toCloud(config, host)
  ) as Connection<WhatsappRequest>
}
