/** What Teams calls: checked, stored, and only then 200. Error bodies are empty, whatever the SDK would say. */

import type { ServerResponse } from 'node:http'
import type { Host, WebhookRequest } from '../../core/channel.ts'
import type { TeamsConfig } from './config.ts'
import type { Fields } from '../fields.ts'
import { parseBody } from '../json-body.ts'
import { countRefusals } from '../refusals.ts'
import { checkActivity, type Identity, Refused } from './identity.ts'
import { executed, type TeamsPayload } from './normalise.ts'
import { consentName } from './consent-card.ts'
import type { Consents } from './consent.ts'
import { isPersonal } from './sender.ts'
import type { InvokeAnswer, Transport } from './transport.ts'

export interface WebhookParts {
  config: TeamsConfig
  host: Host<TeamsPayload>
  identity: Identity
  transport: Transport
  consents: Consents
}

export function webhook({ config, host, identity, transport, consents }: WebhookParts) {
  const refused = countRefusals(host, 'teams: refused calls that are not Microsoft’s, or not for this bot')
  return async ({ method, path, headers, body }: WebhookRequest, response: ServerResponse): Promise<void> => {
    const answer = (status: number) => void response.writeHead(status).end()
    if (path !== '' && path !== '/') return answer(404)
    if (method !== 'POST') return answer(405)
    const authorization = headers.authorization ?? ''
    try {
      const claims = await identity.verify(authorization)
      const { value: activity, problem } = parseBody(body)
      if (!activity || typeof activity.type !== 'string') {
        await host.receiveCorrupt(body.toString('utf8'), problem ?? 'an activity without a type')
        return answer(200)
      }
      checkActivity(activity, claims, config)
      let failed: { error: unknown } | undefined
      // Past the SDK, which would print it.
      const kept = () =>
        turn(activity, host, consents).catch((error: unknown) => {
          failed = { error }
          return undefined
        })
      // The adapter changes what it is given; what is stored is what came.
      const said = await transport.receive(structuredClone(activity), authorization, kept)
      if (failed) throw failed.error
      if (said.body === undefined) return answer(said.status === 500 ? 503 : said.status)
      response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.body)
    } catch (error) {
      if (error instanceof Refused) {
        refused(error.message)
        return answer(error.status)
      }
      const reason = error instanceof Error ? error.name : 'unknown'
      host.log.warn({ reason }, 'teams: an activity could not be taken; Teams repeats it')
      answer(503)
    }
  }
}

/** Calls that nobody here answers get 501 from the adapter, and say nothing to keep. */
async function turn(activity: Fields, host: Host<TeamsPayload>, consents: Consents): Promise<InvokeAnswer | undefined> {
  const isInvoke = activity.type === 'invoke'
  if (isInvoke && activity.name === consentName && isPersonal(activity)) {
    await consents.take(activity)
    return { status: 200 }
  }
  if (isInvoke && !executed(activity)) return undefined
  await host.receive(activity)
  if (!isInvoke) return undefined
  const body = { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Recebido.' }
  return { status: 200, body }
}
