/** Polling confirms only what is stored, over failures, conflicts and restarts. */

import { afterEach, expect, test } from 'vitest'
import { type Gateway, newDisk } from '../host.ts'
import { startTelegram, type Telegram } from '../../vendors/telegram.ts'
import { gatewayOf, withPolling } from './start.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})
async function started(...given: Parameters<typeof withPolling>): Promise<{ telegram: Telegram; gateway: Gateway }> {
  const both = await withPolling(...given)
  open.push(both.telegram, both.gateway)
  return both
}
const poll = (telegram: Telegram, more = {}) => gatewayOf(telegram, { mode: 'polling', pollSeconds: 1 }, more)
const texts = (gateway: Gateway) => gateway.messages().map(({ content }) => content.text)

test('messages arrive in order, and a press is answered', async () => {
  const { telegram, gateway } = await started()
  const ana = telegram.citizen(1001)
  for (const n of [1, 2, 3]) ana.writes(`m${n}`)
  await gateway.until(() => gateway.messages().length === 3)
  expect(texts(gateway)).toEqual(['m1', 'm2', 'm3'])
  telegram.push(
    {
      callback_query: {
        id: 'p',
        from: { id: 1001 },
        data: 'x',
        message: { message_id: 1, date: 0, chat: { id: 1001, type: 'private' } },
      },
    },
    1001,
  )
  await gateway.until(() => telegram.calls.some(({ method }) => method === 'answerCallbackQuery'))
})

test('a webhook that was set before is taken away, and what waited for it comes', async () => {
  const telegram = await startTelegram({ retryFactor: 0.01 })
  open.push(telegram)
  telegram.updates.setWebhook({ url: 'http://127.0.0.1:1/', secretToken: undefined, maxConnections: 1 }, false)
  telegram.citizen(1).writes('antes')
  const gateway = await poll(telegram)
  open.push(gateway)
  await gateway.until(() => texts(gateway).includes('antes'))
})

test('what could not be stored is not confirmed', async () => {
  let isBroken = true
  const { telegram, gateway } = await started(
    {},
    {
      beforeStore: () => {
        if (isBroken) throw new Error('the database is away')
      },
    },
  )
  telegram.citizen(1).writes('não me percas')
  await gateway.until(() => gateway.received.length >= 2)
  expect(telegram.updates.pending()).toBe(1)
  expect(
    telegram.calls.filter(({ method, payload }) => method === 'getUpdates' && payload.offset !== undefined),
  ).toEqual([])
  isBroken = false
  await gateway.until(() => telegram.updates.pending() === 0)
  expect(texts(gateway)).toEqual(['não me percas'])
})

test('restarts in the middle of 500 messages lose and double none', async () => {
  const telegram = await startTelegram()
  open.push(telegram)
  const disk = newDisk()
  let stored = 0
  let turn = 0
  const all = Array.from({ length: 500 }, (_, i) => `m${i}`)
  for (const [i, text] of all.entries()) telegram.citizen(1 + (i % 7)).writes(text)
  while (disk.seen.size < all.length) {
    turn += 1
    // Stops being able to store at an awkward place, and is stopped there.
    const limit = stored + 137
    const gateway = await poll(telegram, {
      disk,
      beforeStore: () => {
        if (stored >= limit) throw new Error('going down')
        stored += 1
      },
    })
    await gateway.until(() => stored >= limit || disk.seen.size === all.length)
    await gateway.close()
  }
  expect(turn).toBeGreaterThan(3)
  const received = disk.events.flatMap((event) => (event.type === 'message.received' ? [event] : []))
  expect(received.map(({ content }) => content.text).sort()).toEqual([...all].sort())
  for (let citizen = 1; citizen <= 7; citizen++) {
    const mine = received
      .filter(({ from }) => from.address === String(citizen))
      .map(({ content }) => Number(content.text.slice(1)))
    expect(mine).toEqual([...mine].sort((one, other) => one - other))
  }
})

test('after a quiet week the old offset is forgotten: Telegram counts anew', async () => {
  const telegram = await startTelegram()
  open.push(telegram)
  telegram.citizen(1).writes('depois de férias')
  const week = { at: new Date(Date.now() - 8 * 24 * 3_600_000).toISOString(), offset: 999_999_999 }
  const gateway = await poll(telegram, { disk: { ...newDisk(), cursor: week } })
  open.push(gateway)
  await gateway.until(() => texts(gateway).includes('depois de férias'))
})

test('restarts within the quiet week do not make an old offset young', async () => {
  const [before, after] = [await startTelegram(), await startTelegram()]
  open.push(before, after)
  const disk = newDisk()
  let at = Date.parse('2026-03-02T10:00:00Z')
  const now = () => new Date(at)
  for (const text of ['um', 'dois', 'três']) before.citizen(1).writes(text)
  const first = await poll(before, { disk, now })
  await first.until(() => before.updates.pending() === 0)
  await first.close()
  at += 4 * 24 * 3_600_000
  const second = await poll(before, { disk, now })
  await second.until(() => second.states.some(({ status }) => status === 'connected'))
  await second.close()
  at += 4 * 24 * 3_600_000
  // As after a week without an update: it counts from another number.
  after.citizen(2).writes('depois de férias')
  const third = await poll(after, { disk, now })
  open.push(third)
  await third.until(() => texts(third).includes('depois de férias'))
})

test('two programs with one token: admins are told, and what was not stored comes later', async () => {
  const { telegram, gateway } = await started()
  await gateway.until(() => gateway.states.some(({ status }) => status === 'connected'))
  const other = await poll(telegram, { id: 'other' })
  await gateway.until(() => [...gateway.states, ...other.states].some(({ status }) => status === 'needs-attention'))
  await other.close()
  telegram.citizen(1).writes('olá')
  await gateway.until(() => [...texts(gateway), ...texts(other)].includes('olá'))
})

test('close ends a request that is held open', async () => {
  const telegram = await startTelegram()
  open.push(telegram)
  const gateway = await gatewayOf(telegram, { mode: 'polling', pollSeconds: 50 })
  await gateway.until(() => telegram.calls.some(({ method }) => method === 'getUpdates'))
  await gateway.close()
  expect(gateway.states.at(-1)).toEqual({ status: 'closed' })
})
