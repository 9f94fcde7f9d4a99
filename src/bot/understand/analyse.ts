/** A text → its terms: each word or expression with everything that it may stand for. The same for messages and for the rulebook. */

import { type Branch, type Dictionary, isGlue } from './dictionary.ts'
import { type Word, words } from './normalise.ts'
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
  senses: Sense[]
  /** False when neither the rulebook nor the lexicon has this word. */
  known: boolean
  /** Where this is an expression: how many words it spans. */
  span: number
  repairedTo?: string
}

const sameWord = 1
const sameFamily = 0.72
const widestGap = 2
const mostWords = 600

export function analyse(text: string, dictionary: Dictionary, speller?: Speller): Term[] {
  const list = words(text).slice(0, mostWords)
  const terms = list.map((word, at) => single(word, at, dictionary, speller))
  const expressions = findExpressions(terms, dictionary)
  return [...terms.filter(({ weight }) => weight > 0), ...expressions].sort((a, b) => a.at - b.at)
}

function single({ text, sentence }: Word, at: number, dictionary: Dictionary, speller: Speller | undefined): Term {
  const weight = /^\d+$/.test(text) || text.length < 2 ? 0 : dictionary.weight(text)
  const term: Term = { text, at, sentence, weight, senses: [], known: true, span: 1 }
  if (weight === 0) return term
  term.senses = sensesOf(text, dictionary)
  if (!speller || weight < 1) return term
  if (speller.knows(text) || term.senses.some(({ key }) => key.startsWith('c:'))) return term
  term.known = false
  const repair = speller.repair(text)
  if (!repair) return term
  term.repairedTo = repair.word
  term.weight = dictionary.weight(repair.word)
  term.senses = sensesOf(repair.word, dictionary).map(({ key, strength }) => ({ key, strength: strength * repair.strength }))
  return term
}

function sensesOf(text: string, { morphology, bySingular, byStem, concepts }: Dictionary): Sense[] {
  const singular = morphology.singular(text)
  const stem = morphology.stem(text)
  const senses: Sense[] = [
    { key: `w:${singular}`, strength: sameWord },
    { key: `s:${stem}`, strength: sameFamily },
  ]
  const meanings = bySingular.get(singular) ?? byStem.get(stem) ?? []
  for (const { concept, strength } of meanings) senses.push({ key: `c:${concepts[concept]?.name}`, strength })
  return senses
}

/** Stems one after the other, over words that say little; the longest expression from each place. */
function findExpressions(terms: readonly Term[], { expressions, morphology, concepts }: Dictionary): Term[] {
  const found: Term[] = []
  const stems = terms.map(({ text, repairedTo }) => morphology.stem(repairedTo ?? text))
  for (const [start, first] of terms.entries()) {
    if (isGlue(first.text)) continue
    let branch: Branch | undefined = expressions.next.get(stems[start] ?? '')
    let gap = 0
    let end = start
    let best: { branch: Branch; end: number } | undefined
    for (let at = start + 1; branch && at < terms.length && at - start < 14; at += 1) {
      const term = terms[at]
      if (!term || term.sentence !== first.sentence) break
      const next: Branch | undefined = branch.next.get(stems[at] ?? '')
      if (next && !isGlue(term.text)) {
        branch = next
        end = at
        gap = 0
        if (branch.meanings.length > 0) best = { branch, end }
      } else if (!isGlue(term.text) && (term.weight === 1 || ++gap > widestGap)) break
    }
    if (!best) continue
    found.push({
      text: terms.slice(start, best.end + 1).map(({ text }) => text).join(' '),
      at: start,
      sentence: first.sentence,
      weight: 1,
      senses: best.branch.meanings.map(({ concept, strength }) => ({ key: `c:${concepts[concept]?.name}`, strength })),
      known: true,
      span: best.end - start + 1,
    })
  }
  return found
}
