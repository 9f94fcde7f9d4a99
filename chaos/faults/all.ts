/** What can go wrong, one at a time and all together. */

import { type FaultOptions, pause } from '../stage.ts'
import { databaseFaults } from './database.ts'
import { gatewayFaults } from './gateways.ts'
import { peopleFaults } from './people.ts'
import { restoreFaults } from './restore.ts'
import { firstAcknowledgement, killDatabase, moody, whileOn } from './turns.ts'

const { kill, 'two-nodes': twoNodes, ...otherGatewayFaults } = gatewayFaults

export const faults: Record<string, FaultOptions> = {
  calm: { what: 'no fault, two gateways', nodes: 2, play: (on) => pause(on.ms) },
  kill: kill!,
  'two-nodes': twoNodes!,
  vendor: {
    what: 'vendor: 3 % 429, 3 % 500, 2 % cut after it took it, 0.5 % 400', nodes: 2, vendor: moody,
    play: (on) => pause(on.ms),
  },
  poison: {
    what: 'one payload in 20 breaks the translation, one message in 20 meets a rule of the bot that throws', nodes: 2,
    citizens: { poisonEvery: 20, text: (n) => (n % 20 === 7 ? `quebra ${n}` : `mensagem ${n}`) },
    async play(on) {
      await pause(on.ms)
      const { rows: [row] } = await on.pool.pool.query<{ corrupt: number; failed: number }>(`
        select (select count(*)::int from inbound where outcome = 'corrupt') as corrupt, (select count(*)::int from activity where type = 'bot-failed') as failed`)
      on.note('kept as corrupt', row!.corrupt)
      on.note('handed to people because the bot broke', row!.failed)
    },
  },
  ...databaseFaults,
  ...otherGatewayFaults,
  ...peopleFaults,
  ...restoreFaults,
  mixed: {
    what: 'killed gateways, killed and frozen PostgreSQL, dead lines, clocks that jump and a vendor with moods, all at once', nodes: 2, vendor: moody,
    citizens: { text: (n) => (n % 50 === 7 ? `quebra ${n}` : n % 15 === 3 ? `pessoa ${n}` : `mensagem ${n}`), poisonEvery: 40 },
    async play(on) {
      let slowest = 0
      await whileOn(on, () => 500 + on.chance.below(1_500), async () => {
        const luck = on.chance.next()
        if (luck < 0.6) await on.nodes.replace()
        else if (luck < 0.7) on.nodes.setClock(on.chance.oneOf([-1, 1]) * 3_600_000)
        else if (luck < 0.82) slowest = Math.max(slowest, await killDatabase(on))
        else if (luck < 0.92) {
          await on.postgres.freeze(1_000 + on.chance.below(3_000))
          slowest = Math.max(slowest, await firstAcknowledgement(on))
        } else on.line.swallow()
      })
      on.note('first acknowledgement after PostgreSQL is back, slowest, ms', slowest)
    },
  },
}
