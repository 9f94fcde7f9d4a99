/** PostgreSQL is killed, stands still, is slow, full, or at the end of a dead line. */

import { type FaultOptions, pause } from '../stage.ts'
import { firstAcknowledgement, killDatabase, whileOn } from './turns.ts'

export const databaseFaults: Record<string, FaultOptions> = {
  'database-killed': {
    what: 'PostgreSQL killed (immediate) and started again', nodes: 2,
    async play(on) {
      let slowest = 0
      await whileOn(on, () => 2_000, async () => { slowest = Math.max(slowest, await killDatabase(on)) })
      on.note('first acknowledgement after PostgreSQL is back, slowest, ms', slowest)
    },
  },
  'database-frozen': {
    what: 'PostgreSQL stands still for up to 20 s', nodes: 2,
    async play(on) {
      await pause(2_000)
      const still = Math.min(20_000, on.ms)
      await on.postgres.freeze(still)
      on.note('stood still, ms', still)
      on.note('first acknowledgement after PostgreSQL is back, slowest, ms', await firstAcknowledgement(on))
      await pause(2_000)
    },
  },
  'database-slow': {
    what: 'each packet to and from PostgreSQL 500 ms late', nodes: 2, citizens: { perSecond: 10 },
    async play(on) {
      await pause(1_000)
      on.line.delayMs = 500
      await pause(on.ms)
    },
  },
  'database-full': {
    what: 'PostgreSQL’s disk is full to the last byte, for seconds at a time', nodes: 2, disk: { megabytes: 400, of: 'database' },
    async play(on) {
      let slowest = 0
      await whileOn(on, () => 3_000, async () => {
        on.disk!.fill()
        await pause(5_000)
        on.disk!.free()
        await on.postgres.answers()
        slowest = Math.max(slowest, await firstAcknowledgement(on))
      })
      on.note('first acknowledgement after there is room again, slowest, ms', slowest)
    },
  },
  'half-open': {
    what: 'every line to PostgreSQL goes dead without a word, and the other end does not learn of it', nodes: 2,
    async play(on) {
      let slowest = 0
      await whileOn(on, () => 8_000, async () => {
        on.line.swallow()
        slowest = Math.max(slowest, await firstAcknowledgement(on))
      })
      on.note('first acknowledgement over a new line, slowest, ms', slowest)
    },
  },
}
