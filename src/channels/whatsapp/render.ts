/** What to say → one request to the provider that this number uses. */

import type { Content, Route } from '../../core/model.ts'
import { render as forCloud, type CloudRequest } from './cloud/render.ts'
import type { WhatsappConfig } from './config.ts'
import { render as forWeb, type WebRequest } from './web/render.ts'

export type WhatsappRequest = CloudRequest | WebRequest

export const render = (content: Content, route: Route, config: WhatsappConfig): WhatsappRequest =>
  config.provider === 'web' ? forWeb(content, route) : forCloud(content, route)
