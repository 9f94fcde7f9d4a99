import { afterAll, beforeAll, expect, test } from 'vitest'
import { withDemo } from '../src/demo/demo-channels.ts'
import { seedDemo } from '../src/demo/seed.ts'
import { stories } from '../src/demo/stories.ts'
import { type Harness, startGateway } from './harness/gateway.ts'

let gateway: Harness
beforeAll(async () => {
  gateway = await startGateway({ channels: {}, change: withDemo })
})
afterAll(() => gateway.close())

test('the demo fills an empty gateway on all six channels, once, and in the past', async () => {
  const target = { gateway: gateway.gateway, channels: gateway.channels.all, channelOf: (channel: string) => `demo-${channel}`, now: () => new Date() }
  expect(await seedDemo(target)).toBe(true)
  const { db } = gateway.gateway.pool
  const rows = await db.selectFrom('conversation').selectAll().execute()
  expect(rows).toHaveLength(stories.length)
  expect(new Set(rows.map(({ channel_id }) => channel_id)).size).toBe(6)
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['bot', 'waiting', 'assigned', 'snoozed', 'closed']))
  for (const { opened_at, last_message_at, waiting_since } of rows) {
    expect(opened_at.getTime()).toBeLessThan(Date.now() - 20 * 60_000)
    expect(last_message_at.getTime()).toBeLessThanOrEqual(Date.now())
    expect(waiting_since === null || waiting_since.getTime() < Date.now()).toBe(true)
  }
  expect((await db.selectFrom('survey').select('score').where('score', 'is not', null).execute()).length).toBeGreaterThan(2)
  expect((await db.selectFrom('quick_answer').select('shortcut').execute()).map(({ shortcut }) => shortcut)).toContain('bomdia')
  expect(await seedDemo(target)).toBe(false)
})
