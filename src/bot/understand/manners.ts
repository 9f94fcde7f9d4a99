/** What people say that is no question: greeting, thanks, yes, no, insults, «are you a robot», and the commands that win everywhere. */

import { type Manner, manners } from './lexicon/manners-phrases.ts'
import { compilePhrases, type Labelled, matchPhrases, type PhraseIndex, type PhraseMatch } from './phrases.ts'

export type { Manner } from './lexicon/manners-phrases.ts'

export interface MannersIndex<Name extends string = Manner> {
  phrases: PhraseIndex<Name>
  order: ReadonlyMap<Name, number>
}

/** `own`: the rulebook's phrases, for these names or for its own commands. Its own commands win over manners of the same length. */
export function buildManners<Name extends string = Manner>(own: readonly Labelled<Name>[] = []): MannersIndex<Name | Manner> {
  const all: Labelled<Name | Manner>[] = [...own, ...manners]
  const known = manners.map(({ name }): Name | Manner => name)
  const names = [...own.map(({ name }) => name).filter((name) => !known.includes(name)), ...known]
  return { phrases: compilePhrases(all), order: new Map([...new Set(names)].map((name, at) => [name, at])) }
}

/** Manners that may stand before anything else that was said. */
const lightest = ['greet', 'bye']

/** What the message does, if it does nothing else: the strongest of what was said. */
export function findManner<Name extends string>(text: string, { phrases, order }: MannersIndex<Name>): PhraseMatch<Name> | undefined {
  const matches = matchPhrases(text, phrases)
  const asksOnly = /\?\s*$/.test(text)
  const rank = ({ name, length }: PhraseMatch<Name>) => (lightest.includes(name) ? 1000 : 0) + (order.get(name) ?? 99) - length / 100
  return matches.filter(({ name }) => !(name === 'thanks' && asksOnly)).sort((a, b) => rank(a) - rank(b))[0]
}
