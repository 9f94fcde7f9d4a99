/** Who is let in, who is sent away, and what they hear when they come back. */

import { expect, test } from 'vitest'
import { openAdmission } from '../../src/core/admission.ts'
import { Overloaded } from '../../src/core/group-commit.ts'

interface Stored { entry: string; done: () => void; failed: (error: Error) => void }

/** A store that answers when it is told to, and a clock that goes when it is told to. */
function play({ least = 2, most = 100 } = {}) {
  const asked: Stored[] = []
  const timers = new Set<{ at: number; call: () => void }>()
  let clock = 0
  const admission = openAdmission<string>({
    store: (entry) => new Promise((done, failed) => asked.push({ entry, done, failed })),
    nameOf: (entry) => (entry.startsWith('edit') ? undefined : entry),
    now: () => clock,
    later(call, ms) {
      const timer = { at: clock + ms, call }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    patienceMs: 2_000, goodMs: 100, least, most,
  })
  return {
    asked, room: admission.room, timers,
    admit: (entry: string) => admission.admit(entry).then(() => 'stored', (error: Error) => (error instanceof Overloaded ? 'refused' : 'failed')),
    async pass(ms: number) {
      clock += ms
      for (const timer of [...timers].filter(({ at }) => at <= clock)) {
        timers.delete(timer)
        timer.call()
      }
      await new Promise<void>((resolve) => setImmediate(resolve))
    },
    async store(which = asked.length) {
      for (const { done } of asked.splice(0, which)) done()
      await new Promise<void>((resolve) => setImmediate(resolve))
    },
  }
}

test('what is stored in time is answered, and leaves no timer behind', async () => {
  const on = play()
  const answer = on.admit('a')
  await on.pass(50)
  await on.store()
  expect(await answer).toBe('stored')
  expect(on.timers.size).toBe(0)
})

test('who waits longer than a vendor’s patience is refused, and is told yes at once when it comes back after all was stored', async () => {
  const on = play()
  const first = on.admit('a')
  await on.pass(2_000)
  expect(await first).toBe('refused')
  await on.store()
  expect(await on.admit('a')).toBe('stored')
  expect(on.asked).toEqual([])
})

test('who comes back while the first is still being stored waits for that one, and is not stored a second time', async () => {
  const on = play()
  void on.admit('a')
  await on.pass(2_000)
  const again = on.admit('a')
  expect(on.asked.map(({ entry }) => entry)).toEqual(['a'])
  await on.store()
  expect(await again).toBe('stored')
})

test('what could not be stored after patience had ended is tried anew when it comes back', async () => {
  const on = play()
  void on.admit('a')
  await on.pass(2_000)
  on.asked.splice(0)[0]!.failed(new Error('the database went away'))
  await on.pass(0)
  const again = on.admit('a')
  expect(on.asked.map(({ entry }) => entry)).toEqual(['a'])
  await on.store()
  expect(await again).toBe('stored')
})

test('what has no name of its own is never taken for stored', async () => {
  const on = play()
  void on.admit('edit 1')
  await on.pass(2_000)
  await on.store()
  void on.admit('edit 1')
  expect(on.asked.map(({ entry }) => entry)).toEqual(['edit 1'])
})

test('when storing takes too long there is room for as many as are stored in time, and the others are refused at once', async () => {
  const on = play()
  const crowd = Array.from({ length: 40 }, (_, n) => on.admit(`m${n}`))
  await on.pass(200)
  await on.store()
  expect(new Set(await Promise.all(crowd))).toEqual(new Set(['stored']))
  expect(on.room()).toBeLessThanOrEqual(20)
  const next = Array.from({ length: 40 }, (_, n) => on.admit(`n${n}`))
  const inside = on.asked.length
  await on.store()
  expect((await Promise.all(next)).filter((answer) => answer === 'refused').length).toBe(40 - inside)
  expect(inside).toBeLessThanOrEqual(20)
})

test('room grows back with what goes well', async () => {
  const on = play({ most: 10 })
  for (let n = 0; n < 5; n += 1) void on.admit(`m${n}`)
  await on.pass(1_000)
  await on.store()
  expect(on.room()).toBe(2)
  for (let n = 0; n < 20; n += 1) {
    void on.admit(`n${n}`)
    await on.store()
  }
  expect(on.room()).toBe(10)
})

test('a store that stands still has a short row before it', async () => {
  const on = play()
  for (let n = 0; n < 5; n += 1) void on.admit(`m${n}`)
  await on.pass(2_000)
  expect(await on.admit('late')).toBe('refused')
})
