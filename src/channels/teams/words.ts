/** What stands on a card beside what the bot or an operator says, in the language of the citizen's own Teams. */

import type { Words } from '../../core/channel.ts'
import type { Reference } from './sender.ts'

const all = {
  open: { pt: 'Abrir', en: 'Open' },
  choose: { pt: 'Escolha', en: 'Choose' },
  send: { pt: 'Enviar', en: 'Send' },
  offered: { pt: 'Ficheiro para si. Se o aceitar, fica guardado no seu OneDrive.', en: 'A file for you. If you accept it, it is kept in your OneDrive.' },
  notKept: { pt: 'O ficheiro não ficou no OneDrive. Pode abri-lo aqui:', en: 'The file is not in OneDrive. You can open it here:' },
  missing: { pt: 'Falta a resposta.', en: 'The answer is missing.' },
} satisfies Record<string, Words>

export type CardWords = Record<keyof typeof all, string>

const inLanguage = (language: keyof Words) =>
  Object.fromEntries(Object.entries(all).map(([name, said]) => [name, said[language]])) as CardWords
const pt = inLanguage('pt')
const en = inLanguage('en')

export const wordsFor = (reference: Reference | undefined): CardWords =>
  reference?.locale === undefined || /^pt\b/i.test(reference.locale) ? pt : en
