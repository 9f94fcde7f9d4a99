/** Terms of a message → what each answer has to say for itself. By the best window of the message, not by the whole message. */

import type { Analysis, Term } from './analyse.ts'
import type { LanguageIndex, Phrase } from './build.ts'

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
  /** A whole phrase of it was said: a keyword, an example, the question. */
  whole: boolean
  /** Different words that matched. */
  stems: number
  hits: Hit[]
  /** How much of what a word could have said was said for this answer, by its place. */
  explained: ReadonlyMap<number, number>
  /** The stretch that was looked at: from this place, and until before that one. */
  from: number
  until: number
  /** Foreign things outside that stretch. */
  foreignStory: number
}

/** One term that says something for one answer. */
export interface Hit {
  at: number
  span: number
  feature: number
  gain: number
  term: Term
}

/** What is jotted down while one message is judged: by feature, by answer, by word of a phrase. Of the index, and wiped for each message: to make them anew takes longer. */
export interface Sheet {
  said: Float64Array
  known: Float64Array
  most: Float64Array
  best: Float64Array
  bestFeature: Int32Array
  match: Float64Array
}

export const sheet = (features: number, answers: number, phraseWords: number): Sheet => ({
  said: new Float64Array(features),
  known: new Float64Array(features),
  most: new Float64Array(answers),
  best: new Float64Array(answers),
  bestFeature: new Int32Array(answers),
  match: new Float64Array(phraseWords),
})

/** Words that one question takes, with its courtesy; 14, 30 and the whole message did worse on letters. */
const windowWidth = 20
const outside = 0.6
const repeated = 0.5
/** A window never says more than the whole: only the answers with the most in all are looked at closely. */
const windowed = 40
const reranked = 12
const before = 9
const definiteStrength = 0.75
/** A word with less of a phrase's weight may be left out of it: «câmara» of «horário da câmara». */
const beside = 0.2
/** Stretches that say the same differ by less: the earlier one is taken. */
const rounding = 1e-9

export function score({ terms }: Analysis, index: LanguageIndex): Scored[] {
  const { said, known, match } = index.sheet
  said.fill(0)
  known.fill(0)
  match.fill(-1)
  const bags = hitsIn(terms, index).map(({ answer, list }) => ({ answer, ...bestWindow(list, known) }))
  bags.sort((a, b) => b.total - a.total)
  const could = terms.map((term) => ({ term, most: term.weight * potential(term, index), isForeign: isForeign(term, index) }))
  return bags
    .slice(0, reranked)
    .map(({ answer, total, chosen, from }) => {
      const best = bestPhrase(index.phrases[answer]!, index)
      return {
        answer,
        score: total * (0.7 + 0.3 * best.part),
        ...coverage(could, chosen, from),
        phrase: best.part,
        phraseText: best.text,
        whole: best.whole,
        stems: countStems(chosen),
        hits: chosen,
      }
    })
    .sort((a, b) => b.score - a.score)
}

/** What each term says for each answer, by its best sense; of the answers for which most is said in all. Notes how clearly each feature was said. */
function hitsIn(terms: readonly Term[], { ids, idf, postings, sheet: { said, most, best, bestFeature } }: LanguageIndex): { answer: number; list: Hit[] }[] {
  most.fill(-1)
  best.fill(0)
  const answers: number[] = []
  const found: { term: Term; answer: number; feature: number; gain: number }[] = []
  for (const term of terms) {
    const own: number[] = []
    for (const { feature, strength } of term.senses) {
      if (feature < 0) continue
      said[feature] = Math.max(said[feature]!, strength * Math.min(1, term.weight * 2))
      const value = strength * term.weight * term.clause * idf[feature]!
      const { answers: having, weights } = postings[feature]!
      for (let at = 0; at < having.length; at += 1) {
        const answer = having[at]!
        const gain = value * weights[at]!
        if (best[answer] === 0) own.push(answer)
        else if (best[answer]! >= gain) continue
        best[answer] = gain
        bestFeature[answer] = feature
      }
    }
    for (const answer of own) {
      const gain = best[answer]!
      found.push({ term, answer, feature: bestFeature[answer]!, gain })
      if (most[answer] === -1) {
        answers.push(answer)
        most[answer] = 0
      }
      most[answer]! += gain
      best[answer] = 0
    }
  }
  const lists = new Array<Hit[] | undefined>(ids.length)
  const likely = first(windowed, answers, most).map((answer) => ({ answer, list: (lists[answer] = []) }))
  for (const { term, answer, feature, gain } of found) lists[answer]?.push({ at: term.at, span: term.span, feature, gain, term })
  return likely
}

/** Those with the most of it, in order; of equals, who came first. */
function first(count: number, all: readonly number[], most: Float64Array): number[] {
  const chosen: number[] = []
  for (const one of all) {
    if (chosen.length === count && most[chosen[count - 1]!]! >= most[one]!) continue
    let at = chosen.length
    while (at > 0 && most[chosen[at - 1]!]! < most[one]!) at -= 1
    chosen.splice(at, 0, one)
    if (chosen.length > count) chosen.pop()
  }
  return chosen
}

