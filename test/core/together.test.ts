/** Questions asked together. */

import { expect, test } from 'vitest'
import { together } from '../../src/core/together.ts'

test('questions of one turn of the event loop are asked as one, and each gets its own answer', async () => {
  const asked: number[][] = []
  const double = together(async (all: number[]) => {
    asked.push(all)
    return all.map((each) => each * 2)
  })
  expect(await Promise.all([double(1), double(2), double(3)])).toEqual([2, 4, 6])
  expect(asked).toEqual([[1, 2, 3]])
})

test('a question that cannot be answered does not take the others along', async () => {
  const half = together(async (all: number[]) => all.map((each) => {
    if (each % 2 === 1) throw new Error(`${each} is odd`)
    return each / 2
  }))
  const answers = await Promise.allSettled([half(4), half(3), half(8)])
  expect(answers.map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as Error).message))).toEqual([2, '3 is odd', 4])
})

test('questions that come after a failure are answered', async () => {
  let isDown = true
  const echo = together(async (all: string[]) => {
    if (isDown) throw new Error('down')
    return all
  })
  await expect(echo('a')).rejects.toThrow('down')
  isDown = false
  expect(await echo('b')).toBe('b')
})
