/** A short message against labelled phrases: commands, and the choices of a menu or of a question. */

import { isGlue } from './dictionary.ts'
import { faint, silentIn } from './lexicon/stop-words.ts'
import { fold, words } from './normalise.ts'
import { distance, sound } from './spelling.ts'
import { portugueseStem } from './stem.ts'

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
}

export interface CompiledPhrase<Name extends string = string> {
  name: Name
  text: string
  steps: Step[]
  whole: boolean
  beside: number
  small: number
}

interface Step {
  words: ReadonlySet<string>
  stems: ReadonlySet<string>
  exact: boolean
}

export interface PhraseMatch<Name extends string = string> {
  name: Name
  phrase: string
  /** How many words of the phrase were said. */
  length: number
}

/** A command is short; what is longer tells a story in which a command may occur. */
const longestCommand = 16
const widestGap = 3

export function compilePhrases<Name extends string>(labelled: readonly Labelled<Name>[]): CompiledPhrase<Name>[] {
  return labelled.flatMap(({ name, phrases, whole = false, beside = 1, small = 8, exact = false }) =>
    phrases.flatMap((text) => {
      const raw = text.split(/\s+/).map((step) => step.split('/').map(withoutPronoun).filter((word) => word !== ''))
      const steps = raw.filter((step) => step.length > 0 && !step.every(isGlue))
      const kept = steps.length > 0 ? steps : raw.filter((step) => step.length > 0)
      return kept.length === 0 ? [] : [{ name, text, whole, beside, small, steps: kept.map((step) => ({ words: new Set(step), stems: new Set(exact ? [] : step.map(portugueseStem)), exact })) }]
    }),
  )
}

/** Messages lose their pronouns on the way in: «passa-me» is «passa». */
const withoutPronoun = (word: string) => words(word, { expand: false })[0]?.text ?? ''

/** Every phrase that the message is made of, the longest first; in the order given when they are equally long. */
export function matchPhrases<Name extends string>(text: string, phrases: readonly CompiledPhrase<Name>[]): PhraseMatch<Name>[] {
  const said = words(text.slice(0, 400)).map(({ text }) => ({ text, stem: portugueseStem(text), weight: weightOf(text) }))
  if (said.length === 0 || said.length > longestCommand) return []
  const matches: PhraseMatch<Name>[] = []
  for (const { name, text, steps, whole, beside, small } of phrases) {
    const taken = find(said, steps)
    if (!taken) continue
    const left = said.filter((word, at) => !taken.has(at) && !isGlue(word.text) && !courtesy.has(word.text))
    const full = left.filter(({ weight }) => weight === 1).length
    if (whole ? left.length > 0 : full > beside || left.length - full > small) continue
    matches.push({ name, phrase: text, length: taken.size })
  }
  return matches.sort((a, b) => b.length - a.length)
}

const courtesy = new Set('por favor ola oi bom boa boas dia tarde noite obrigado obrigada hello hi please thanks hola gracias bonjour merci svp sff pf agora ja entao'.split(' '))

const weightOf = (word: string) =>
  silentIn.pt.has(word) || silentIn.en.has(word) || silentIn.es.has(word) || silentIn.fr.has(word) ? 0 : faint.has(word) ? 0.3 : 1

interface Said {
  text: string
  stem: string
}

function find(said: readonly Said[], steps: readonly Step[]): Set<number> | undefined {
  for (let start = 0; start <= said.length - steps.length; start += 1) {
    const taken = new Set<number>()
    let at = start
    for (const step of steps) {
      const limit: number = taken.size === 0 ? at : at + widestGap
      while (at < said.length && at <= limit && !isSame(said[at], step)) at += 1
      if (at >= said.length || at > limit) break
      taken.add(at)
      at += 1
    }
    if (taken.size === steps.length) return taken
  }
  return undefined
}

function isSame(word: Said | undefined, { words, stems, exact }: Step): boolean {
  if (!word) return false
  if (words.has(word.text)) return true
  if (exact || word.text.length < 4) return false
  if (stems.has(word.stem)) return true
  if (word.text.length < 5) return false
  for (const other of words) if (isSlip(word.text, other)) return true
  return false
}

/** One slip in a word, two in a long one. */
export function isSlip(word: string, other: string, shortest = 5): boolean {
  if (other.length < shortest || word[0] !== other[0] && sound(word)[0] !== sound(other)[0]) return false
  const far = distance(word, other)
  return far <= (other.length >= 9 ? 2 : 1)
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
    const score = Math.max(...[label, ...phrases].map((phrase) => likeness(said, meaningful(phrase))))
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

/** Dice over words; a word with a slip counts nearly whole. */
function likeness(said: readonly string[], label: readonly string[]): number {
  if (said.length === 0 || label.length === 0) return 0
  const left = [...label]
  let same = 0
  for (const word of said) {
    const at = left.findIndex((other) => other === word)
    const like = at >= 0 ? at : left.findIndex((other) => isSlip(word, other, 4) || (word.length > 3 && portugueseStem(other) === portugueseStem(word)))
    if (like < 0) continue
    same += at >= 0 ? 1 : 0.9
    left.splice(like, 1)
  }
  // Half of a long label is enough when nothing else was said: «comunicar» is not, «iluminação» of «Iluminação pública» is.
  return same / said.length < 0.6 ? 0 : Math.max((2 * same) / (said.length + label.length), same / said.length >= 0.9 ? 0.5 + same / label.length / 2.5 : 0)
}
