/** Whole days on the town's clock, and what is small enough to be published. */

import { expect, test } from 'vitest'
import { spanOf } from '../../operator-ui/src/reports/span.ts'
import { monthOf } from '../../src/numbers/month.ts'
import { toMonthlyPage } from '../../src/numbers/monthly-page.ts'
import { openDataOf } from '../../src/numbers/open-data.ts'
import type { Line } from '../../src/numbers/report.ts'

const iso = (name: Parameters<typeof spanOf>[0], now: string, timezone = 'Europe/Lisbon', first = '2026-03-28', last = '2026-03-29') => (
  Object.values(spanOf(name, new Date(now), timezone, { first, last })).map((at: Date) => at.toISOString()))

test('a day begins at midnight of the town, whatever the clock of whoever looks, also when clocks change', () => {
  expect(iso('today', '2026-07-10T23:30:00Z')).toEqual(['2026-07-10T23:00:00.000Z', '2026-07-11T23:00:00.000Z', '2026-07-09T23:00:00.000Z', '2026-07-10T23:00:00.000Z'])
  expect(iso('today', '2026-07-10T23:30:00Z', 'Atlantic/Azores')[0]).toBe('2026-07-10T00:00:00.000Z')
  // 29 March has 23 hours, 25 October has 25.
  expect(iso('today', '2026-03-29T12:00:00Z').slice(0, 2)).toEqual(['2026-03-29T00:00:00.000Z', '2026-03-29T23:00:00.000Z'])
  expect(iso('today', '2026-10-25T12:00:00Z').slice(0, 2)).toEqual(['2026-10-24T23:00:00.000Z', '2026-10-26T00:00:00.000Z'])
  expect(iso('other', '2026-06-01T00:00:00Z')).toEqual(['2026-03-28T00:00:00.000Z', '2026-03-29T23:00:00.000Z', '2026-03-26T00:00:00.000Z', '2026-03-28T00:00:00.000Z'])
})

test('a month is held against the month before, one that has begun against as many of its days', () => {
  expect(iso('lastMonth', '2026-11-15T12:00:00Z')).toEqual(['2026-09-30T23:00:00.000Z', '2026-11-01T00:00:00.000Z', '2026-08-31T23:00:00.000Z', '2026-09-30T23:00:00.000Z'])
  expect(iso('thisMonth', '2026-11-03T12:00:00Z')).toEqual(['2026-11-01T00:00:00.000Z', '2026-11-04T00:00:00.000Z', '2026-09-30T23:00:00.000Z', '2026-10-03T23:00:00.000Z'])
  expect(iso('thisMonth', '2026-03-31T12:00:00Z')).toEqual(['2026-03-01T00:00:00.000Z', '2026-03-31T23:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'])
  expect(iso('last7', '2026-01-03T12:00:00Z')).toEqual(['2025-12-28T00:00:00.000Z', '2026-01-04T00:00:00.000Z', '2025-12-21T00:00:00.000Z', '2025-12-28T00:00:00.000Z'])
})

const line = (given: Partial<Line>) => ({ key: '2026-01-01', conversations: 0, handed: 0, botAlone: 0, callsTaken: 0, scores: 0, score: null, ...given }) as Line
const published = (given: Partial<Line>) => openDataOf([line(given)])[0]!.slice(1)

test('open data tell of no group smaller than five, nor of one that follows by subtraction', () => {
  expect(published({ conversations: 40, handed: 15, botAlone: 20, callsTaken: 6, scores: 9, score: 4.26 })).toEqual([40, 15, 20, 6, 4.3])
  expect(published({ conversations: 4, handed: 4 })).toEqual([null, null, null, 0, null])
  expect(published({ conversations: 40, handed: 37, botAlone: 3 })).toEqual([40, null, null, 0, null])
  expect(published({ conversations: 40, handed: 20, botAlone: 18, callsTaken: 2, scores: 3, score: 1 })).toEqual([40, null, null, null, null])
  expect(published({ conversations: 12, handed: 12 })).toEqual([12, 12, 0, 0, null])
})

test('the council’s report says nothing that was written as a name, and a month without conversations says so', () => {
  const whole = line({ conversations: 200, handed: 80, botAlone: 120, firstResponseOpenP50: 540_000, score: 4.5, scores: 12 })
  const page = toMonthlyPage({ municipality: '<b>Vale</b>', month: 'janeiro de 2026', printedAt: '1 de fevereiro de 2026', isRunning: false, whole, before: line({ conversations: 160 }), groups: [{ title: 'Por canal', what: 'Canal', lines: [whole], labelOf: () => '<script>' }] })
  expect(page).not.toMatch(/<script>|<b>Vale/)
  expect(page).toContain('<b>60 %</b>')
  expect(page).toContain('<b>9 min</b>')
  // The foot of each sheet is a text in a stylesheet: a name can neither end it nor the sheet.
  expect(page).toContain(String.raw`content:"\3c b\3e Vale\3c \2f b\3e  · Relatório`)
  expect(page).toContain('+25 %')
  expect(toMonthlyPage({ municipality: 'Vale', month: 'fevereiro', printedAt: '', isRunning: false, whole: undefined, before: undefined, groups: [] })).toContain('Não houve conversas neste mês.')
})

test.each([
  ['over', '2026-04-02T10:00:00Z', false, '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ['running: as many days of the one before', '2026-03-10T12:00:00Z', true, '2026-02-01T00:00:00.000Z', '2026-02-10T12:00:00.000Z'],
  ['longer than the one before: no day of its own', '2026-03-31T12:00:00Z', true, '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
])('a month is compared with the one before; %s', (_, at, isRunning, from, to) => {
  const march = monthOf('2026-03', 'Europe/Lisbon', new Date(at))
  expect([march.isRunning, march.before.from.toISOString(), march.before.to.toISOString()]).toEqual([isRunning, from, to])
  // The clock went forward in between.
  expect([march.now.from.toISOString(), march.now.to.toISOString()]).toEqual(['2026-03-01T00:00:00.000Z', '2026-03-31T23:00:00.000Z'])
})

test('the report of a month that is not over says so', () => {
  const page = toMonthlyPage({ municipality: 'Vale', month: 'março', printedAt: '10 de março', isRunning: true, whole: line({ conversations: 2 }), before: line({ conversations: 1 }), groups: [] })
  expect(page).toContain('Mês em curso, até 10 de março. «Anterior» são os mesmos dias do mês passado.')
})
