/** The same words must not mean two things; and every answer must be found by its own question. */

import type { Language } from '../../core/model.ts'
import type { Check } from '../rulebook.ts'
import { phrasesIn, textIn } from '../shape/text.ts'
import { entries, insight, phraseKey } from '../insight.ts'
import { findManner } from '../understand/manners.ts'
import { understand } from '../understand/understand.ts'

export const checkPhrases: Check = (book, report) => {
  const [first] = book.languages
  const owners = new Map<string, string>()
  const claim = (path: (string | number)[], owner: string, language: Language, phrase: string) => {
    const key = phraseKey(language, phrase)
    const other = owners.get(key)
    if (other !== undefined && other !== owner) report(path, `«${phrase}» also belongs to ${other}`)
    owners.set(key, owner)
  }
  for (const language of book.languages) {
    for (const [id, command] of Object.entries(book.commands)) {
      for (const phrase of phrasesIn(command.phrases, language, first))
        claim(['commands', id, 'phrases'], `command.${id}`, language, phrase)
    }
    for (const { ref, path, source } of entries(book)) {
      const question = source.question && textIn(source.question, language)
      if (question) claim([...path, 'question'], ref, language, question)
      for (const phrase of phrasesIn(source.keywords, language, first))
        claim([...path, 'keywords'], ref, language, phrase)
      for (const phrase of phrasesIn(source.examples, language, first))
        claim([...path, 'examples'], ref, language, phrase)
    }
  }
  const { index, manners } = insight(book)
  for (const { ref, path, source } of entries(book)) {
    const question = source.question && textIn(source.question, first)
    if (!question) continue
    const stolen = findManner(question, manners)
    if (stolen) {
      report([...path, 'question'], `cannot be reached: «${question}» is taken as the command ${stolen.name}`)
      continue
    }
    // Word for word it is found anyway; what the engine makes of it says how near the two answers are.
    const [best] = understand(index, question, first).candidates
    if (best && best.id !== ref)
      report(
        [...path, 'question'],
        `«${question}» is understood as ${best.id}: add keywords, or make them differ`,
        'warning',
      )
    if (phrasesIn(source.keywords, first, first).length === 0) {
      report(path, 'has no keywords: people will rarely find it', 'warning')
    }
  }
}
