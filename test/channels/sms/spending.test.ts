/** What the town pays for in a day has an end. */

import { describe, expect, test } from 'vitest'
import { sms as kind } from '../../../src/channels/sms/index.ts'
import { SendError } from '../../../src/core/channel.ts'
import { startTwilio } from '../../vendors/twilio.ts'
import { block, gatewayOf, say } from './start.ts'

const failure = async (work: Promise<unknown>): Promise<SendError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SendError)) throw new Error(`expected a SendError, got ${String(error)}`)
  return error
}

describe('the limit of the day', () => {
  const day = '2026-05-28'
  test('is kept, by what is sent in segments, and is free again the next day', async () => {
    let now = new Date(`${day}T22:00:00Z`)
    const vendor = await startTwilio({ now: () => now })
    const other = await gatewayOf(vendor, { maxSegmentsPerDay: 3, catchUpEvery: 3600 }, { now: () => now })
    const limited = kind.config.parse(block(vendor, { maxSegmentsPerDay: 3 }))
    await say(other, limited, { text: 'a'.repeat(300) })
    await say(other, limited, { text: 'b' })
    const error = await failure(say(other, limited, { text: 'c' }))
    expect([error.reason, error.message]).toEqual([
      'misconfigured',
      'o limite de 3 segmentos de SMS por dia foi atingido',
    ])
    expect(other.states.at(-1)!.status).toBe('needs-attention')
    expect(vendor.ledger).toHaveLength(2)
    now = new Date('2026-05-29T00:00:01Z')
    await say(other, limited, { text: 'd' })
    expect(vendor.ledger).toHaveLength(3)
    await other.close()
    await vendor.close()
  })
  test('counts what another process has sent, and what a restart forgot', async () => {
    const now = () => new Date(`${day}T12:00:00Z`)
    const vendor = await startTwilio({ now })
    const limited = kind.config.parse(block(vendor, { maxSegmentsPerDay: 2 }))
    const disk = { cursor: { since: `${day}T11:59:00Z` }, seen: new Set<string>(), events: [] }
    const first = await gatewayOf(vendor, { maxSegmentsPerDay: 2, catchUpEvery: 0.05 }, { now, disk })
    await say(first, limited, { text: 'a' })
    await say(first, limited, { text: 'b' })
    await first.close()
    const second = await gatewayOf(vendor, { maxSegmentsPerDay: 2, catchUpEvery: 0.05 }, { now, disk })
    await second.until(() => second.states.some(({ status }) => status === 'connected'))
    expect((await failure(say(second, limited, { text: 'c' }))).reason).toBe('misconfigured')
    await second.close()
    await vendor.close()
  })
})
