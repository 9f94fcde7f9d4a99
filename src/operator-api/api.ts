/** What every route of the API may use. */

import type { Auth } from '../auth.ts'
import type { Config } from '../config.ts'
import type { Calendar } from '../core/calendar.ts'
import type { Files } from '../core/files.ts'
import type { Gateway } from '../core/gateway.ts'
import type { Operator } from '../core/model.ts'
import type { Town } from '../core/town.ts'
import type { Live } from '../live.ts'
import type { ChannelView, Preview, PreviewRequest } from '../operator-api.types.ts'
import type { Channels } from '../open-channels.ts'
import type { Presence } from '../presence.ts'
import type { TownBot } from '../responder.ts'
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
  bot: () => TownBot
  /** After its files have changed. Throws, and the one before goes on, when they will not do. */
  rereadBot: () => Promise<void>
  calendar: () => Calendar
  channelViews(): Promise<ChannelView[]>
  preview(request: PreviewRequest): Preview
  undoSecondsOf(operator: Operator): Promise<number>
}
