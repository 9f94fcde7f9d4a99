/** Spelling repair towards words that are known: by sound, by one slip of the finger, by vowels left out, by words cut short. */

import type { Pieces } from './pieces.ts'
import { remembering } from './remembering.ts'

export interface Repair {
  word: string
  strength: number
}

export interface Speller {
  knows(word: string): boolean
  repair(word: string): Repair | undefined
}

const bySound = 0.9
const bySlip = 0.8
const bySkeleton = 0.7
const byStart = 0.6

/** `words`, most trusted first: on a tie the earlier word wins. `knows` says which words need no repair. */
export function* speller(words: Iterable<string>, knows: (word: string) => boolean): Pieces<Speller> {
  const sounds = new Map<string, string[]>()
  const slips = new Map<string, string[]>()
  const skeletons = new Map<string, string>()
  const starts = new Map<string, string[]>()
  const rank = new Map<string, number>()
  for (const word of words) {
    if (rank.has(word) || word.length < 3 || /\d/.test(word)) continue
    rank.set(word, rank.size)
    const key = sound(word)
    push(sounds, key, word)
    if (word.length >= 5) for (const slip of shortened(key)) push(slips, slip, word)
    const bones = skeleton(word)
    if (bones.length >= 3 && !skeletons.has(bones)) skeletons.set(bones, word)
    if (word.length >= 6) push(starts, word.slice(0, 4), word)
    yield
  }

  function repair(word: string): Repair | undefined {
    if (word.length < 3 || /\d/.test(word)) return undefined
    const key = sound(word)
    const heard = nearest(word, sounds.get(key) ?? [], word.length < 5 ? 1 : 3, () => true)
    if (heard) return { word: heard, strength: bySound }
    if (word.length >= 5) {
      const close = new Set<string>()
      for (const slip of [key, ...shortened(key)]) {
        for (const other of sounds.get(slip) ?? []) close.add(other)
        for (const other of slips.get(slip) ?? []) close.add(other)
      }
      const limit = word.length >= 9 ? 3 : word.length >= 7 ? 2 : 1.5
      const slipped = nearest(word, close, limit, (other) => distance(key, sound(other)) <= (word.length >= 9 ? 2 : 1) && similarStart(key, sound(other)))
      if (slipped) return { word: slipped, strength: bySlip }
    }
    if (isVowelless(word)) {
      const full = skeletons.get(skeleton(word))
      if (full !== undefined) return { word: full, strength: bySkeleton }
    }
    if (word.length >= 4 && word.length <= 6) {
      const full = (starts.get(word.slice(0, 4)) ?? []).filter((other) => other.startsWith(word) && other.length >= word.length + 3)
      const [first] = full
      if (first !== undefined && full.every((other) => other.slice(0, 6) === first.slice(0, 6))) return { word: first, strength: byStart }
    }
    return undefined
  }

  function nearest(word: string, others: Iterable<string>, limit: number, allowed: (other: string) => boolean): string | undefined {
    let best: string | undefined
    let least = limit + 0.001
    for (const other of others) {
      const far = distance(word, other) + (rank.get(other) ?? 0) / 1e6
      if (far < least && allowed(other)) {
        best = other
        least = far
      }
    }
    return best
  }
  return { knows, repair }
}

function push(map: Map<string, string[]>, key: string, word: string): void {
  const known = map.get(key)
  if (!known) map.set(key, [word])
  else if (known.length < 24 && !known.includes(word)) known.push(word)
}

/** How a word sounds to somebody who writes by ear: candieiro = candeeiro, prossimo = próximo, lisença = licença. */
export const sound = remembering((word) =>
  word
    .replace(/y/g, 'i').replace(/w/g, 'u').replace(/ph/g, 'f')
    .replace(/lh/g, 'L').replace(/nh/g, 'N').replace(/sch|ch|sh/g, 's')
    .replace(/h/g, '')
    .replace(/qu(?=[ei])/g, 'k').replace(/gu(?=[ei])/g, 'G').replace(/g(?=[ei])/g, 'j').replace(/G/g, 'g')
    .replace(/c(?=[ei])/g, 's').replace(/q|c/g, 'k').replace(/[zx]|ss/g, 's')
    .replace(/m(?![aeiou])/g, 'n').replace(/o/g, 'u').replace(/e/g, 'i')
    .replace(/(.)\1+/g, '$1'))

/** The word itself, and every way of leaving out one letter but the first. */
function shortened(word: string): string[] {
  const list = [word]
  for (let at = 1; at < word.length && at < 14; at += 1) list.push(word.slice(0, at) + word.slice(at + 1))
  return list
}

const similarStart = (a: string, b: string) => a[0] === b[0] || a.slice(0, 3) === b.slice(1, 4) || a.slice(1, 4) === b.slice(0, 3) || (a[0] === b[1] && a[1] === b[0])

const skeleton = (word: string) => word.replace(/[aeiou]/g, '').replace(/(.)\1+/g, '$1')

const isVowelless = (word: string) => word.replace(/[^aeiou]/g, '').length * 4 <= word.length

/** Optimal string alignment: letters lost, added, changed, or swapped with their neighbour. A change that no ear and no finger makes costs more. */
export function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return 9
  let before = new Float64Array(b.length + 1)
  let last = Float64Array.from(before, (_, at) => at)
  let row = new Float64Array(b.length + 1)
  for (let i = 1; i <= a.length; i += 1) {
    row[0] = i
    for (let j = 1; j <= b.length; j += 1) {
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + changed(a.charCodeAt(i - 1), b.charCodeAt(j - 1)))
      if (i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1)) least = Math.min(least, before[j - 2]! + 1)
      row[j] = least
    }
    ;[before, last, row] = [last, row, before]
  }
  return last[b.length]!
}

const letters = 128
const alike = new Uint8Array(letters * letters)
const areAlike = (a: string, b: string) => { alike[a.charCodeAt(0) * letters + b.charCodeAt(0)] = 1 }
for (const group of ['aeiou', 'sczx', 'kcq', 'gj', 'bv', 'mn', 'iy', 'uvw', 'rl', 'xh', 'td']) for (const a of group) for (const b of group) areAlike(a, b)
const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']
rows.forEach((row, at) => {
  for (const [place, key] of [...row].entries()) {
    for (const near of [row[place - 1], row[place + 1], rows[at + 1]?.[place], rows[at + 1]?.[place - 1], rows[at - 1]?.[place], rows[at - 1]?.[place + 1]]) if (near) areAlike(key, near)
  }
})

function changed(a: number, b: number): number {
  return a === b ? 0 : a < letters && b < letters && alike[a * letters + b] === 1 ? 1 : 1.8
}
