/** A text → its terms, each word or expression with everything that it may stand for, and what it wishes done. The same for messages and for the rulebook. */

import { type Branch, type Dictionary, isGlue, type Meanings } from './dictionary.ts'
import { clauseWeights } from './cues.ts'
import type { Concept } from './lexicon/concepts.ts'
import { type Word, words } from './normalise.ts'
import { placeNames } from './places.ts'
import type { Speller } from './spelling.ts'

/** What a term may stand for: `w:` the word, `s:` its family, `c:` a concept. */
export interface Sense {
  key: string
  strength: number
}

export interface Term {
  /** As it stands in the text, folded. */
  text: string
  /** Place in the text, in words. */
  at: number
  sentence: number
  /** 0 silent … 1 full. */
  weight: number
  /** How much this part of the message asks; about 1. */
  clause: number
  senses: Sense[]
  /** False when neither the rulebook nor the lexicon has this word. */
  known: boolean
  /** Where this is an expression: how many words it spans. */
  span: number
  repairedTo?: string
}

/** An act of the dictionary that is wished for: to end, to complain, to be paid back. */
export interface Wish {
  act: number
  at: number
  /** In a form that wishes: «alugar» and not «aluguei». */
  isWished: boolean
  /** Stands where the message asks, not where it tells. */
  isAsked: boolean
}

export interface Analysis {
  terms: Term[]
  wishes: Wish[]
  /** Every word, folded, in its place. */
  words: string[]
}

interface Expression extends Term {
  kind: Exclude<Concept['kind'], 'act'>
}

const sameWord = 1
const sameFamily = 0.72
const common = 0.65
const widestGap = 2
const mostGlue = 3
const longestExpression = 14
const mostWords = 600
const placeWeight = 0.35
/** Words of «carta de condução» or of «a atenção dispensada» say little on their own. */
const overshadowed = { elsewhere: 0.3, courtesy: 0 }

const covers = ({ at, span }: Term, term: Term) => term.at >= at && term.at < at + span

export function analyse(text: string, dictionary: Dictionary, speller?: Speller): Analysis {
  const list = words(text).slice(0, mostWords)
  const clauses = clauseWeights(list)
  const terms = list.map((word, at) => single(word, at, clauses[at] ?? 1, dictionary, speller))
  const expressions = expressionsIn(terms, dictionary)
  const wishes = wishesIn(terms, dictionary)
  for (const at of placeNames(list)) for (const term of terms.slice(at, at + 1)) term.weight *= placeWeight
  const municipal = expressions.filter(({ kind }) => kind === 'municipal')
  for (const { at, span, kind } of expressions) if (kind !== 'municipal') for (const term of terms.slice(at, at + span)) if (!municipal.some((other) => covers(other, term))) term.weight *= overshadowed[kind]
  return { terms: [...terms.filter(({ weight }) => weight > 0), ...expressions.filter(({ kind }) => kind !== 'courtesy')].sort((a, b) => a.at - b.at), wishes, words: list.map(({ text: word }) => word) }
}

const asks = 1

function wishesIn(terms: readonly Term[], { acts, morphology }: Dictionary): Wish[] {
  const wish = (concept: number, at: number, isWished: boolean): Wish => ({ act: concept, at, isWished, isAsked: (terms[at]?.clause ?? 0) >= asks })
  return [
    ...terms.flatMap(({ text, repairedTo: word = text, at }) => {
      const wished = acts.bySingular.get(morphology.singular(word))
      return (wished ?? acts.byStem.get(morphology.stem(word)) ?? []).map(({ concept }) => wish(concept, at, wished !== undefined))
    }),
    ...findExpressions(terms, acts, morphology).flatMap(({ start, meanings }) => meanings.map(({ concept }) => wish(concept, start, true))),
  ]
}

function expressionsIn(terms: readonly Term[], dictionary: Dictionary): Expression[] {
  const found = findExpressions(terms, dictionary, dictionary.morphology).map(({ start, end, meanings }) => expression(terms, start, end, meanings, dictionary.concepts))
  // «não se paga o IMI» says the opposite of the «paga o IMI» inside it.
  return found.filter((inner) => !found.some((outer) => outer !== inner && outer.kind === inner.kind && outer.span > inner.span && outer.at <= inner.at && outer.at + outer.span >= inner.at + inner.span))
}

