/** HTML from outside → the same without anything active, and the same in words. */

import sanitize from 'sanitize-html'
import { cleanText } from './words.ts'

export const largestHtml = 512 * 1024
const nesting = 100

/** Elements whose words nobody reads. */
const silent = ['script', 'style', 'textarea', 'option', 'title', 'noscript', 'template', 'xml']

const safeTags = (
  'a abbr b blockquote br caption center code dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ' +
  'ins li ol p pre s small span strike strong sub sup table tbody td tfoot th thead tr tt u ul'
).split(' ')

const deepest = 2_000
const unclosed = new Set([
  'br',
  'img',
  'hr',
  'input',
  'meta',
  'link',
  'col',
  'wbr',
  'area',
  'base',
  'p',
  'li',
  'td',
  'th',
  'tr',
  'dd',
  'dt',
  'option',
])

/** The parser looks through all that is open at each tag: thousands deep, which no person writes, it takes seconds. */
export function isTooDeep(html: string): boolean {
  let depth = 0
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (unclosed.has(name.toLowerCase())) continue
    depth += slash ? (depth > 0 ? -1 : 0) : 1
    if (depth > deepest) return true
  }
  return false
}

/** `inlineSource` gives our copy of a picture that the mail carries; one from elsewhere would tell that it was read. */
export function sanitiseHtml(html: string, inlineSource: (cid: string) => string | undefined): string {
  return sanitize(html, {
    allowedTags: safeTags,
    allowedAttributes: {
      a: ['href', 'rel'],
      img: ['src', 'alt', 'width', 'height'],
      font: ['color'],
      ol: ['start', 'type'],
      td: ['colspan', 'rowspan', 'align', 'valign'],
      th: ['colspan', 'rowspan', 'align', 'valign'],
      '*': ['dir', 'lang'],
    },
    allowedSchemes: ['https', 'http', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['file'] },
    allowProtocolRelative: false,
    nestingLimit: nesting,
    disallowedTagsMode: 'discard',
    nonTextTags: silent,
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && attribs.src === undefined && !attribs.alt,
    transformTags: {
      a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener noreferrer nofollow ugc' } }),
      img: (tagName, attribs) => {
        const { src, ...rest } = attribs
        const own = src?.toLowerCase().startsWith('cid:') ? inlineSource(decodeCid(src.slice(4))) : undefined
        return { tagName, attribs: own === undefined ? rest : { ...rest, src: own } }
      },
    },
  })
}

function decodeCid(cid: string): string {
  try {
    return decodeURIComponent(cid)
  } catch {
    return cid
  }
}

const ends: Record<string, string> = {
  p: '\n\n',
  div: '\n',
  tr: '\n',
  li: '\n',
  h1: '\n\n',
  h2: '\n\n',
  h3: '\n\n',
  h4: '\n\n',
  h5: '\n\n',
  h6: '\n\n',
  table: '\n',
  blockquote: '\n',
  ul: '\n',
  ol: '\n',
  td: ' ',
  th: ' ',
  pre: '\n',
  dd: '\n',
  dt: '\n',
}
/** Marks where a quoted older mail begins; taken out again by `htmlToText`'s caller. */
export const quoteMark = '\u0001'

/** What a reader would read, links kept as «words (address)». Where an older mail is quoted stands one `quoteMark`. */
export function htmlToText(html: string): string {
  if (isTooDeep(html))
    return unescaped(html.replace(/<[^<>]*>/g, ' '))
      .replace(/[ \t]{2,}/g, ' ')
      .trim()
  const clean = sanitize(html, {
    allowedTags: ['a', 'br', 'hr', 'img', ...Object.keys(ends)],
    allowedAttributes: { a: ['href'], img: ['alt'], div: ['class'], blockquote: ['class'] },
    allowedSchemes: ['https', 'http', 'mailto', 'tel'],
    allowProtocolRelative: false,
    nestingLimit: nesting,
    nonTextTags: silent,
    transformTags: {
      div: (tagName, attribs) => ({ tagName, attribs: quotes(attribs) ? { class: 'quote' } : {} }),
      blockquote: (tagName, attribs) => ({ tagName, attribs: quotes(attribs) ? { class: 'quote' } : {} }),
    },
  })
  // Pieces, not one growing string: looking into that again and again would cost the square of its length.
  const said: string[] = []
  let last = '\n'
  const say = (words: string): void => {
    if (words === '') return
    said.push(words)
    last = words.at(-1) ?? last
  }
  let href: string | undefined
  let linkStart = 0
  let pre = 0
  /** The next number of each open list; 0 where it has none. */
  const lists: number[] = []
  // What is left is well-formed: every tag on the list, every other angle bracket escaped.
  for (const [token] of clean.matchAll(/<[^>]*>|[^<]+/g)) {
    if (!token.startsWith('<')) {
      const words = unescaped(token)
      say(pre > 0 ? words : collapse(words, last))
      continue
    }
    const [, slash, tag] = /^<(\/?)([a-z0-9]+)/.exec(token) ?? []
    if (tag === undefined) continue
    if (tag === 'br') say('\n')
    else if (tag === 'hr') say('\n---\n')
    else if (tag === 'img') say(imageWords(token))
    else if (tag === 'a' && !slash) {
      href = unescaped(/href="([^"]*)"/.exec(token)?.[1] ?? '')
      linkStart = said.length
    } else if (tag === 'a') {
      say(linkWords(said.slice(linkStart).join(''), href))
      href = undefined
      linkStart = said.length
    } else if (slash) {
      if (tag === 'pre') pre--
      if (tag === 'ol' || tag === 'ul') lists.pop()
      say(ends[tag] ?? '')
    } else {
      if (tag === 'pre') pre++
      if (tag !== 'td' && tag !== 'th' && last !== '\n') say('\n')
      if (tag === 'ol' || tag === 'ul') lists.push(tag === 'ol' ? 1 : 0)
      if (tag === 'li') say((lists.at(-1) ?? 0) > 0 ? `${lists[lists.length - 1]!++}. ` : '- ')
      if (token.includes('class="quote"')) say(quoteMark)
    }
  }
  return said
    .join('')
    .replace(/[ \t\u00A0]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Gmail, Outlook, Yahoo, Thunderbird, Apple: each marks the mail that is answered in its own way. */
function quotes(attribs: Record<string, string>): boolean {
  return (
    attribs.type === 'cite' ||
    /gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote|zmail_extra/.test(attribs.class ?? '') ||
    /divRplyFwdMsg|appendonsend|mail-editor-reference-message-container/i.test(attribs.id ?? '')
  )
}

function collapse(words: string, last: string): string {
  const one = words.replace(/[ \t\r\n\f]+/g, ' ')
  return last === '\n' || last === ' ' ? one.replace(/^ /, '') : one
}

function imageWords(token: string): string {
  const alt = unescaped(/alt="([^"]*)"/.exec(token)?.[1] ?? '').trim()
  return alt === '' ? '' : `[${alt}]`
}

function linkWords(words: string, href: string | undefined): string {
  if (!href) return ''
  const bare = href.replace(/^(mailto|tel):/i, '')
  const said = words.trim().replace(/\/$/, '')
  if (said === '') return bare
  return said === href.replace(/\/$/, '') || said === bare ? '' : ` (${bare})`
}

const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&nbsp;': ' ', '&amp;': '&' }

function unescaped(text: string): string {
  return cleanText(text.replace(/&(lt|gt|quot|nbsp|amp);/g, (entity) => entities[entity] ?? entity))
}
