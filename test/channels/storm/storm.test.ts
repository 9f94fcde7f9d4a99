/** A thousand messages a channel or nearly so, in and out, one in ten in trouble. How many by hand: docs/storm.md. */

import { beforeAll, expect, test } from 'vitest'
import { opened, seed } from './chosen.ts'
import { emailRow } from './email.ts'
import { smsRow } from './sms.ts'
import { type Outcome, storm } from './storm.ts'
import { teamsRow } from './teams.ts'
import { telegramRow } from './telegram.ts'
import { webchatRow } from './webchat.ts'
import { whatsappCloudRow } from './whatsapp-cloud.ts'

const channels = [
  { id: 'calls', kind: 'telegram', open: telegramRow.bind(undefined, 'webhook') },
  { id: 'polls', kind: 'telegram', open: telegramRow.bind(undefined, 'polling') },
  { id: 'teams', kind: 'teams', open: teamsRow },
  { id: 'sms', kind: 'sms', open: smsRow },
  { id: 'cloud', kind: 'whatsapp', open: whatsappCloudRow },
  { id: 'mail', kind: 'email', open: emailRow },
  { id: 'web', kind: 'webchat', open: webchatRow },
]
let outcome: Outcome

beforeAll(async () => {
  outcome = await storm(await opened(channels, 1))
  console.log(`STORM_SEED=${seed} ${Object.entries(outcome).map(([id, { figures }]) => `${id} ${JSON.stringify(figures)}`).join(' ')}`)
}, 900_000)

test.for(channels)(
  '$id: each message in is stored once, each message out arrives once or is seen as unknown, and in order, though the gateway is killed in the middle',
  ({ id }, { skip }) => {
    skip(!outcome[id], 'not among STORM_CHANNELS')
    expect(outcome[id]!.problems).toEqual([])
  },
)
