/** The chat on the town's page: a script tag there, a stream down, posts up. */

import { type AnyChannelKind, defineChannel } from '../../core/channel.ts'
import type { Content } from '../../core/model.ts'
import { builtWidget } from './assets.ts'
import { capabilities } from './capabilities.ts'
import { config, type WebchatConfig } from './config.ts'
import { normalise } from './normalise.ts'
import type { WebchatPayload } from './payload.ts'
import { connect } from './transport.ts'

export function webchatWith(widgetFolder: () => string | undefined): AnyChannelKind {
  return defineChannel<WebchatConfig, WebchatPayload, Content>({
    name: 'webchat',
    config,
    capabilities,
    // A stream is anybody's: every process serves the pages that reach it.
    exclusive: () => false,
    normalise,
    // Never sent: the page reads the content itself.
    render: (content) => content,
    connect: (given, host) => connect(given, host, widgetFolder),
  })
}

export const webchat = webchatWith(builtWidget)
