/** A short message against labelled phrases: commands, and the choices of a menu or of a question. */

import { isGlue } from './dictionary.ts'
import { faint, silentIn } from './lexicon/stop-words.ts'
import { fold, words } from './normalise.ts'
import { atOnce } from './pieces.ts'
import { remembering } from './remembering.ts'
import { distance, sound, speller } from './spelling.ts'
import { morphology } from './stem.ts'

/** `quero/queria um operador/funcionário`: words in order, `/` between words that do as well. */
export interface Labelled<Name extends string = string> {
  name: Name
  phrases: readonly string[]
  /** Only when the message says nothing else. */
  whole?: boolean
  /** How many words with a meaning of their own may stand beside the phrase. Default 1. */
  beside?: number
  /** How many small words may. Default 8. */
  small?: number
  /** Letter by letter: no typos, no other forms of the words. */
  exact?: boolean
  /** Not when one of these is said as well. */
  unless?: readonly string[]
}

interface CompiledPhrase<Name extends string> {
  name: Name
  text: string
  steps: number[]
  whole: boolean
  beside: number
  small: number
  unless: ReadonlySet<string>
}

/** Made once; matching looks words up, it does not go through the phrases word by word. */
export interface PhraseIndex<Name extends string = string> {
  phrases: CompiledPhrase<Name>[]
  /** Which steps a word can be: as written, by its family, as a slip. */
  stepsOf(word: string): readonly number[]
}

export interface PhraseMatch<Name extends string = string> {
  name: Name
  phrase: string
  /** How many words of the phrase were said. */
  length: number
}

const stemOf = morphology.pt.stem
/** A command is short; what is longer tells a story in which a command may occur. */
const longestCommand = 16
const widestGap = 3

export function compilePhrases<Name extends string>(labelled: readonly Labelled<Name>[]): PhraseIndex<Name> {
  const byWord = new Map<string, number[]>()
  const byStem = new Map<string, number[]>()
  const known = new Map<string, number>()
  const loose = new Set<string>()
  const add = (map: Map<string, number[]>, key: string, step: number) => {
    const steps = map.get(key)
    if (!steps) map.set(key, [step])
    else if (!steps.includes(step)) steps.push(step)
  }
  const step = (alternatives: readonly string[], exact: boolean) => {
    const key = `${exact} ${alternatives.join('/')}`
    const same = known.get(key)
    if (same !== undefined) return same
    const id = known.size
    known.set(key, id)
    for (const word of alternatives) {
      add(byWord, word, id)
      if (exact || word.length < 4) continue
      add(byStem, stemOf(word), id)
      loose.add(word)
    }
    return id
  }
  const phrases = labelled.flatMap(({ name, phrases, whole = false, beside = 1, small = 8, exact = false, unless = [] }) =>
    phrases.flatMap((text) => {
      const raw = text.split(/\s+/).map((part) => part.split('/').map(withoutPronoun).filter((word) => word !== '')).filter((part) => part.length > 0)
      const meaningful = raw.filter((part) => !part.every(isGlue))
      const kept = meaningful.length > 0 ? meaningful : raw
      return kept.length === 0 ? [] : [{ name, text, whole, beside, small, unless: new Set(unless.map(fold)), steps: kept.map((part) => step(part, exact)) }]
    }),
  )
  const { repair } = atOnce(speller(loose, (word) => byWord.has(word)))
  const stepsOf = (word: string) => {
    const family = word.length < 4 ? undefined : byStem.get(stemOf(word))
    const slip = byWord.has(word) || family || word.length < 5 ? undefined : repair(word)
    return [...new Set([...(byWord.get(word) ?? []), ...(family ?? []), ...(slip ? (byStem.get(stemOf(slip.word)) ?? []) : [])])]
  }
  return { phrases, stepsOf: remembering(stepsOf) }
}

/** Messages lose their pronouns on the way in: «passa-me» is «passa». */
const withoutPronoun = (word: string) => words(word, { expand: false })[0]?.text ?? ''

/** Every phrase that the message is made of, the longest first; in the order given when they are equally long. */
export function matchPhrases<Name extends string>(text: string, { phrases, stepsOf }: PhraseIndex<Name>): PhraseMatch<Name>[] {
  const said = words(text.slice(0, longestText))
  if (said.length === 0 || said.length > longestCommand) return []
  const places = new Map<number, number[]>()
  said.forEach(({ text: word }, at) => {
    for (const step of stepsOf(word)) {
      const list = places.get(step)
      if (list) list.push(at)
      else places.set(step, [at])
    }
  })
  const matches: PhraseMatch<Name>[] = []
  for (const { name, text, steps, whole, beside, small, unless } of phrases) {
    const taken = inOrder(steps, places)
    if (!taken || said.some(({ text: word }) => unless.has(word))) continue
    const left = said.filter(({ text: word }, at) => !taken.includes(at) && !isGlue(word) && !courtesy.has(word))
    const full = left.filter(({ text: word }) => weightOf(word) === 1).length
    if (whole ? left.length > 0 : full > beside || left.length - full > small) continue
    matches.push({ name, phrase: text, length: taken.length })
  }
  return matches.sort((a, b) => b.length - a.length)
}

const longestText = 400

