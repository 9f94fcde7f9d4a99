/** SMS in a storm. Ten a second is what a number of Twilio's sends, so few are answered; what its call did not bring, its list does. */

import type { Chance } from '../../../chaos/random.ts'
import { startTwilio } from '../../vendors/twilio.ts'
import { block } from '../sms/start.ts'
import { copiesBy, giveMoods, type Row } from './row.ts'

export async function smsRow(chance: Chance): Promise<Row> {
  const twilio = await startTwilio({ copies: copiesBy(chance) })
  const doubts = giveMoods(twilio.faults, chance, {
    sure: [{ kind: 'refuse', status: 429, code: 20429, retryAfter: 1 }, { kind: 'refuse', status: 503, code: 20503 }, { kind: 'slow', ms: 300 }],
    doubtful: [{ kind: 'refuse', status: 500 }, { kind: 'refuse-after', status: 500 }, { kind: 'cut-before' }, { kind: 'cut-after' }],
  })
  return {
    block: { ...block(twilio), kind: 'sms', authToken: { env: 'TWILIO_TOKEN' }, catchUpEvery: 1 },
    env: { TWILIO_TOKEN: twilio.authToken },
    people: 40, each: 20, answersOneIn: 4, asksLater: true,
    listensAt: () => undefined,
    async write(person, text) {
      const { call } = await twilio.texts(`+3519123456${String(person).padStart(2, '0')}`, text)
      return call?.status === 200
    },
    shown: () => twilio.ledger.map(({ body }) => body),
    doubts,
    close: twilio.close,
  }
}
