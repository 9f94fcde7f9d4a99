/** What Teams calls: checked, stored, and only then 200. Error bodies are empty, whatever the SDK would say. */

import type { ServerResponse } from 'node:http'
import type { Host, WebhookRequest } from '../../core/channel.ts'
import type { TeamsConfig } from './config.ts'
import { type Fields, fields } from './fields.ts'
import { checkActivity, type Identity, Refused } from './identity.ts'
import { executed, type TeamsPayload } from './normalise.ts'
import type { InvokeAnswer, Transport } from './transport.ts'

export interface WebhookParts {
  config: TeamsConfig
  host: Host<TeamsPayload>
  identity: Identity
  transport: Transport
}

export function webhook({ config, host, identity, transport }: WebhookParts) {
  const refused = countingWarning(host)
  return async ({ method, path, headers, body }: WebhookRequest, response: ServerResponse): Promise<void> => {
    const answer = (status: number) => void response.writeHead(status).end()
    if (path !== '' && path !== '/') return answer(404)
    if (method !== 'POST') return answer(405)
    const authorization = headers.authorization ?? ''
    try {
      const claims = await identity.verify(authorization)
      const { activity, problem } = parse(body)
      if (!activity || typeof activity.type !== 'string') {
        await host.receiveCorrupt(body.toString('utf8'), problem || 'an activity without a type')
        return answer(200)
      }
      checkActivity(activity, claims, config)
      let failed: { error: unknown } | undefined
      // Past the SDK, which would print it.
      const kept = () =>
        turn(activity, host).catch((error: unknown) => {
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
async function turn(activity: Fields, host: Host<TeamsPayload>): Promise<InvokeAnswer | undefined> {
  const isInvoke = activity.type === 'invoke'
  if (isInvoke && !executed(activity)) return undefined
  await host.receive(activity)
  if (!isInvoke) return undefined
  const body = { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Recebido.' }
  return { status: 200, body }
}

/** JSON.parse takes any depth, JSON.stringify does not: such a thing could never be stored. */
const deepest = 100

function parse(raw: Buffer): { activity: Fields | undefined; problem: string } {
  try {
    const activity = fields(JSON.parse(raw.toString('utf8')))
    if (!activity) return { activity, problem: 'not a JSON object' }
    return isDeep(activity, deepest) ? { activity: undefined, problem: `nested more than ${deepest} deep` } : { activity, problem: '' }
  } catch {
    return { activity: undefined, problem: 'not JSON' }
  }
}

function isDeep(value: object, left: number): boolean {
  return left === 0 || Object.values(value).some((item) => typeof item === 'object' && item !== null && isDeep(item, left - 1))
}

/** One line a minute, however many knock. */
function countingWarning(host: Host<TeamsPayload>): (why: string) => void {
  let saidAt = Number.NEGATIVE_INFINITY
  let count = 0
  return (why) => {
    count += 1
    const at = host.now().getTime()
    if (at - saidAt < 60_000) return
    host.log.warn({ count, why }, 'teams: refused calls that are not Microsoft’s, or not for this bot')
    saidAt = at
    count = 0
  }
}
