/** A gateway with one bot, against the stand-in. */

import { teams as kind } from '../../../src/channels/teams/index.ts'
import { SendError } from '../../../src/core/channel.ts'
import type { Content, Route } from '../../../src/core/model.ts'
import { Secret } from '../../../src/core/secret.ts'
import { startTeams, type Teams, type TeamsOptions } from '../../vendors/teams.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../host.ts'

export async function started(
  options: TeamsOptions = {},
  more: Partial<GatewayOptions> = {},
  block: object = {},
): Promise<{ teams: Teams; gateway: Gateway }> {
  const teams = await startTeams({ pauseMs: 10, ...options })
  const gateway = await gatewayOf(teams, block, more)
  return { teams, gateway }
}

export async function gatewayOf(teams: Teams, block: object = {}, more: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const gateway = await startGateway(kind, {
    config: () => ({
      appId: teams.appId,
      appPassword: new Secret(teams.appPassword),
      tenantId: teams.tenantId,
      serviceUrls: [teams.origin],
      openIdMetadataUrl: teams.openIdMetadataUrl,
      tokenUrl: teams.tokenUrl,
      ...block,
    }),
    ...more,
  })
  teams.webhook = gateway.host.publicUrl
  return gateway
}

/** As the outbox does: render, then send. */
export function say(gateway: Gateway, content: Content, route: Route, signal = AbortSignal.timeout(15_000)) {
  return sayAs(gateway, 'key-1', content, route, signal)
}
export function sayAs(gateway: Gateway, key: string, content: Content, route: Route, signal = AbortSignal.timeout(15_000)) {
  return gateway.connection.send(kind.render(content, route, undefined), { key, attempt: 1, signal })
}

/** The route that core would have stored. */
export function to(teams: Teams, number: number): Route {
  const citizen = teams.citizen(number)
  const [event] = kind.normalise(citizen.activity({ type: 'message', text: 'olá' }), new Date(0))
  if (event?.type !== 'message.received') throw new Error('a message is a message')
  return event.from.route
}

export async function failure(work: Promise<unknown>): Promise<SendError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SendError)) throw new Error(`expected a SendError, got ${String(error)}`)
  return error
}
