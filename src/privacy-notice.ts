/** What a citizen is told of their data with the first answer, on channels where no link can stand beside the composer. */

import type { Config } from './config.ts'
import type { Content, Language } from './core/model.ts'

const texts: Record<Language, (municipality: string, url: string) => string> = {
  pt: (municipality, url) => `${municipality} trata os dados que aqui escrever só para lhe responder. Como os guardamos e que direitos tem: ${url}`,
  en: (municipality, url) => `${municipality} uses what you write here only to answer you. How we keep it and what your rights are: ${url}`,
  es: (municipality, url) => `${municipality} usa lo que escriba aquí solo para responderle. Cómo lo guardamos y qué derechos tiene: ${url}`,
  fr: (municipality, url) => `${municipality} n’utilise ce que vous écrivez ici que pour vous répondre. Conservation et droits : ${url}`,
}

/** null: the town has not said where its notice stands. */
export function noticeOf({ municipality: { name, privacy } }: Pick<Config, 'municipality'>, language: Language): { content: Content; version: string } | null {
  return privacy.noticeUrl ? { content: { text: texts[language](name, privacy.noticeUrl) }, version: privacy.noticeVersion } : null
}
