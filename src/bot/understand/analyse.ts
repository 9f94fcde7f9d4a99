/** A text → its terms, each word or expression with everything that it may stand for, and what it wishes done. The same for messages and for the rulebook. */

import { type Ask, asksOf } from './asks.ts'
import { clauseWeights } from './cues.ts'
import type { Branch } from './dictionary.ts'
import type { Concept } from './lexicon/concepts.ts'
import { words } from './normalise.ts'
import { placeNames } from './places.ts'
import { follow, type Opening, type Reader, type Reading, type Sense } from './reading.ts'

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
  senses: readonly Sense[]
  /** False when neither the rulebook nor the lexicon has this word. */
  known: boolean
  /** Where this is an expression: how many words it spans. */
  span: number
  repairedTo?: string | undefined
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
  /** What it asks to be told. */
  asks: ReadonlySet<Ask>
  /** Every word, folded, in its place. */
  words: string[]
}

interface Expression extends Term {
  kind: Exclude<Concept['kind'], 'act'>
}

const widestGap = 2
const mostGlue = 3
const longestExpression = 14
const mostWords = 600
const placeWeight = 0.35
/** Words of «carta de condução» or of «a atenção dispensada» say little on their own. */
const overshadowed = { elsewhere: 0.3, courtesy: 0 }

export function analyse(text: string, reader: Reader): Analysis {
  const list = words(text).slice(0, mostWords)
  const clauses = clauseWeights(list)
  const readings = list.map((word) => reader.read(word.text))
  const terms = readings.map(({ weight, senses, known, repairedTo }, at): Term => ({ text: list[at]!.text, at, sentence: list[at]!.sentence, weight, clause: clauses[at]!, senses, known, span: 1, repairedTo }))
  const expressions = expressionsIn(terms, readings, reader)
  const wishes = wishesIn(terms, readings)
  for (const at of placeNames(list)) terms[at]!.weight *= placeWeight
  const municipal = new Set<number>()
  for (const { at, span, kind } of expressions) if (kind === 'municipal') for (let place = at; place < at + span; place += 1) municipal.add(place)
  for (const { at, span, kind } of expressions) if (kind !== 'municipal') for (let place = at; place < at + span; place += 1) if (!municipal.has(place)) terms[place]!.weight *= overshadowed[kind]
  return { terms: [...terms.filter(({ weight }) => weight > 0), ...expressions.filter(({ kind }) => kind !== 'courtesy')].sort((a, b) => a.at - b.at), wishes, asks: asksOf(list), words: list.map(({ text: word }) => word) }
}

const asks = 1

function wishesIn(terms: readonly Term[], readings: readonly Reading[]): Wish[] {
  const isAsked = (at: number) => terms[at]!.clause >= asks
  const expressions = findExpressions(terms, readings, 'act')
  // «mudar o contador» is to move it, whatever else may be changed.
  const opened = new Set(expressions.map(({ start }) => start))
  return [
    ...readings.flatMap((reading, at) => (opened.has(at) ? [] : reading.acts.map((wish) => ({ ...wish, at, isAsked: isAsked(at) })))),
    ...expressions.flatMap(({ start, meanings }) => meanings.map(({ concept: act }) => ({ act, at: start, isWished: true, isAsked: isAsked(start) }))),
  ]
}

function expressionsIn(terms: readonly Term[], readings: readonly Reading[], reader: Reader): Expression[] {
  const found = findExpressions(terms, readings, 'expression', 'reversed').map(({ start, end, meanings }) => expression(terms, start, end, meanings, reader))
  // «não se paga o IMI» says the opposite of the «paga o IMI» inside it.
  return found.filter((inner, place) => {
    for (let before = place - 1; before >= 0 && found[before]!.at > inner.at - longestExpression; before -= 1) {
      const outer = found[before]!
      if (outer.kind === inner.kind && outer.span > inner.span && outer.at + outer.span >= inner.at + inner.span) return false
    }
    return true
  })
}

/** Stems one after the other, over words that say little; the longest expression from each place. */
function findExpressions(terms: readonly Term[], readings: readonly Reading[], ...openings: Opening[]): { start: number; end: number; meanings: Branch['meanings'] }[] {
  const from = (start: number, opening: Opening, gaps: number) => {
    let branch = readings[start]!.opens[opening]
    let gap = 0
    let glued = 0
    let best: { branch: Branch; end: number } | undefined
    for (let at = start + 1; branch && at < terms.length && at - start < longestExpression; at += 1) {
      const term = terms[at]
      if (!term || term.sentence !== terms[start]?.sentence) break
      if (readings[at]!.isGlue) {
        if (++glued > mostGlue) break
        continue
      }
      const step: Branch | undefined = follow(branch, readings[at]!)
      if (step) {
        branch = step
        gap = 0
        glued = 0
        if (branch.meanings.length > 0) best = { branch, end: at }
      } else if (term.weight === 1 || ++gap > gaps) break
    }
    return best
  }
  const found = []
  for (let start = 0; start < readings.length; start += 1) {
    if (readings[start]!.isGlue) continue
    for (const opening of openings) {
      const best = from(start, opening, opening === 'reversed' ? 0 : widestGap)
      if (!best) continue
      found.push({ start, end: best.end, meanings: best.branch.meanings })
      break
    }
  }
  return found
}

function expression(terms: readonly Term[], at: number, end: number, meanings: Branch['meanings'], { dictionary: { concepts }, asSenses }: Reader): Expression {
  return {
    text: terms.slice(at, end + 1).map(({ text }) => text).join(' '),
    at,
    sentence: terms[at]?.sentence ?? 0,
    weight: 1,
    clause: terms[end]?.clause ?? 1,
    senses: asSenses(meanings),
    known: true,
    span: end - at + 1,
    kind: kindOf(meanings.map(({ concept }) => concepts[concept]?.kind ?? 'municipal')),
  }
}

const kindOf = (kinds: Concept['kind'][]): Expression['kind'] => (kinds.includes('municipal') ? 'municipal' : kinds.includes('elsewhere') ? 'elsewhere' : 'courtesy')
