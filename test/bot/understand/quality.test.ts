import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { insight } from '../../../src/bot/insight.ts'
import { loadRulebook } from '../../../src/bot/load.ts'
import { type EvaluationSet, evaluate, evaluateWith } from '../../../src/bot/understand/evaluate.ts'
import { understand } from '../../../src/bot/understand/understand.ts'

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

test.each(['seventh-unseen', 'ninth-unseen'])('sets of the last hands are understood as well as the goals ask (%s)', (name) => {
  const report = evaluate(read(name), faq.faqs)
  expect(report.top1).toBeGreaterThanOrEqual(82)
  expect(report.top3).toBeGreaterThanOrEqual(92)
  expect(report.answeredRight).toBeGreaterThanOrEqual(50)
  expect(report.answeredWrong).toBeLessThanOrEqual(2)
  expect(report.oodAnswered).toBeLessThanOrEqual(2.5)
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

test.each([
  ['third-unseen', { top1: 93, top3: 97, right: 55, wrong: 1.5, outside: 2.5 }],
  ['sixth-unseen', { top1: 95, top3: 98, right: 70, wrong: 2, outside: 2.5 }],
  ['eighth-unseen', { top1: 95, top3: 98, right: 48, wrong: 2, outside: 2.5 }],
] as const)('people are understood by the sample town, as it answers them (%s)', async (name, { top1, top3, right, wrong, outside }) => {
  const { rulebook } = await loadRulebook('config/bot')
  const set = read(name)
  const report = evaluateWith(insight(rulebook!), { ...set, queries: (set.queries ?? []).map((query) => ({ ...query, expect: `answer.${query.expect}` })) })
  expect(report.top1).toBeGreaterThanOrEqual(top1)
  expect(report.top3).toBeGreaterThanOrEqual(top3)
  expect(report.answeredRight).toBeGreaterThanOrEqual(right)
  expect(report.answeredWrong).toBeLessThanOrEqual(wrong)
  expect(report.oodAnswered).toBeLessThanOrEqual(outside)
})

test.each([
  ['violencia-domestica', ['ele bateu-me outra vez e tenho medo de voltar pra casa', 'apanho pancada do meu homem todos os dias', 'meu ex fica me perseguindo e disse que vai me matar', 'o meu filho agride-me e tira-me a reforma', 'levanta-me a mão quase todas as semanas e não tenho a quem me chegar', 'meu padrasto me bate']],
  ['emergencia', ['ha fumo a sair do 2o andar', 'tá pegando fogo no mato aqui perto de casa', 'esta tudo a arder ao pé das casas', 'houve um acidente na rotunda e ha feridos', 'cheira muito a gas aqui no predio', 'a minha cave está a encher, é água da chuva', 'caiu um fio electrico na rua', 'está um homem caído no passeio e não se mexe']],
] as const)('who is in danger finds the answer first, in whatever words (%s)', async (id, messages) => {
  const { rulebook } = await loadRulebook('config/bot')
  const { index } = insight(rulebook!)
  for (const message of messages) expect([message, understand(index, message, 'pt').candidates[0]?.id]).toEqual([message, `answer.${id}`])
})
