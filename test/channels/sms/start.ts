/** A gateway with one number, against the stand-in. */

import { sms as kind } from '../../../src/channels/sms/index.ts'
import type { Content } from '../../../src/core/model.ts'
import { Secret } from '../../../src/core/secret.ts'
import { startTwilio, type Twilio, type TwilioOptions } from '../../vendors/twilio.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../host.ts'

export const ana = '+351912345678'
export const key = '0198c7a0-0000-7000-8000-000000000001'

export const block = (twilio: Twilio, more: object = {}) => ({
  accountSid: twilio.accountSid,
  authToken: new Secret(twilio.authToken),
  from: twilio.numbers[0]!.phoneNumber,
  baseUrl: twilio.baseUrl,
  ...more,
})

export function gatewayOf(twilio: Twilio, config: object = {}, more: Partial<GatewayOptions> = {}): Promise<Gateway> {
  return startGateway(kind, { config: () => block(twilio, config), ...more })
}

export async function started(
  options: TwilioOptions = {},
  config: object = {},
  more: Partial<GatewayOptions> = {},
): Promise<{ twilio: Twilio; gateway: Gateway; config: unknown }> {
  const twilio = await startTwilio(options)
  const gateway = await gatewayOf(twilio, config, more)
  await gateway.until(() => gateway.states.some(({ status }) => status === 'connected'))
  return { twilio, gateway, config: kind.config.parse(block(twilio, config)) }
}

/** As the outbox does: render, then send. */
export function say(
  gateway: Gateway,
  config: unknown,
  content: Content,
  to = ana,
  signal = AbortSignal.timeout(15_000),
  as = key,
) {
  return gateway.connection.send(kind.render(content, { to }, config), { key: as, attempt: 1, signal })
}