function single({ text, sentence }: Word, at: number, clause: number, dictionary: Dictionary, speller: Speller | undefined): Term {
  const weight = /^\d+$/.test(text) || text.length < 2 ? 0 : dictionary.weight(text)
  const term: Term = { text, at, sentence, weight, clause, senses: [], known: true, span: 1 }
  if (weight === 0) return term
  term.senses = sensesOf(text, weight, dictionary)
  if (!speller || weight < 1) return term
  if (speller.knows(text) || term.senses.some(({ key }) => key.startsWith('c:'))) return term
  term.known = false
  const repair = speller.repair(text)
  if (!repair) return term
  term.repairedTo = repair.word
  term.weight = dictionary.weight(repair.word)
  term.senses = sensesOf(repair.word, term.weight, dictionary).map(({ key, strength }) => ({ key, strength: strength * repair.strength }))
  return term
}

function sensesOf(text: string, weight: number, { morphology, bySingular, byStem, concepts, isCommon }: Dictionary): Sense[] {
  const singular = morphology.singular(text)
  const stem = morphology.stem(text)
  const share = isCommon(singular) ? common : 1
  const senses: Sense[] = [
    { key: `w:${singular}`, strength: sameWord * share },
    { key: `s:${stem}`, strength: sameFamily * share },
  ]
  // «mês» is in no family with «mesas»: a word that says little means only what is written of it.
  const meanings = bySingular.get(singular) ?? (weight < 1 ? undefined : byStem.get(stem)) ?? []
  for (const { concept, strength } of meanings) senses.push({ key: `c:${concepts[concept]?.name}`, strength })
  return senses
}

/** Stems one after the other, over words that say little; the longest expression from each place. */
function findExpressions(terms: readonly Term[], { expressions, reversed }: Meanings, morphology: Dictionary['morphology']): { start: number; end: number; meanings: Branch['meanings'] }[] {
  const steps = terms.map(({ text, repairedTo }) => [morphology.stem(repairedTo ?? text), `=${morphology.singular(repairedTo ?? text)}`] as const)
  const from = (start: number, root: Branch, gaps: number) => {
    const next = (branch: Branch, at: number) => {
      const [stem = '', exact = ''] = steps[at] ?? []
      return branch.next.get(exact) ?? branch.next.get(stem)
    }
    let branch = next(root, start)
    let gap = 0
    let glued = 0
    let best: { branch: Branch; end: number } | undefined
    for (let at = start + 1; branch && at < terms.length && at - start < longestExpression; at += 1) {
      const term = terms[at]
      if (!term || term.sentence !== terms[start]?.sentence) break
      if (isGlue(term.text)) {
        if (++glued > mostGlue) break
        continue
      }
      const step: Branch | undefined = next(branch, at)
      if (step) {
        branch = step
        gap = 0
        glued = 0
        if (branch.meanings.length > 0) best = { branch, end: at }
      } else if (term.weight === 1 || ++gap > gaps) break
    }
    return best
  }
  return terms.flatMap((first, start) => {
    if (isGlue(first.text)) return []
    const best = from(start, expressions, widestGap) ?? from(start, reversed, 0)
    return best ? [{ start, end: best.end, meanings: best.branch.meanings }] : []
  })
}

function expression(terms: readonly Term[], at: number, end: number, meanings: Branch['meanings'], concepts: Dictionary['concepts']): Expression {
  return {
    text: terms.slice(at, end + 1).map(({ text }) => text).join(' '),
    at,
    sentence: terms[at]?.sentence ?? 0,
    weight: 1,
    clause: terms[end]?.clause ?? 1,
    senses: meanings.map(({ concept, strength }) => ({ key: `c:${concepts[concept]?.name}`, strength })),
    known: true,
    span: end - at + 1,
    kind: kindOf(meanings.map(({ concept }) => concepts[concept]?.kind ?? 'municipal')),
  }
}

const kindOf = (kinds: Concept['kind'][]): Expression['kind'] => (kinds.includes('municipal') ? 'municipal' : kinds.includes('elsewhere') ? 'elsewhere' : 'courtesy')
