/** Why the bot would say what it says to a text. */

import type { Language } from '../../core/model.ts'
import { insight, phraseKey } from '../insight.ts'
import type { Rulebook } from '../rulebook.ts'
import { detectLanguage } from '../understand/language.ts'
import { findManner } from '../understand/manners.ts'
import { understand, type Understanding } from '../understand/understand.ts'

export interface Explanation {
  language: Language
  /** A command or a manner: it wins over every answer. */
  manner: { name: string; phrase: string } | undefined
  /** The answer that has this very sentence. */
  sentence: string | undefined
  understanding: Understanding
}

export function explain(book: Rulebook, text: string, language: Language = book.languages[0]): Explanation {
  const { index, manners, sentences } = insight(book)
  const spoken = detectLanguage(text, language, book.languages)
  const manner = findManner(text, manners)
  return {
    language: spoken,
    manner: manner && { name: manner.name, phrase: manner.phrase },
    sentence: sentences.get(phraseKey(spoken, text)),
    understanding: understand(index, text, spoken),
  }
}

const heldBy = {
  'one-word': 'a single word would be the whole reason',
  'two-alike': 'another answer is nearly as good',
  'other-act': 'something else is wished for than the answer is about: to end, to complain, to know how it stands',
  'other-ask': 'it asks how much, how long, when or why, and neither the answer nor its examples tell',
} satisfies Record<NonNullable<Understanding['held']>, string>

export function asLines({ language, manner, sentence, understanding }: Explanation): string[] {
  const { zone, candidates, repairs, held } = understanding
  return [
    `language    ${language}`,
    `command     ${manner ? `${manner.name} («${manner.phrase}»): wins over what is below` : 'none'}`,
    ...(sentence ? [`sentence    ${sentence} has it word for word`] : []),
    `zone        ${zone}`,
    ...(zone === 'suggest' && held ? [`not at once ${heldBy[held]}`] : []),
    ...repairs.map(({ from, to }) => `read        «${from}» as «${to}»`),
    ...candidates
      .slice(0, 5)
      .flatMap((each) => [`${each.score.toFixed(2).padEnd(12)}${each.id}`, `            ${each.why()}`]),
  ]
}
