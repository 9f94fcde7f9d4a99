/** A citizen's text → folded words, sentence by sentence. Total, and bounded whatever the length of the text. */

import { abbreviations } from './lexicon/abbreviations.ts'

export interface Word {
  /** Lower case, without accents. */
  text: string
  /** Number of the sentence, from 0. */
  sentence: number
  /** The sentence ends in a question mark. */
  question: boolean
}

/** The question of a long letter stands at its start or at its end; what lies between is not read. */
const longest = 6_000
const half = longest / 2
/** Nobody types a word longer than this; links and key-mashing are. */
const longestWord = 32

/** Accents and all that nobody sees. */
const unread = /[\p{M}\p{Default_Ignorable_Code_Point}\p{Cf}]+/gu
/** A point after these ends no sentence. */
const shortened = new Set('sr sra srs sras dr dra exmo exma exmos exmas eng arq av r n no nr tel art prof d s'.split(' '))
const links = /(?:https?:\/\/|www\.)\S{1,500}|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}/g
const pieces = /([\p{L}\p{N}]+(?:['’][\p{L}]+)?(?:-[\p{L}]+)*|€)|([.!?…\n;]+)/gu

/** To look for links takes longer than to see that there are none. */
const withoutLinks = (folded: string) => (folded.includes('@') || folded.includes('www.') || folded.includes('://') ? folded.replace(links, ' ') : folded)

export function fold(text: string): string {
  return text.normalize('NFKD').replace(unread, '').toLowerCase()
}

export function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, half)}\n${text.slice(-half)}`
}

export function words(text: string, { expand = true } = {}): Word[] {
  const folded = withoutLinks(fold(shorten(text)))
  const found: Word[] = []
  let sentence = 0
  let open = false
  let last = ''
  for (const [, word, stop] of folded.matchAll(pieces)) {
    if (stop !== undefined) {
      if (open && !(stop === '.' && shortened.has(last))) {
        if (stop.includes('?')) for (let at = found.length - 1; at >= 0 && found[at]?.sentence === sentence; at -= 1) ask(found[at])
        sentence += 1
      }
      open = false
      continue
    }
    if (word === undefined) continue
    open = true
    last = word
    for (const part of split(word)) {
      // «Quinta-feira» is no fair.
      if ((part === 'feira' || part === 'feiras') && weekdays.has(found.at(-1)?.text ?? '')) continue
      const long = expand ? abbreviations.get(part) : undefined
      if (long === undefined) found.push({ text: squeeze(part), sentence, question: false })
      else for (const text of long) found.push({ text, sentence, question: false })
    }
  }
  return found
}

const weekdays = new Set('segunda segundas terca tercas quarta quartas quinta quintas sexta sextas'.split(' '))

const ask = (word: Word | undefined) => {
  if (word) word.question = true
}

/** «diga-me» is one word and a pronoun; «quinta-feira» is two words; «d'água» is one. */
function split(word: string): string[] {
  if (!/['’-]/.test(word)) return [word]
  return word
    .split(/['’-]/)
    .filter((part, at) => part !== '' && !(at > 0 && pronouns.has(part)))
}

const pronouns = new Set(['me', 'te', 'se', 'nos', 'vos', 'lhe', 'lhes', 'o', 'a', 'os', 'as', 'lo', 'la', 'los', 'las', 'no', 'na', 'nas', 'mo', 'ma'])

/** «muitooooo» → «muito»; no Portuguese word has a letter three times in a row. */
function squeeze(long: string): string {
  const word = long.slice(0, longestWord)
  let same = 0
  for (let at = 1; at < word.length && same < 2; at += 1) same = word.charCodeAt(at) === word.charCodeAt(at - 1) ? same + 1 : 0
  return same < 2 ? word : word.replace(/(\p{L})\1{2,}/gu, '$1')
}
