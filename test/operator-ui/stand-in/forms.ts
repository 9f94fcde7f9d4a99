/** The forms of the sample rulebook, read by the bot itself. */

import { readdirSync, readFileSync } from 'node:fs'
import { formsFor, readGiven } from '../../../src/bot/form-given.ts'
import { readRulebook } from '../../../src/bot/rulebook.ts'
import type { BotContext, Content } from '../../../src/core/model.ts'
import type { FormOffer, FormReading, GivenAnswers } from '../../../src/operator-api.types.ts'

const folder = new URL('../../../config/bot/', import.meta.url)
const book = readRulebook(readdirSync(folder).filter((name) => name.endsWith('.yaml')).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }))).rulebook!
const context: BotContext = {
  now: new Date(), channel: { id: 'whatsapp', kind: 'whatsapp', choices: true }, language: 'pt', citizen: { name: null, attributes: {}, isNew: false },
  reference: 'VFM-2026-012001', department: null, departments: [],
}

export const forms = (language: string): FormOffer[] => formsFor(book, context, language === 'en' ? 'en' : 'pt')

export function readForm(id: string, given: GivenAnswers, language: string): FormReading | undefined {
  const contents = Object.fromEntries(Object.entries(given).map(([step, { text = '', chosen, files }]): [string, Content] => (
    [step, { text, ...(chosen !== undefined && { chosen }), ...(files && { attachments: files }) }])))
  const steps = readGiven(book, id, contents, context, language === 'en' ? 'en' : 'pt')
  return steps && { steps, complete: steps.every(({ optional, shown, problem }) => problem === null && (optional || shown !== null)), sent: [] }
}
