/**
 * Long text → pieces that fit, cut where a reader would pause. Never inside a character, nor inside a link that fits.
 */

import type { Capabilities } from './channel.ts'
import { smsSize } from './sms-segments.ts'

export type Unit = Capabilities['text']['unit']

export function measure(text: string, unit: Unit): number {
  switch (unit) {
    case 'utf16':
      return text.length
    case 'characters':
      return codePoints(text)
    case 'bytes':
      return Buffer.byteLength(text)
    case 'sms-segments':
      return smsSize(text).segments
  }
}

/** True at once for most texts; measures only when it is close. */
export function fits(text: string, max: number, unit: Unit): boolean {
  if (text.length * mostPerUnit(unit) <= max) return true
  if (text.length > longest(max, unit)) return false
  return measure(text, unit) <= max
}

export function split(text: string, max: number, unit: Unit): string[] {
  const pieces: string[] = []
  let rest = text.trimEnd()
  while (rest.trim() !== '') {
    if (fits(rest, max, unit)) {
      pieces.push(rest)
      break
    }
    const at = cutAt(rest, max, unit)
    const piece = rest.slice(0, at).trimEnd()
    if (piece.trim() !== '') pieces.push(piece)
    rest = withoutGap(rest.slice(at))
  }
  return pieces
}

const mostPerUnit = (unit: Unit) => (unit === 'bytes' ? 3 : unit === 'sms-segments' ? 1 / 66 : 1)
/** Longest text, in UTF-16 units, that could possibly measure `max`. */
const longest = (max: number, unit: Unit) =>
  unit === 'sms-segments' ? 160 * max : unit === 'characters' ? 2 * max : max

/** The blank between two pieces is dropped; the indentation of what follows a line break is not. */
const withoutGap = (text: string) =>
  text.replace(/^\s*\n/, '').replace(/^[^\S\n]+(?=\S)/, (gap) => (gap.length > 1 ? gap : ''))

function cutAt(text: string, max: number, unit: Unit): number {
  const room = longestPrefix(text, max, unit)
  const head = text.slice(0, room + 1)
  // A cut that leaves a stub of a message reads worse than one in the middle of a paragraph.
  const enough = room * 0.4
  const at =
    [lastOf(head, /\n\s*\n/g, room), lastOf(head, /\n/g, room), lastOf(head, /(?<=[.!?…:;])\s/g, room)].find(
      (cut) => cut >= enough,
    ) ?? lastOf(head, /\s/g, room)
  if (at > 0 && isBetweenCharacters(text, at)) return at
  return insideWord(text, room, max, unit)
}

function lastOf(head: string, gap: RegExp, room: number): number {
  let last = -1
  for (const { index } of head.matchAll(gap)) if (index <= room) last = index
  return head.slice(0, Math.max(last, 0)).trim() === '' ? -1 : last
}

/** No blank anywhere: before a link that would be cut, else between two characters as people see them. */
function insideWord(text: string, room: number, max: number, unit: Unit): number {
  const around = text.slice(0, room + longest(max, unit))
  for (const { index, 0: link } of around.matchAll(/(?:https?:\/\/|www\.)\S+/g)) {
    if (index > 0 && index < room && index + link.length > room && fits(link, max, unit)) return index
  }
  const from = Math.max(0, room - 64)
  let at = room
  for (const { index, segment } of graphemes.segment(text.slice(from, room + 64))) {
    if (from + index <= room && from + index + segment.length > room) at = from + index
  }
  if (at > from) return at
  // One character of more than a whole message (a pile of accents): at least its code points stay whole.
  return isLow(text.charCodeAt(room)) && isHigh(text.charCodeAt(room - 1)) && room > 1 ? room - 1 : Math.max(1, room)
}

function longestPrefix(text: string, max: number, unit: Unit): number {
  let low = 0
  let high = Math.min(text.length, longest(max, unit))
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (measure(text.slice(0, middle), unit) <= max) low = middle
    else high = middle - 1
  }
  return Math.max(1, low)
}

function isBetweenCharacters(text: string, at: number): boolean {
  const from = Math.max(0, at - 16)
  return graphemes.segment(text.slice(from, at + 16)).containing(at - from)?.index === at - from
}

function codePoints(text: string): number {
  let count = text.length
  for (let i = 1; i < text.length; i++) if (isLow(text.charCodeAt(i)) && isHigh(text.charCodeAt(i - 1))) count -= 1
  return count
}

const graphemes = new Intl.Segmenter('pt', { granularity: 'grapheme' })
const isHigh = (code: number) => code >= 0xd800 && code < 0xdc00
const isLow = (code: number) => code >= 0xdc00 && code < 0xe000
