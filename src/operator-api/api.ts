/** What every route of the API may use. */

import type { Auth } from '../auth.ts'
import type { Config } from '../config.ts'
import type { Calendar } from '../core/calendar.ts'
import type { Files } from '../core/files.ts'
import type { Gateway } from '../core/gateway.ts'
import type { Operator } from '../core/model.ts'
import type { Town } from '../core/town.ts'
import type { Live } from '../live.ts'
import type { ChannelView, LinkView, Preview, PreviewRequest } from '../operator-api.types.ts'
import type { Channels } from '../open-channels.ts'
import type { Presence } from '../presence.ts'
import type { TownBot, TownForms } from '../responder.ts'
import type { Presenting } from './present.ts'

export interface Api {
  config: () => Config
  gateway: Gateway
  channels: Channels
  town: () => Town
  files: Files
  auth: Auth
  presence: Presence
  live: Live
  presenting: Presenting
  now: () => Date
  /** Problems of a config that was not taken; shown to admins. */
  configProblems: () => string[]
  /** Links that only the bot's rulebook names. */
  botLinks: () => LinkView[]
  topics: () => TownBot['topics']
  calendar: () => Calendar
  /** Forms of the rulebook; undefined: the town has no bot. */
  forms: () => TownForms | undefined
  channelViews(): Promise<ChannelView[]>
  preview(request: PreviewRequest): Preview
  undoSecondsOf(operator: Operator): Promise<number>
}
