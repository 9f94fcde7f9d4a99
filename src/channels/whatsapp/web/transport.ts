/** The linked device: a real browser in a process of its own. */

import type { Connection, Host } from '../../../core/channel.ts'
import type { WebConfig } from '../config.ts'
import type { WebPayload } from './payload.ts'
import type { WebRequest } from './render.ts'

export async function connect(_config: WebConfig, _host: Host<WebPayload>): Promise<Connection<WebRequest>> {
  throw new Error('provider: web is not built yet; use provider: cloud')
}
