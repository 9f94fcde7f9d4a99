/** Teams sends each message twice: as plain words, and as a copy with markup that alone holds links and pictures' names. */

import { clean, type Fields, list } from '../fields.ts'

const longest = 64 * 1024

export const copyOf = (activity: Fields): string =>
  list(activity.attachments)
    .flatMap(({ contentType, content }) => (contentType === 'text/html' && typeof content === 'string' ? [content] : []))
    .join('\n')
    .slice(0, longest)

/** A link behind other words is written out beside them. */
export function withLinks(text: string, html: string): string {
  let said = text
  for (const [, address = '', inside = ''] of html.matchAll(
    /<a\b[^<>]{0,2000}?\bhref="(https?:[^"<>]{1,4000})"[^<>]{0,2000}>(.{0,2000}?)<\/a>/gis,
  )) {
    const url = plain(address)
    if (said.includes(url)) continue
    const words = wordsIn(inside)
    const at = words === '' ? -1 : said.indexOf(words)
    const end = at < 0 ? said.length : at + words.length
    said = `${said.slice(0, end)}${at < 0 && said !== '' ? '\n' : ' '}(${url})${said.slice(end)}`
  }
  return said.trim()
}

/** A picture of Giphy or a sticker has a name, and no other words. */
export const wordsIn = (html: string): string =>
  plain(
    html
      .replace(/<blockquote\b.{0,8000}?<\/blockquote>/gis, '')
      .replace(/<(?:img|emoji)\b[^<>]{0,8000}>/gi, (tag) => /\balt="([^"]{0,500})"/i.exec(tag)?.[1] ?? '')
      .replace(/<(?:br|\/p|\/div|\/li|\/tr)\b[^<>]{0,200}>/gi, '\n')
      .replace(/<[^<>]*>/g, ''),
  ).trim()

const entities: Record<string, string> = { nbsp: ' ', lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }
export const plain = (text: string): string =>
  clean(text.replace(/&(nbsp|lt|gt|quot|#39|amp);/g, (all, name: string) => entities[name] ?? all))
