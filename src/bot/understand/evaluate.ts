/** A set of messages with the answers that they want → how well the engine does. Percentages with one decimal, and milliseconds. */

import type { Language } from '../../core/model.ts'
import { type AnswerIndex, type AnswerSource, buildIndex, type Options } from './build.ts'
import { buildManners, findManner, type MannersIndex } from './manners.ts'
import { understand } from './understand.ts'

export interface EvaluationFaq {
  id: string
  question: string
  answer?: string
  keywords?: readonly string[]
  examples?: readonly string[]
}

export interface EvaluationSet {
  faqs?: readonly EvaluationFaq[]
  queries?: readonly { id?: string; text: string; expect: string; kind?: string }[]
  ood?: readonly { id?: string; text: string; kind?: string }[]
  commands?: readonly { text: string; expect: string }[]
}

export interface Figures {
  top1: number
  top3: number
  answeredRight: number
  answeredWrong: number
  suggestedRight: number
  suggestedWrong: number
  fallback: number
}

export interface Report extends Figures {
  oodAnswered: number
  commandsRight: number
  msPerTurnP95: number
  msPerTurnP50: number
  /** Questions that a command took away, of all questions. They count as answered wrongly. */
  stolenByCommand: number
  counts: { answers: number; queries: number; ood: number; commands: number }
  kinds: Record<string, Figures & { queries: number }>
}

const warmUp = 400
const measured = 400

type Outcome = { kind: string; rank: number; zone: 'answer' | 'suggest' | 'none'; stolen: boolean }

export function asAnswers(faqs: readonly EvaluationFaq[], language: Language = 'pt'): AnswerSource[] {
  return faqs.map(({ id, question, answer, keywords = [], examples = [] }) => ({
    id,
    phrases: { [language]: { question, keywords, examples, ...(answer === undefined ? {} : { text: answer }) } },
  }))
}

export function evaluate(set: EvaluationSet, faqs: readonly EvaluationFaq[] = set.faqs ?? [], options: Partial<Options> = {}): Report {
  return evaluateWith({ index: buildIndex(asAnswers(faqs), options), manners: buildManners() }, set)
}

/** `now` is only for the milliseconds; the rest does not know the time. */
export function evaluateWith<Name extends string>({ index, manners }: { index: AnswerIndex; manners: MannersIndex<Name> }, set: EvaluationSet, now = () => performance.now()): Report {
  const { queries = [], ood = [], commands = [] } = set
  const times: number[] = []
  const turn = (text: string) => {
    const start = now()
    const manner = findManner(text, manners)
    const understood = manner ? undefined : understand(index, text, 'pt')
    times.push(now() - start)
    return understood
  }
  // The first turns are the compiler's; the figures are those of a gateway that has been up for a minute.
  for (let turns = 0; queries.length > 0 && turns < warmUp; turns += queries.length) for (const { text } of queries) turn(text)
  times.length = 0
  for (let turns = 0; queries.length > 0 && turns < measured; turns += queries.length) for (const { text } of queries) turn(text)
  times.sort((a, b) => a - b)
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)]

  const outcomes = queries.map(({ text, expect, kind = 'all' }): Outcome => {
    const understood = turn(text)
    if (!understood) return { kind, rank: -1, zone: 'answer', stolen: true }
    return { kind, rank: understood.candidates.findIndex(({ id }) => id === expect), zone: understood.zone, stolen: false }
  })
  const oodAnswered = ood.filter(({ text }) => turn(text)?.zone === 'answer').length
  const commandsRight = commands.filter(({ text, expect }) => findManner(text, manners)?.name === expect).length
  const kinds = [...new Set(outcomes.map(({ kind }) => kind))].sort()
  const of = (kind: string) => outcomes.filter((outcome) => outcome.kind === kind)
  return {
    ...figures(outcomes, index.options.maxSuggestions),
    oodAnswered: percent(oodAnswered, ood.length),
    commandsRight: commands.length === 0 ? 100 : percent(commandsRight, commands.length),
    msPerTurnP95: p95,
    msPerTurnP50: p50,
    stolenByCommand: percent(outcomes.filter(({ stolen }) => stolen).length, outcomes.length),
    counts: { answers: index.languages.pt?.ids.length ?? 0, queries: queries.length, ood: ood.length, commands: commands.length },
    kinds: Object.fromEntries(kinds.map((kind) => [kind, { queries: of(kind).length, ...figures(of(kind), index.options.maxSuggestions) }])),
  }
}

function figures(outcomes: readonly Outcome[], suggestions: number): Figures {
  const share = (claim: (outcome: Outcome) => boolean) => percent(outcomes.filter(claim).length, outcomes.length)
  const among = (rank: number, first: number) => rank >= 0 && rank < first
  return {
    top1: share(({ rank }) => rank === 0),
    top3: share(({ rank }) => among(rank, 3)),
    answeredRight: share(({ zone, rank }) => zone === 'answer' && rank === 0),
    answeredWrong: share(({ zone, rank }) => zone === 'answer' && rank !== 0),
    suggestedRight: share(({ zone, rank }) => zone === 'suggest' && among(rank, suggestions)),
    suggestedWrong: share(({ zone, rank }) => zone === 'suggest' && !among(rank, suggestions)),
    fallback: share(({ zone }) => zone === 'none'),
  }
}

/** Of nothing, nothing is wrong: an empty list of commands is 100 % right, an empty list of outside questions 0 % answered. */
const percent = (count: number, of: number) => (of === 0 ? 0 : Math.round((1000 * count) / of) / 10)

const quantile = (sorted: readonly number[], part: number) => Math.round(1000 * (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)) / 1000
