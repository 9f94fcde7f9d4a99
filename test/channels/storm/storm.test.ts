/** A thousand messages a channel, one in ten in trouble. `STORM_SEED=n` for the same troubles again. */

import { beforeAll, expect, test } from 'vitest'
import { chanceOf } from '../../../chaos/random.ts'
import { emailRow } from './email.ts'
import { smsRow } from './sms.ts'
import { type Outcome, storm } from './storm.ts'
import { teamsRow } from './teams.ts'
import { telegramRow } from './telegram.ts'
import { webchatRow } from './webchat.ts'
import { whatsappCloudRow } from './whatsapp-cloud.ts'

const seed = Number(process.env.STORM_SEED ?? 20_261_126)
const chance = (nth: number) => chanceOf(seed + nth)
let outcome: Outcome

beforeAll(async () => {
  outcome = await storm({
    calls: await telegramRow('webhook', chance(1)), polls: await telegramRow('polling', chance(2)), teams: await teamsRow(chance(3)), sms: await smsRow(chance(4)),
    cloud: await whatsappCloudRow(chance(5)), mail: await emailRow(chance(6)), web: await webchatRow(chance(7)),
  })
  console.log(`STORM_SEED=${seed} ${Object.entries(outcome).map(([id, { figures }]) => `${id} ${JSON.stringify(figures)}`).join(' ')}`)
}, 900_000)

test.for(['calls', 'polls', 'teams', 'sms', 'cloud', 'mail', 'web'])(
  '%s: each message in is stored once, each message out arrives once or is seen as unknown, and in order, though the gateway is killed in the middle',
  (id) => expect(outcome[id]!.problems).toEqual([]),
)
