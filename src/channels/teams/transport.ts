/** The bot on the wire. */

import type { Connection, Host } from '../../core/channel.ts'
import type { TeamsConfig } from './config.ts'
import type { TeamsPayload } from './normalise.ts'
import type { TeamsRequest } from './render.ts'

export function connect(_config: TeamsConfig, _host: Host<TeamsPayload>): Promise<Connection<TeamsRequest>> {
  return Promise.reject(new Error('teams: sending and receiving are not written yet'))
}
