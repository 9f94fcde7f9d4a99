/** A word → everything that it may stand for, whatever text it stands in. */

import { type Branch, type Dictionary, isGlue, type Meaning } from './dictionary.ts'
import { remembering } from './remembering.ts'
import type { Speller } from './spelling.ts'

/** What a term may stand for: `w:` the word, `s:` its family, `c:` a concept. */
export interface Sense {
  key: string
  strength: number
  /** Of the index; -1 where no answer has it. */
  feature: number
}

/** A word, in whatever text it stands. */
export interface Reading {
  weight: number
  senses: readonly Sense[]
  known: boolean
  repairedTo: string | undefined
  /** As steps of expressions: by its family, and as written. */
  stem: string
  exact: string
  isGlue: boolean
  /** Where it may be the first word of an expression. */
  opens: Record<Opening, Branch | undefined>
  acts: readonly { act: number; isWished: boolean }[]
}

/** How an expression begins: as it is, one of two words the other way round, an act. */
export type Opening = 'expression' | 'reversed' | 'act'

/** Reads texts towards one rulebook, or towards none yet. */
export interface Reader {
  dictionary: Dictionary
  read(word: string): Reading
  asSenses(meanings: readonly Meaning[]): Sense[]
}

const sameWord = 1
const sameFamily = 0.72
const common = 0.65
const mostRead = 10_000

/** What a word means is worked out once: people use few words, again and again. */
export function reader(dictionary: Dictionary, features: ReadonlyMap<string, number> = new Map(), speller?: Speller): Reader {
  const { morphology, acts } = dictionary
  const sense = (key: string, strength: number): Sense => ({ key, strength, feature: features.get(key) ?? -1 })
  const concept = (meaning: Meaning) => sense(`c:${dictionary.concepts[meaning.concept]?.name}`, meaning.strength)

  function sensesOf(text: string, weight: number): Sense[] {
    const singular = morphology.singular(text)
    const stem = morphology.stem(text)
    const share = dictionary.isCommon(singular) ? common : 1
    // «mês» is in no family with «mesas»: a word that says little means only what is written of it.
    const meanings = dictionary.bySingular.get(singular) ?? (weight < 1 ? undefined : dictionary.byStem.get(stem)) ?? []
    return [sense(`w:${singular}`, sameWord * share), sense(`s:${stem}`, sameFamily * share), ...meanings.map(concept)]
  }

  function understood(text: string): Pick<Reading, 'weight' | 'senses' | 'known' | 'repairedTo'> {
    const weight = /^\d+$/.test(text) || text.length < 2 ? 0 : dictionary.weight(text)
    const senses = weight === 0 ? [] : sensesOf(text, weight)
    const own = { weight, senses, known: true, repairedTo: undefined }
    if (!speller || weight < 1 || speller.knows(text) || senses.some(({ key }) => key.startsWith('c:'))) return own
    const repair = speller.repair(text)
    if (!repair) return { ...own, known: false }
    const { word, strength: trust } = repair
    const repaired = dictionary.weight(word)
    return { weight: repaired, senses: sensesOf(word, repaired).map((each) => ({ ...each, strength: each.strength * trust })), known: false, repairedTo: word }
  }

  function read(text: string): Reading {
    const own = understood(text)
    const { repairedTo: word = text } = own
    const [singular, stem] = [morphology.singular(word), morphology.stem(word)]
    const steps = { stem, exact: `=${singular}` }
    const wished = acts.bySingular.get(singular)
    const meant = wished ?? acts.byStem.get(stem) ?? []
    const opens = { expression: follow(dictionary.expressions, steps), reversed: follow(dictionary.reversed, steps), act: follow(acts.expressions, steps) }
    return { ...own, ...steps, isGlue: isGlue(text), opens, acts: meant.map(({ concept: act }) => ({ act, isWished: wished !== undefined })) }
  }
  return { dictionary, read: remembering(read, mostRead), asSenses: (meanings) => meanings.map(concept) }
}

export const follow = ({ next }: Branch, { exact, stem }: Pick<Reading, 'exact' | 'stem'>) => next.get(exact) ?? next.get(stem)
