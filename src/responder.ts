/** The bot of this town: its rulebook read, checked, tried on its own transcripts, and only then spoken by. */

import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Config } from './config.ts'
import type { FormOffer, StepGiven } from './bot/form-given.ts'
import { readSources } from './bot/sources.ts'
import type { BotContext, BotInput, BotState, Content, DepartmentId, Language, Responder } from './core/model.ts'
import { surveyTexts } from './core/survey.ts'
import { keptRulebook } from './kept-rulebook.ts'
import type { SurveyTexts } from './core/town.ts'
import type { ReloadFiles } from './bot/reload.ts'
import type { Rulebook, Surroundings } from './bot/rulebook.ts'
import type { LinkView, Session } from './operator-api.types.ts'

export interface TownBot {
  respond: Responder
  /** Makes ready what the first answer would otherwise wait for. */
  warm(): Promise<void>
  survey: SurveyTexts
  rulebook: Rulebook | undefined
  links: LinkView[]
  topics: Session['topics']
  forms: TownForms | undefined
}
/** What an operator may fill together with a citizen. */
export interface TownForms {
  offered(context: BotContext, reader: Language): FormOffer[]
  read(id: string, given: Record<string, Content>, context: BotContext, reader: Language): StepGiven[] | undefined
}

/** Everybody goes straight to people. */
export const withoutRulebook: TownBot = { respond: toPeople, async warm() {}, survey: surveyTexts, rulebook: undefined, links: [], topics: {}, forms: undefined }

/** What the rulebook is made of, as it stands on the disk now. */
export async function rulebookFiles({ bot, departments, connections }: Config): Promise<{ files: ReloadFiles; surroundings: Surroundings }> {
  // A town's own transcripts lie beside its rulebook.
  const tests = path.join(bot.folder, 'transcripts')
  return {
    files: { rulebook: (await readSources(bot.folder)).filter(({ name }) => !name.startsWith(tests)), transcripts: existsSync(tests) ? await readSources(tests) : [] },
    surroundings: { departments: departments.map(({ id }) => id), connections: Object.keys(connections) },
  }
}

/** Throws with every reason when the rulebook will not do; the caller goes on with the one before. */
export async function readBot(config: Config, before: Rulebook | undefined): Promise<TownBot> {
  const { bot, data } = config
  if (!bot.enabled) return withoutRulebook
  const [{ createResponder }, { gainInsight }, { formsFor, readGiven }, { files, surroundings }] = await Promise.all([
    import('./bot/respond.ts'), import('./bot/insight.ts'), import('./bot/form-given.ts'), rulebookFiles(config),
  ])
  const kept = keptRulebook(data, [files, surroundings])
  const known = before ? undefined : await kept.take()
  // What reads and tries a rulebook is loaded where there is one to read.
  const { rulebook, isNew, reasons } = known ? { rulebook: known, isNew: false, reasons: [] } : (await import('./bot/reload.ts')).reload(before, files, surroundings)
  if (!rulebook || (!isNew && reasons.length > 0)) throw new Error(reasons.join('\n') || `there is no rulebook in ${bot.folder}`)
  if (isNew) await kept.keep(rulebook)
  let made: Responder | undefined
  const responder = () => (made ??= createResponder(rulebook))
  const forms: TownForms = {
    offered: (context, reader) => formsFor(rulebook, context, reader),
    read: (id, given, context, reader) => readGiven(rulebook, id, given, context, reader),
  }
  return { respond: (...said) => responder()(...said), warm: () => gainInsight(rulebook), survey: surveyOf(rulebook), rulebook, links: linksOf(rulebook), topics: topicsOf(rulebook), forms }
}

function toPeople(state: BotState, _input: BotInput): { actions: [{ do: 'hand-off'; reason: 'rule' }]; state: BotState } {
  return { actions: [{ do: 'hand-off', reason: 'rule' }], state }
}

function linksOf({ links }: Rulebook): LinkView[] {
  return Object.entries(links).map(([id, { label, url, topic }]) => ({ id, url, kind: 'page', label: bothOf(label, id), ...(topic !== undefined && { topic }) }))
}

function topicsOf({ topics }: Rulebook): Session['topics'] {
  return Object.fromEntries(Object.entries(topics).map(([id, name]) => [id, bothOf(name, id)]))
}

/** In the two languages of the inbox. */
function bothOf(label: unknown, id: string): { pt: string; en: string } {
  const word = (language: Language) => (typeof label === 'string' ? label : (label as Partial<Record<Language, string>>)[language])
  return { pt: word('pt') ?? id, en: word('en') ?? word('pt') ?? id }
}

/** The town's own words where it has some; what they mean is understood in the same way. */
function surveyOf({ survey }: Rulebook): SurveyTexts {
  if (!survey) return surveyTexts
  const words = (given: unknown, language: Language): string | undefined => {
    const text = typeof given === 'string' ? given : (given as Partial<Record<Language, string>> | undefined)?.[language]
    // A town's variables make no sense after the end: such a text is not used.
    return text && !text.includes('{{') ? text : undefined
  }
  const own = (key: 'ask' | 'comment' | 'thanks', department: DepartmentId | null, language: Language) => (
    words(department === null ? undefined : survey.departments[department]?.[key], language) ?? words(survey[key], language))
  const reworded = (content: Content | null, text: string | undefined): Content | null => content && (text === undefined ? content : { ...content, text })
  return {
    lifeMs: Number(survey.expiresAfter.slice(0, -1)) * (survey.expiresAfter.endsWith('d') ? 86_400_000 : 3_600_000),
    ask(language, department, subject) {
      const content = surveyTexts.ask(language, department, subject)
      return subject === 'call' ? content : reworded(content, own('ask', department, language))!
    },
    understand(content, asked, language, department) {
      const answer = surveyTexts.understand(content, asked, language, department)
      if (!answer) return undefined
      return { ...answer, reply: reworded(answer.reply, own(answer.type === 'score' ? 'comment' : 'thanks', department, language)) } as typeof answer
    },
  }
}
