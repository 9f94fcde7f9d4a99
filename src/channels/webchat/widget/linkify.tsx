/** Text → text and links. Never HTML: what is no link is a text node. */

import { type ComponentChild, h } from 'preact'

const found = /\bhttps?:\/\/[^\s<>"'«»“”]+|\bwww\.[a-z0-9-]+\.[^\s<>"'«»“”]+|\bmailto:[^\s<>"']+@[^\s<>"']+|\btel:\+?[\d().\s-]{5,20}\d|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/gi

export interface Link { text: string; href: string }

/** Pieces in order; a string is text. */
export function linksIn(text: string): (string | Link)[] {
  const pieces: (string | Link)[] = []
  let at = 0
  for (const match of text.matchAll(found)) {
    const words = trimmed(match[0])
    const href = hrefOf(words)
    if (!href) continue
    if (match.index > at) pieces.push(text.slice(at, match.index))
    pieces.push({ text: words, href })
    at = match.index + words.length
  }
  if (at < text.length) pieces.push(text.slice(at))
  return pieces
}

export function Linked({ text, newTab }: { text: string; newTab: string }): ComponentChild {
  return linksIn(text).map((piece) => {
    if (typeof piece === 'string') return piece
    return piece.href.startsWith('http')
      ? <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">{piece.text}<span class="sr"> {newTab}</span></a>
      : <a href={piece.href}>{piece.text}</a>
  })
}

/** A full stop ends the sentence, not the address; a bracket only when it was opened before. */
function trimmed(text: string): string {
  for (;;) {
    const last = text.at(-1)!
    const isOpenBracket = last === ')' && text.split('(').length >= text.split(')').length
    if (isOpenBracket || !/[.,;:!?)\]}…*_]/.test(last)) return text
    text = text.slice(0, -1)
  }
}

function hrefOf(text: string): string | undefined {
  const whole = /^www\./i.test(text) ? `https://${text}` : /^(https?|mailto|tel):/i.test(text) ? text : `mailto:${text}`
  try {
    const url = new URL(whole)
    // A name and password before the host hide where a link goes.
    if (url.username || url.password) return undefined
    return /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : undefined
  } catch {
    return undefined
  }
}
