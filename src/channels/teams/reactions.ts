/** The names that Teams gives to reactions. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events */

import { word } from '../fields.ts'

const named: Record<string, string> = Object.assign(Object.create(null), {
  like: '👍',
  heart: '❤️',
  laugh: '😆',
  surprised: '😮',
  sad: '😢',
  angry: '😠',
  plusOne: '👍',
  plusone: '👍',
})

/** Newer ones say which character they are: 1f44b_wavinghand-tone1. */
export function emojiOf(type: unknown): string {
  const name = word(type) ?? ''
  if (named[name]) return named[name]
  const codes = /^([\da-f]{4,5}(?:-[\da-f]{4,5}){0,7})(?:_|$)/i.exec(name)?.[1]
  const points = codes?.split('-').map((code) => Number.parseInt(code, 16)) ?? []
  const shown = points.length > 0 && points.every((point) => point > 0x2000 && (point < 0xd800 || point > 0xf000))
  return shown ? String.fromCodePoint(...points) : '❔'
}
