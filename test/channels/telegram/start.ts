/** A gateway with one bot, against the stand-in. */

import { telegram as kind } from '../../../src/channels/telegram/index.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { Content, Route } from '../../../src/core/model.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../host.ts'
import { startTelegram, type Telegram, type TelegramOptions } from '../../vendors/telegram.ts'

export const secretToken = 'only-Telegram-knows-this-0123456789'

export async function withWebhook(
  options: TelegramOptions = {},
  more: Partial<GatewayOptions> = {},
): Promise<{ telegram: Telegram; gateway: Gateway }> {
  const telegram = await startTelegram({ retryFactor: 0.005, ...options })
  const gateway = await gatewayOf(telegram, { mode: 'webhook', secretToken: new Secret(secretToken) }, more)
  await gateway.until(() => gateway.states.some(({ status }) => status === 'connected'))
  return { telegram, gateway }
}

export async function withPolling(
  options: TelegramOptions = {},
  more: Partial<GatewayOptions> = {},
): Promise<{ telegram: Telegram; gateway: Gateway }> {
  const telegram = await startTelegram(options)
  return { telegram, gateway: await gatewayOf(telegram, { mode: 'polling', pollSeconds: 1 }, more) }
}

export function gatewayOf(telegram: Telegram, block: object, more: Partial<GatewayOptions> = {}): Promise<Gateway> {
  return startGateway(kind, {
    config: () => ({ token: new Secret(telegram.token), apiRoot: telegram.apiRoot, ...block }),
    ...more,
  })
}

/** As the outbox does: render, then send. */
export function say(gateway: Gateway, content: Content, route: Route, signal = AbortSignal.timeout(15_000)) {
  return gateway.connection.send(kind.render(content, route, undefined), { key: 'key-1', attempt: 1, signal })
}
export const to = (id: number): Route => ({ chatId: String(id) })
