/** Why the bot would say what it says to a text. */

import type { Language } from '../../core/model.ts'
import { insight } from '../insight.ts'
import type { Rulebook } from '../rulebook.ts'
import { detectLanguage } from '../understand/language.ts'
import { findManner } from '../understand/manners.ts'
import { understand, type Understanding } from '../understand/understand.ts'

export interface Explanation {
  language: Language
  /** A command or a manner: it wins over every answer. */
  manner: { name: string; phrase: string } | undefined
  understanding: Understanding
}

export function explain(book: Rulebook, text: string, language: Language = book.languages[0]): Explanation {
  const { index, manners } = insight(book)
  const spoken = detectLanguage(text, language, book.languages)
  const manner = findManner(text, manners)
  return {
    language: spoken,
    manner: manner && { name: manner.name, phrase: manner.phrase },
    understanding: understand(index, text, spoken),
  }
}

export function asLines({ language, manner, understanding }: Explanation): string[] {
  const { zone, candidates, repairs } = understanding
  return [
    `language    ${language}`,
    `command     ${manner ? `${manner.name} («${manner.phrase}»): wins over what is below` : 'none'}`,
    `zone        ${zone}`,
    ...repairs.map(({ from, to }) => `read        «${from}» as «${to}»`),
    ...candidates
      .slice(0, 5)
      .flatMap((each) => [`${each.score.toFixed(2).padEnd(12)}${each.id}`, `            ${each.why}`]),
  ]
}
