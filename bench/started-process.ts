/** A gateway in a process of its own, for its start and its memory: argument 1 is { databaseUrl } as JSON. */

import { startGateway } from '../test/harness/gateway.ts'

const { databaseUrl } = JSON.parse(process.argv[2]!) as { databaseUrl: string }
const gateway = await startGateway({ databaseUrl, channels: { chat: { kind: 'webchat', title: 'Município' } } })
process.send!({ url: gateway.url, rssMB: process.memoryUsage().rss / 1e6 })
process.on('message', () => process.send!({ rssMB: process.memoryUsage().rss / 1e6 }))
