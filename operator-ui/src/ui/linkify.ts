/** Finds what may be followed in a text. Only http, https, mailto and tel; anything else stays text. */

export interface Part {
  text: string
  href?: string
  host?: string
  suspicious?: boolean
}

const found =
  /\bhttps?:\/\/[^\s<>"'`{}|\\^\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+|\bwww\.[^\s<>"'`{}|\\^]+|[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+|(?<![\p{L}\p{N}/.-])(?:\+351[ .]?)?[29]\d{2}[ .]?\d{3}[ .]?\d{3}(?![\p{L}\p{N}/-])/giu
/** Text longer than this is searched only at its beginning: no mail may hold the page up. */
const searched = 20_000

export function linkify(text: string): Part[] {
  const parts: Part[] = []
  let from = 0
  for (const match of text.slice(0, searched).matchAll(found)) {
    const words = trimmed(match[0])
    const link = linkOf(words)
    if (!link) continue
    if (match.index > from) parts.push({ text: text.slice(from, match.index) })
    parts.push({ text: words, ...link })
    from = match.index + words.length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

/** The full stop after an address belongs to the sentence, and so does a bracket that was opened before it. */
function trimmed(words: string): string {
  let end = words.replace(/[.,;:!?…»”’]+$/u, '')
  while (end.endsWith(')') && end.split(')').length > end.split('(').length) end = end.slice(0, -1)
  return end
}

function linkOf(words: string): Omit<Part, 'text'> | undefined {
  if (/^(https?:\/\/|www\.)/i.test(words)) {
    const url = parsed(/^www\./i.test(words) ? `https://${words}` : words)
    if (!url || url.username || url.password) return undefined
    return { href: url.href, host: url.host, ...(url.hostname.includes('xn--') && { suspicious: true }) }
  }
  if (words.includes('@')) return { href: `mailto:${encodeURIComponent(words).replace('%40', '@')}` }
  return { href: `tel:${words.replace(/[ .]/g, '')}` }
}

function parsed(address: string): URL | undefined {
  try {
    const url = new URL(address)
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
  } catch {
    return undefined
  }
}

/** Bidi controls turn names round and hide an .exe behind a .jpg. */
export const withoutControls = (text: string) =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '')
