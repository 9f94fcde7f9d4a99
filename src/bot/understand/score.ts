/** Terms of a message → what each answer has to say for itself. By the best window of the message, not by the whole message. */

import type { Analysis, Term } from './analyse.ts'
import type { LanguageIndex, Phrase } from './build.ts'

export interface Evidence {
  at: number
  term: string
  feature: string
  gain: number
}

export interface Scored {
  answer: number
  score: number
  /** Of what was said in the window, how much this answer explains. */
  covered: number
  /** Things in the window that no answer of the rulebook is about: a wasps' nest, a passport. */
  foreign: number
  /** Of its best phrase, how much was said. */
  phrase: number
  phraseText: string
  /** A whole keyword phrase was said. */
  wholeKeyword: boolean
  /** Different words that matched. */
  stems: number
  evidence: Evidence[]
  places: ReadonlySet<number>
  /** How much of what a word could have said was said for this answer, by its place. */
  explained: ReadonlyMap<number, number>
  /** The stretch that was looked at: from this place, and until before that one. */
  from: number
  until: number
  /** Foreign things outside that stretch. */
  foreignStory: number
}

interface Hit {
  at: number
  span: number
  feature: number
  gain: number
  term: Term
}

/** Words that one question takes, with its courtesy; 14, 30 and the whole message did worse on letters. */
const windowWidth = 20
const outside = 0.6
const repeated = 0.5
/** A window never says more than the whole: only the answers with the most in all are looked at closely. */
const windowed = 40
const reranked = 12
const before = 9
const definiteStrength = 0.75

export function score({ terms }: Analysis, index: LanguageIndex): Scored[] {
  const hits = new Map<number, Hit[]>()
  const said = new Map<number, number>()
  for (const term of terms) {
    const best = new Map<number, Hit>()
    for (const { key, strength } of term.senses) {
      const feature = index.features.get(key)
      if (feature === undefined) continue
      said.set(feature, Math.max(said.get(feature) ?? 0, strength * Math.min(1, term.weight * 2)))
      const value = strength * term.weight * term.clause * (index.idf[feature] ?? 0)
      for (const { answer, weight } of index.postings[feature] ?? []) {
        const gain = value * weight
        const known = best.get(answer)
        if (!known || known.gain < gain) best.set(answer, { at: term.at, span: term.span, feature, gain, term })
      }
    }
    for (const [answer, hit] of best) {
      const known = hits.get(answer)
      if (known) known.push(hit)
      else hits.set(answer, [hit])
    }
  }

  const likely = [...hits]
    .map(([answer, list]) => ({ answer, list, most: list.reduce((sum, { gain }) => sum + gain, 0) }))
    .sort((a, b) => b.most - a.most)
    .slice(0, windowed)
  const bags = likely.map(({ answer, list }) => ({ answer, ...bestWindow(list) }))
  bags.sort((a, b) => b.total - a.total)
  return bags
    .slice(0, reranked)
    .map(({ answer, total, chosen, from }) => {
      const best = bestPhrase(index.phrases[answer] ?? [], said)
      return {
        answer,
        score: total * (0.7 + 0.3 * best.part),
        ...coverage(terms, chosen, from, index),
        phrase: best.part,
        phraseText: best.text,
        wholeKeyword: best.wholeKeyword,
        stems: countStems(chosen),
        places: new Set(chosen.map(({ at }) => at)),
        evidence: chosen.map(({ term, feature, gain }) => ({ at: term.at, term: term.text, feature: index.keys[feature] ?? '', gain })),
      }
    })
    .sort((a, b) => b.score - a.score)
}

/** The stretch of the message in which most is said for this answer; what stands outside counts a little, and what is said again hardly. */
function bestWindow(hits: readonly Hit[]): { total: number; chosen: Hit[]; from: number } {
  let best = { total: -1, chosen: [] as Hit[], from: 0 }
  for (const from of new Set(hits.map(({ at }) => at))) {
    const isInside = ({ at }: Hit) => at >= from && at < from + windowWidth
    const chosen = hits.filter(isInside)
    const gains = new Map<number, number>()
    const add = (list: readonly Hit[]) => list.reduce((sum, { feature, gain }) => {
      const known = gains.get(feature)
      gains.set(feature, Math.max(gain, known ?? 0))
      return sum + (known === undefined ? gain : Math.max(0, gain - known) + repeated * Math.min(gain, known))
    }, 0)
    const total = add(chosen) + (chosen.length === hits.length ? 0 : outside * add(hits.filter((hit) => !isInside(hit))))
    if (total > best.total) best = { total, chosen, from }
  }
  return best
}

function countStems(chosen: readonly Hit[]): number {
  const words = new Set<number>()
  for (const { at, span, term } of chosen) if (term.weight === 1) for (let place = at; place < at + span; place += Math.max(1, span - 1)) words.add(place)
  return words.size
}

function coverage(terms: readonly Term[], chosen: readonly Hit[], from: number, index: LanguageIndex): Pick<Scored, 'covered' | 'foreign' | 'foreignStory' | 'explained' | 'from' | 'until'> {
  let all = 0
  let explained = 0
  let foreign = 0
  let foreignStory = 0
  const gains = new Map(chosen.map((hit) => [hit.term, hit.gain]))
  const parts = new Map<number, number>()
  const [first, until] = [from - before, from + windowWidth]
  for (const term of terms) {
    if (term.at < first || term.at >= until) {
      if (isForeign(term, index)) foreignStory += 1
      continue
    }
    const gain = gains.get(term) ?? 0
    const could = term.weight * potential(term, index)
    if (gain > 0) for (let place = term.at; place < term.at + term.span; place += 1) parts.set(place, Math.max(parts.get(place) ?? 0, could === 0 ? 1 : gain / could))
    explained += gain
    all += term.span === 1 ? Math.max(gain, could) : gain
    if (isForeign(term, index)) foreign += 1
  }
  return { covered: all === 0 ? 0 : explained / all, foreign, foreignStory, explained: parts, from: first, until }
}

/** Means something definite, and nothing that this rulebook is about. */
function isForeign({ senses, weight, span }: Term, index: LanguageIndex): boolean {
  if (weight < 1 && span === 1 && !senses.some(({ key }) => key.startsWith('c:x_'))) return false
  const definite = senses.filter(({ key, strength }) => key.startsWith('c:') && strength > definiteStrength)
  return definite.length > 0 && !senses.some(({ key }) => index.spoken.has(key))
}

/** What a word could have said about some answer; a word that nobody knows could have said something too. */
function potential(term: Term, index: LanguageIndex): number {
  let most = 0
  for (const { key, strength } of term.senses) {
    const feature = index.features.get(key)
    if (feature !== undefined) most = Math.max(most, strength * (index.idf[feature] ?? 0))
  }
  return most > 0 ? most : index.unknown
}

function bestPhrase(phrases: readonly Phrase[], said: ReadonlyMap<number, number>): { part: number; text: string; wholeKeyword: boolean } {
  let best = { part: 0, text: '', wholeKeyword: false }
  for (const { text, terms, total, isKeyword } of phrases) {
    if (total === 0) continue
    let part = 0
    let whole = true
    for (const { senses, weight } of terms) {
      let match = 0
      for (const { feature, strength } of senses) match = Math.max(match, strength * (said.get(feature) ?? 0))
      if (match < 0.6) whole = false
      part += weight * match
    }
    part /= total
    const wholeKeyword = best.wholeKeyword || (isKeyword && whole)
    if (part > best.part) best = { part, text, wholeKeyword }
    else best.wholeKeyword = wholeKeyword
  }
  return best
}
