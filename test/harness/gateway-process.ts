/** A gateway in a process of its own that can be killed at a step: argument 1 is { databaseUrl, vendorUrl, dieAt, nth } as JSON. */

import { plainKind } from './plain-channel.ts'
import { startGateway } from './gateway.ts'

const { databaseUrl, vendorUrl, dieAt, nth = 1, idempotent } = JSON.parse(process.argv[2]!) as {
  databaseUrl: string; vendorUrl: string; dieAt?: string; nth?: number; idempotent?: 'none' | 'key'
}
let passed = 0
const gateway = await startGateway({
  databaseUrl, channels: { linha: { kind: 'plain', vendorUrl } }, kinds: { plain: plainKind(idempotent ? { idempotent } : {}) },
  respond: (state, input) => ({ actions: input.type === 'message' ? [{ do: 'say', content: { text: `eco: ${input.content.text}` } }] : [], state }),
  step(name) {
    if (name !== dieAt) return
    passed += 1
    if (passed === nth) process.kill(process.pid, 'SIGKILL')
  },
})
process.stdout.write(`ready ${gateway.url}\n`)
