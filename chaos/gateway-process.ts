/** One gateway of the chaos, in a process of its own: argument 1 is { databaseUrl, channels, dataFolder } as JSON; a line `clock N` sets it N ms ahead. */

import { createInterface } from 'node:readline'
import type { Responder } from '../src/core/model.ts'
import { startGateway } from '../test/harness/gateway.ts'
import { plainKind } from '../test/harness/plain-channel.ts'

const { databaseUrl, channels, dataFolder } = JSON.parse(process.argv[2]!) as { databaseUrl: string; channels: Record<string, { kind: string }>; dataFolder?: string }
let offsetMs = 0

const respond: Responder = (state, input) => {
  if (input.type !== 'message') return { actions: [], state }
  const { text } = input.content
  if (text.startsWith('quebra')) throw new Error('a rule that throws')
  if (text.startsWith('cala')) return { actions: [], state }
  const say = { do: 'say', content: { text: `eco: ${text}` } } as const
  return { actions: text.startsWith('pessoa') ? [say, { do: 'hand-off', reason: 'asked' }] : [say], state }
}

const gateway = await startGateway({
  databaseUrl, respond, channels, env: process.env as Record<string, string>, kinds: { plain: plainKind(), keyed: plainKind({ idempotent: 'key' }) },
  now: () => new Date(Date.now() + offsetMs), ...(dataFolder !== undefined && { dataFolder }),
})
process.stdout.write(`ready ${gateway.url}\n`)
// Whoever started us is gone: so are we.
createInterface({ input: process.stdin }).on('close', () => process.exit(0)).on('line', (line) => {
  if (line.startsWith('clock ')) offsetMs = Number(line.slice(6))
})
process.on('SIGTERM', () => void gateway.close().then(() => process.exit(0)))
