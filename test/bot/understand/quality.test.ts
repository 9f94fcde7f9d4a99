import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type EvaluationSet, evaluate } from '../../../src/bot/understand/evaluate.ts'

const read = (name: string) => JSON.parse(readFileSync(new URL(`../sets/${name}.json`, import.meta.url), 'utf8')) as EvaluationSet
const faq = read('faq')

test('the questions that came with the answers are understood', () => {
  const report = evaluate(faq)
  expect(report).toMatchObject({ commandsRight: 100, stolenByCommand: 0 })
  expect(report.top1).toBeGreaterThanOrEqual(92)
  expect(report.top3).toBeGreaterThanOrEqual(97)
  expect(report.answeredRight).toBeGreaterThanOrEqual(60)
  expect(report.answeredWrong).toBeLessThanOrEqual(2)
  expect(report.answeredRight + report.suggestedRight).toBeGreaterThanOrEqual(95)
  expect(report.oodAnswered).toBeLessThanOrEqual(3.4)
})

test.each(['dev', 'unseen', 'second-unseen', 'fourth', 'fifth-unseen'])('five kinds of people are understood (%s)', (name) => {
  const report = evaluate(read(name), faq.faqs)
  expect(report.top1).toBeGreaterThanOrEqual(90)
  expect(report.top3).toBeGreaterThanOrEqual(95)
  expect(report.answeredRight).toBeGreaterThanOrEqual(60)
  expect(report.answeredWrong).toBeLessThanOrEqual(2)
  expect(report.oodAnswered).toBeLessThanOrEqual(name === 'fifth-unseen' ? 3.8 : 2.5)
})

test('another wish about a thing that the rulebook knows is rarely answered as if it were the one', () => {
  expect(evaluate(read('near-misses'), faq.faqs).oodAnswered).toBeLessThanOrEqual(2.5)
  expect(evaluate(read('author'), faq.faqs).oodAnswered).toBeLessThanOrEqual(3)
})

test('stories of a third hand are mostly understood, and rarely answered wrongly', () => {
  const third = read('third-unseen')
  const report = evaluate({ ...third, queries: (third.queries ?? []).filter(({ expect: wanted }) => faq.faqs?.some(({ id }) => id === wanted)) }, faq.faqs)
  expect(report.counts.queries).toBe(98)
  expect(report.top1).toBeGreaterThanOrEqual(82)
  expect(report.top3).toBeGreaterThanOrEqual(92)
  expect(report.answeredRight).toBeGreaterThanOrEqual(50)
  expect(report.answeredWrong).toBeLessThanOrEqual(2.1)
  expect(report.oodAnswered).toBeLessThanOrEqual(2.5)
})
