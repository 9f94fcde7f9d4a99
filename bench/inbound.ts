/** Inbound: what stores a message costs, against one durable transaction that inserts one, in the same run on the same server. */

import { randomUUID } from 'node:crypto'
import type { Responder } from '../src/core/model.ts'
import { startGateway } from '../test/harness/gateway.ts'
import { plainKind } from '../test/harness/plain-channel.ts'
import { floorTransactions } from './floor.ts'
import { type Figure, median, percentile, spread } from './figures.ts'

const toPeople: Responder = (state) => ({ actions: [{ do: 'hand-off', reason: 'rule' }], state })

export interface InboundOptions { rounds: number; seconds: number; callers: number }

/** Rounds of floor and gateway in turn, so that a ratio holds when the machine's speed drifts. */
export async function benchReceive({ rounds, seconds, callers }: InboundOptions): Promise<Figure[]> {
  const gateway = await startGateway({ channels: { linha: { kind: 'plain' } }, kinds: { plain: plainKind() }, respond: toPeople })
  const channel = gateway.channels.all.get('linha')!
  const floor: number[] = []
  const ours: number[] = []
  const late: number[] = []
  const run = randomUUID().slice(0, 8)
  let n = 0
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const base = await floorTransactions(gateway.databaseUrl, 32, seconds)
      const end = performance.now() + seconds * 1_000
      const begun = performance.now()
      let done = 0
      await Promise.all(Array.from({ length: callers }, async () => {
        while (performance.now() < end) {
          n += 1
          const from = performance.now()
          await gateway.gateway.receiver.receive(channel, { messages: [{ id: `${run}-${n}`, from: `p${n % 1_000}`, text: 'Bom dia, a fatura da água veio muito alta este mês. Podem ver o que se passa?' }] })
          late.push(performance.now() - from)
          done += 1
        }
      }))
      // The first round warms both sides and is not counted.
      if (round === 0) {
        late.length = 0
        continue
      }
      floor.push(base)
      ours.push(done / ((performance.now() - begun) / 1_000))
    }
  } finally {
    await gateway.close()
  }
  const ratios = ours.map((each, at) => each / floor[at]!)
  return [{
    name: `receive(), ${callers} callers`, unit: 'messages/s', value: median(ours), spread: spread(ours), floor: median(floor), ratio: median(ratios), ratioSpread: spread(ratios),
    p50: percentile(late, 0.5), p99: percentile(late, 0.99), goal: 'ratio ≥ 1.5',
  }]
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const { setup } = await import('../test/database.ts')
  const stop = await setup()
  console.log(JSON.stringify(await benchReceive({ rounds: 3, seconds: 3, callers: 128 }), null, 1))
  await stop()
  process.exit(0)
}