/** The stretch of the message in which most is said for this answer; what stands outside counts a little, and what is said again hardly. */
function bestWindow(hits: Hit[], known: Float64Array): { total: number; chosen: Hit[]; from: number } {
  const all = worth(hits, 0, hits.length, known)
  const start = hits[0]!.at
  if (hits.at(-1)!.at < start + windowWidth) return { total: all, chosen: hits, from: start }
  let best = { worth: -1, begin: 0, end: 0 }
  let end = 0
  for (let begin = 0; begin < hits.length; begin += 1) {
    if (hits[begin - 1]?.at === hits[begin]!.at) continue
    while (end < hits.length && hits[end]!.at < hits[begin]!.at + windowWidth) end += 1
    const inside = worth(hits, begin, end, known)
    if (inside > best.worth + rounding) best = { worth: inside, begin, end }
  }
  return { total: outside * all + (1 - outside) * best.worth, chosen: hits.slice(best.begin, best.end), from: hits[best.begin]!.at }
}

/** Of the hits from `begin` to before `end`. `known` is scratch paper, clean before and after. */
function worth(hits: readonly Hit[], begin: number, end: number, known: Float64Array): number {
  let sum = 0
  for (let at = begin; at < end; at += 1) {
    const { feature, gain } = hits[at]!
    const before = known[feature]!
    sum += Math.max(0, gain - before) + repeated * Math.min(gain, before)
    if (gain > before) known[feature] = gain
  }
  for (let at = begin; at < end; at += 1) known[hits[at]!.feature] = 0
  return sum
}

function countStems(chosen: readonly Hit[]): number {
  const words = new Set<number>()
  for (const { at, span, term } of chosen) if (term.weight === 1) for (let place = at; place < at + span; place += Math.max(1, span - 1)) words.add(place)
  return words.size
}

function coverage(terms: readonly { term: Term; most: number; isForeign: boolean }[], chosen: readonly Hit[], from: number): Pick<Scored, 'covered' | 'foreign' | 'foreignStory' | 'explained' | 'from' | 'until'> {
  let all = 0
  let explained = 0
  let foreign = 0
  let foreignStory = 0
  let next = 0
  const parts = new Map<number, number>()
  const [first, until] = [from - before, from + windowWidth]
  for (const { term, most, isForeign } of terms) {
    if (term.at < first || term.at >= until) {
      if (isForeign) foreignStory += 1
      continue
    }
    const gain = chosen[next]?.term === term ? chosen[next++]!.gain : 0
    if (gain > 0) for (let place = term.at; place < term.at + term.span; place += 1) parts.set(place, Math.max(parts.get(place) ?? 0, most === 0 ? 1 : gain / most))
    explained += gain
    all += term.span === 1 ? Math.max(gain, most) : gain
    if (isForeign) foreign += 1
  }
  return { covered: all === 0 ? 0 : explained / all, foreign, foreignStory, explained: parts, from: first, until }
}

/** Means something definite, and nothing that this rulebook is about. */
function isForeign({ senses, weight, span }: Term, index: LanguageIndex): boolean {
  let isDefinite = false
  let isElsewhere = false
  for (const { key, strength } of senses) {
    if (index.spoken.has(key)) return false
    if (strength > definiteStrength && key.startsWith('c:')) isDefinite = true
    if (key.startsWith('c:x_')) isElsewhere = true
  }
  return isDefinite && (isElsewhere || weight === 1 || span > 1)
}

/** What a word could have said about some answer; a word that nobody knows could have said something too. */
function potential(term: Term, index: LanguageIndex): number {
  let most = 0
  for (const { feature, strength } of term.senses) if (feature >= 0) most = Math.max(most, strength * index.idf[feature]!)
  return most > 0 ? most : index.unknown
}

function bestPhrase(phrases: readonly Phrase[], index: LanguageIndex): { part: number; text: string; whole: boolean } {
  let best: Phrase | undefined
  let most = 0
  let anyWhole = false
  for (const phrase of phrases) {
    const { words, weights, total } = phrase
    if (total === 0) continue
    let part = 0
    let whole = true
    for (let at = 0; at < words.length; at += 1) {
      const [word, weight] = [words[at]!, weights[at]!]
      const match = matchOf(word, index)
      if (match < index.phraseWords[word]!.enough && weight > beside * total) whole = false
      part += weight * match
    }
    part /= total
    if (whole) anyWhole = true
    if (part <= most) continue
    best = phrase
    most = part
  }
  return { part: most, text: best?.text ?? '', whole: anyWhole }
}

/** How clearly a word of a phrase was said. */
function matchOf(word: number, { phraseWords, sheet: { match, said } }: LanguageIndex): number {
  if (match[word]! >= 0) return match[word]!
  const { features, strengths } = phraseWords[word]!
  let most = 0
  for (let at = 0; at < features.length; at += 1) most = Math.max(most, strengths[at]! * said[features[at]!]!)
  return (match[word] = most)
}
