/** Words → what they may mean: the lexicon of a language, made ready for look-ups. */

import type { Language } from '../../core/model.ts'
import { type Concept, portugueseActs, portugueseConcepts } from './lexicon/concepts.ts'
import { faint, silentIn } from './lexicon/stop-words.ts'
import { fold } from './normalise.ts'
import type { Pieces } from './pieces.ts'
import { type Morphology, morphology } from './stem.ts'

export interface Meaning {
  concept: number
  strength: number
}

/** Expressions of several words, one stem after the other. */
export interface Branch {
  next: Map<string, Branch>
  meanings: Meaning[]
}

/** A lexicon made ready: single words, their families, and expressions. */
export interface Meanings {
  bySingular: ReadonlyMap<string, Meaning[]>
  byStem: ReadonlyMap<string, Meaning[]>
  expressions: Branch
  /** Expressions of two words the other way round: only side by side. */
  reversed: Branch
}

export interface Dictionary extends Meanings {
  morphology: Morphology
  concepts: readonly Pick<Concept, 'name' | 'kind' | 'isCommon'>[]
  /** What is wanted, beside the thing it is wanted of. */
  acts: Meanings & { names: readonly string[] }
  /** 0: says nothing; below 1: says little; 1: says what it says. */
  weight(word: string): number
  /** Words that say nothing or little, long enough to be misspelt. */
  small: string[]
  /** True for a word of acts and things that go with many answers: pay, licence, price, school. */
  isCommon(singular: string): boolean
}

const faintWeight = 0.3
const familyStrength = 0.8
const commonStrength = 0.6
const reversedStrength = 0.8

/** Articles, prepositions and pronouns: expressions are compared without them. */
const glue = new Set('o a os as um uma uns umas ao aos de do da dos das em no na nos nas num numa pelo pela e que se me te lhe lhes nos vos meu minha meus minhas teu tua seu sua seus suas nosso nossa nossos nossas vosso vossa este esta estes estas esse essa aquele aquela isto isso l d s t n'.split(' '))

export const isGlue = (word: string) => glue.has(word)

export function* dictionary(language: Language, synonyms: readonly (readonly string[])[] = []): Pieces<Dictionary> {
  const own: Concept[] = synonyms.map((group, at) => ({
    name: `synonyms-${at + 1}`,
    kind: 'municipal',
    isCommon: false,
    entries: group.map((phrase) => ({ words: phrase.split(/[\s-]+/), exact: false, strength: 1 })),
  }))
  const concepts = language === 'pt' ? [...portugueseConcepts, ...own] : own
  const { singular, stem } = morphology[language]
  const silent = silentIn[language]
  const weight = (word: string) => (silent.has(word) ? 0 : language === 'pt' && faint.has(word) ? faintWeight : 1)
  const known = { singular, stem, weight }
  const meanings = yield* compile(concepts, known)
  const wishes = language === 'pt' ? portugueseActs : []
  const acts = { ...(yield* compile(wishes, known)), names: wishes.map(({ name }) => name) }
  const small = [...silent, ...(language === 'pt' ? faint : [])].filter((word) => word.length > 4)
  const isCommon = (word: string) => {
    const own = meanings.bySingular.get(word) ?? []
    return own.some(({ strength }) => strength >= commonStrength) && own.every(({ strength, concept }) => concepts[concept]?.isCommon || strength < commonStrength)
  }
  return { morphology: { singular, stem }, concepts, ...meanings, acts, weight, isCommon, small }
}

function* compile(concepts: readonly Concept[], { singular, stem, weight }: Morphology & Pick<Dictionary, 'weight'>): Pieces<Meanings> {
  const bySingular = new Map<string, Meaning[]>()
  const byStem = new Map<string, Meaning[]>()
  const expressions: Branch = { next: new Map(), meanings: [] }
  const reversed: Branch = { next: new Map(), meanings: [] }
  for (const [concept, { entries, kind }] of concepts.entries()) {
    for (const { words, exact, strength } of entries) {
      const kept = words.map(fold).filter((word) => word !== '' && !glue.has(word))
      const [first, second] = kept.map((word) => word.replace('=', ''))
      if (first === undefined) continue
      if (second !== undefined) {
        const path = kept.map((word) => (word.startsWith('=') ? `=${singular(word.slice(1))}` : stem(word)))
        plant(expressions, path, { concept, strength })
        if (path.length === 2 && kind !== 'act' && kept.every((word) => weight(word.replace('=', '')) === 1)) plant(reversed, path.toReversed(), { concept, strength: strength * reversedStrength })
      } else if (words.length === 1 || (kind === 'municipal' && weight(first) === 1)) {
        add(bySingular, singular(first), { concept, strength })
        if (!exact) add(byStem, stem(first), { concept, strength: strength * familyStrength })
      }
    }
    yield
  }
  return { bySingular, byStem, expressions, reversed }
}

function plant(root: Branch, path: string[], meaning: Meaning): void {
  let branch = root
  for (const step of path) {
    let next = branch.next.get(step)
    if (!next) branch.next.set(step, (next = { next: new Map(), meanings: [] }))
    branch = next
  }
  strengthen(branch.meanings, meaning)
}

function add(map: Map<string, Meaning[]>, key: string, meaning: Meaning): void {
  const known = map.get(key)
  if (known) strengthen(known, meaning)
  else map.set(key, [meaning])
}

function strengthen(meanings: Meaning[], meaning: Meaning): void {
  const same = meanings.find(({ concept }) => concept === meaning.concept)
  if (!same) meanings.push({ ...meaning })
  else same.strength = Math.max(same.strength, meaning.strength)
}
