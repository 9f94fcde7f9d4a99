import { expect, test } from 'vitest'
import { setImmediate } from 'node:timers/promises'
import { gainInsight, insight } from '../../src/bot/insight.ts'
import { loadRulebook } from '../../src/bot/load.ts'
import { understand } from '../../src/bot/understand/understand.ts'

const { rulebook } = await loadRulebook('config/bot')
const answerTo = (book: NonNullable<typeof rulebook>) => understand(insight(book).index, 'onde posso pagar a fatura da água?', 'pt')

test('others have their turn while the index is built, and understand the same', async () => {
  const book = { ...rulebook! }
  let isBuilding = true
  let turns = 0
  const building = gainInsight(book).finally(() => { isBuilding = false })
  while (isBuilding) {
    await setImmediate()
    turns += 1
  }
  await building
  expect(turns).toBeGreaterThan(3)
  expect(plain(answerTo(book))).toEqual(plain(answerTo({ ...rulebook! })))
})

test('who cannot wait for the index has the rest of it built at once, and it is the same one', async () => {
  const book = { ...rulebook! }
  const building = gainInsight(book)
  const early = insight(book)
  await building
  expect(insight(book)).toBe(early)
  expect(answerTo(book).zone).toBe('answer')
})

test('what an answer tells in its text may be asked of it', () => {
  const held = (text: string) => understand(insight(rulebook!).index, text, 'pt').held
  expect(held('quanto custa o dístico de residente?')).toBeUndefined()
  expect(held('qual é o preço do atestado de residência?')).toBeUndefined()
  expect(held('porque é que há dísticos de residente?')).toBe('other-ask')
})

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown
