/** One gateway of the chaos, in a process of its own: argument 1 is { databaseUrl, vendorUrl, channels, offsetMs } as JSON. */

import type { Responder } from '../src/core/model.ts'
import { startGateway } from '../test/harness/gateway.ts'
import { plainKind } from '../test/harness/plain-channel.ts'

const { databaseUrl, vendorUrl, channels, offsetMs = 0 } = JSON.parse(process.argv[2]!) as {
  databaseUrl: string; vendorUrl: string; channels: { id: string; kind: string }[]; offsetMs?: number
}

const respond: Responder = (state, input) => {
  if (input.type !== 'message') return { actions: [], state }
  const { text } = input.content
  if (text.startsWith('quebra')) throw new Error('a rule that throws')
  const say = { do: 'say', content: { text: `eco: ${text}` } } as const
  return { actions: text.startsWith('pessoa') ? [say, { do: 'hand-off', reason: 'asked' }] : [say], state }
}

const gateway = await startGateway({
  databaseUrl, respond, kinds: { plain: plainKind(), keyed: plainKind({ idempotent: 'key' }) },
  channels: Object.fromEntries(channels.map(({ id, kind }) => [id, { kind, vendorUrl }])),
  now: () => new Date(Date.now() + offsetMs),
})
process.stdout.write(`ready ${gateway.url}\n`)
// Whoever started us is gone: so are we.
process.stdin.on('end', () => process.exit(0)).resume()