const courtesy = new Set('por favor ola oi bom boa boas dia tarde noite obrigado obrigada hello hi please thanks hola gracias bonjour merci svp sff pf agora ja entao'.split(' '))

const weightOf = (word: string) =>
  silentIn.pt.has(word) || silentIn.en.has(word) || silentIn.es.has(word) || silentIn.fr.has(word) ? 0 : faint.has(word) ? 0.3 : 1

/** Places of the steps one after the other, with few words between. */
function inOrder(steps: readonly number[], places: ReadonlyMap<number, readonly number[]>): number[] | undefined {
  for (const step of steps) if (!places.has(step)) return undefined
  for (const start of places.get(steps[0] ?? -1) ?? []) {
    const taken = [start]
    for (const step of steps.slice(1)) {
      const last = taken.at(-1) ?? start
      const next = places.get(step)?.find((at) => at > last && at <= last + 1 + widestGap)
      if (next === undefined) break
      taken.push(next)
    }
    if (taken.length === steps.length) return taken
  }
  return undefined
}

/** One slip in a word, two in a long one. */
export function isSlip(word: string, other: string, shortest = 5): boolean {
  const most = other.length >= 9 ? 2 : 1
  if (other.length < shortest || Math.abs(word.length - other.length) > most || (word[0] !== other[0] && sound(word)[0] !== sound(other)[0])) return false
  return distance(word, other) <= most
}

export interface Choice<Id extends string = string> {
  id: Id
  label: string
  /** Other words for it. */
  phrases?: readonly string[]
}

/** The number of a choice, its label, or a typo of it. A choice must cover most of the message: «como pago a fatura da água?» is not the choice «Água». */
export function matchChoice<Id extends string>(text: string, choices: readonly Choice<Id>[]): Id | undefined {
  const number = /^\W{0,4}(?:opcao |option |numero |n\.?o? ?)?(\d{1,3})\s*(?:[.)ªºa]|\ufe0f?\u20e3)?\W{0,4}$/u.exec(fold(text.slice(0, 40)).trim())?.[1]
  if (number !== undefined) {
    const labelled = choices.filter(({ label }) => fold(label).trim() === number)
    return labelled[0]?.id ?? choices[Number(number) - 1]?.id
  }
  const said = meaningful(text.slice(0, 300))
  const position = said.length === 1 ? ordinals.get(said[0] ?? '') : undefined
  if (position !== undefined && choices[position] && !choices.some(({ label }) => fold(label) === said[0])) return choices[position].id
  if (said.length === 0) return exact(text, choices)
  let best: { id: Id; score: number } | undefined
  let tie = false
  for (const { id, label, phrases = [] } of choices) {
    const score = Math.max(...[label, ...phrases].map((phrase) => likeness(said, meaningfulOf(phrase))))
    if (score < 0.6) continue
    tie = best !== undefined && Math.abs(best.score - score) < 0.01
    if (!best || score > best.score) best = { id, score }
  }
  return tie ? exact(text, choices) : best?.id
}

const ordinals = new Map([
  ...['primeiro', 'segundo', 'terceiro', 'quarto', 'quinto'].map((word, at) => [word, at] as const),
  ...['primeira', 'segunda', 'terceira', 'quarta', 'quinta'].map((word, at) => [word, at] as const),
  ...['um', 'dois', 'tres', 'quatro', 'cinco'].map((word, at) => [word, at] as const),
  ...['first', 'second', 'third', 'fourth', 'fifth'].map((word, at) => [word, at] as const),
])

function exact<Id extends string>(text: string, choices: readonly Choice<Id>[]): Id | undefined {
  const folded = fold(text).trim()
  return choices.find(({ label, phrases = [] }) => [label, ...phrases].some((phrase) => fold(phrase).trim() === folded))?.id
}

const opening = new Set('quero queria gostava gostaria pode prefiro escolho opcao opção por favor sff a o as os um uma de da do das dos no na em e para i want the please quiero je veux la le les el los las'.split(' '))

function meaningful(text: string): string[] {
  const all = words(text, { expand: false }).map(({ text }) => text)
  const kept = all.filter((word) => !opening.has(word))
  return kept.length > 0 ? kept : all.length === 1 ? all : []
}

/** Of what a bot offers, which is the same for everybody. */
const meaningfulOf = remembering(meaningful, 2_000)

const leastSame = 0.6

/** Dice over words; a word with a slip counts nearly whole. */
function likeness(said: readonly string[], label: readonly string[]): number {
  // Most of what was said cannot be in a label that is so much shorter.
  if (said.length === 0 || label.length < leastSame * said.length) return 0
  const left = [...label]
  let same = 0
  for (const word of said) {
    const at = left.indexOf(word)
    const like = at >= 0 ? at : left.findIndex((other) => isSlip(word, other, 4) || (word.length > 3 && stemOf(other) === stemOf(word)))
    if (like < 0) continue
    same += at >= 0 ? 1 : 0.9
    left.splice(like, 1)
  }
  // Half of a long label is enough when nothing else was said: «comunicar» is not, «iluminação» of «Iluminação pública» is.
  return same / said.length < leastSame ? 0 : Math.max((2 * same) / (said.length + label.length), same / said.length >= 0.9 ? 0.5 + same / label.length / 2.5 : 0)
}
