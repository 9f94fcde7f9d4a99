/** What the bot did and thought, as the inbox shows it. */

import type { Rulebook } from '../bot/rulebook.ts'
import type { Explanation } from '../bot/tools/explain.ts'
import type { Scene } from '../bot/tools/simulate.ts'
import type { TriedTurn, TrialTurn as Wanted } from '../bot/tools/trial.ts'
import type { Capabilities } from '../core/channel.ts'
import { fit } from '../core/fit.ts'
import type { BotInput, Content, Language } from '../core/model.ts'
import type { BotCatalogue, MissGroup, Trial, TrialInput, TrialRequest, TrialTurn, TrialWhy } from '../operator-api.types.ts'

const shownCandidates = 5

/** The modules of the bot are read only when somebody asks for this. */
export async function missJudge(book: Rulebook | undefined): Promise<(text: string, language: Language) => Pick<MissGroup, 'nearest' | 'answered'>> {
  if (!book) return () => ({ nearest: [], answered: null })
  const { explain } = await import('../bot/tools/explain.ts')
  return (text, language) => {
    const explanation = explain(book, text, language)
    return { nearest: explanation.understanding.candidates.slice(0, 3).map(({ id }) => id), answered: outcomeOf(explanation) }
  }
}

/** What is said at once; null where the bot asks back, or a command wins. */
export function outcomeOf({ manner, sentence, understanding: { zone, candidates } }: Explanation): string | null {
  if (manner) return null
  return sentence ?? (zone === 'answer' ? candidates[0]?.id ?? null : null)
}

export async function catalogueOf(book: Rulebook): Promise<Pick<BotCatalogue, 'languages' | 'timezone' | 'answers' | 'topics'>> {
  const { entries } = await import('../bot/insight.ts')
  return {
    languages: book.languages.map((language) => ({ language, full: !book.partial.includes(language) })),
    timezone: book.town.timezone,
    answers: entries(book).map(({ ref, path: [section, id], source: { question } }) => ({
      ref, question: typeof question === 'string' ? { [book.languages[0]]: question } : { ...question }, topic: book[section][id]?.topic ?? null,
    })),
    topics: [...new Set([...Object.keys(book.topics), ...Object.values(book.answers).flatMap(({ topic }) => topic ?? [])])].toSorted(),
  }
}

export interface Stage {
  departments: Scene['departments']
  can: Capabilities
  /** What a new citizen is told of their data, before anything else. */
  notice: Content | null
}

export async function tryOn(book: Rulebook, { kind, at, language, turns }: TrialRequest, { departments, can, notice }: Stage): Promise<Trial> {
  const [{ tryOut }, { wallTime }, { writeTranscript }] = await Promise.all([
    import('../bot/tools/trial.ts'), import('../bot/tools/simulate.ts'), import('../bot/tools/write-transcript.ts'),
  ])
  const scene: Scene = {
    channel: kind, choices: can.choices !== null, language, now: wallTime(at, book.town.timezone), departments,
    citizen: { name: null, attributes: {}, isNew: true },
  }
  const tried = tryOut(book, scene, turns.map(({ input, after }): Wanted => ({ input: inputOf(input), after })))
  const first = tried.findIndex(({ input }) => input.type === 'message')
  return {
    turns: tried.map((turn, n) => presentTurn(turn, can, n === first ? notice : null)),
    transcript: tried.length === 0 ? '' : writeTranscript(book, scene, at, tried),
  }
}

function inputOf(input: TrialInput): BotInput {
  if ('text' in input) return { type: 'message', content: { text: input.text } }
  if ('press' in input) return { type: 'message', content: { text: input.label, chosen: input.press } }
  // By which request, the trial knows.
  if ('result' in input) return { type: 'result', id: '', ok: input.result, status: input.result ? 200 : 503, body: {} }
  return { type: 'start' }
}

function presentTurn({ at, actions, reached, why, isSilent }: TriedTurn, can: Capabilities, notice: Content | null): TrialTurn {
  const said = [...(notice ? [notice] : []), ...actions.flatMap((action) => (action.do === 'say' ? [action.content] : []))]
  return {
    at: at.toISOString(),
    parts: said.flatMap((content) => fit(content, can, ({ name, source }) => name ?? source)).map(({ text, choices = [] }) => ({ text, choices })),
    done: actions.filter((action) => action.do !== 'say'),
    silent: isSilent,
    why: whyOf(why, reached),
  }
}

function whyOf(why: Explanation | undefined, reached: string[]): TrialWhy | null {
  if (!why) return reached.length === 0 ? null : { language: 'pt', reached, command: null, sentence: null, zone: 'none', repairs: [], candidates: [] }
  const { language, manner, sentence, understanding: { zone, repairs, candidates } } = why
  return {
    language, reached, command: manner ?? null, sentence: sentence ?? null, zone, repairs,
    candidates: candidates.slice(0, shownCandidates).map(({ id, score, phrase, matched }) => ({ ref: id, score, phrase, matched: [...new Set(matched().map(({ term }) => term))] })),
  }
}
