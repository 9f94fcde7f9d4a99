/** What a mail says and carries: its words, the safe HTML, and its files. */

import type { Attachment as Parsed, ParsedMail } from 'mailparser'
import { htmlToText, isTooDeep, largestHtml, sanitiseHtml } from './html.ts'
import type { MailAttachment } from './mail.ts'
import { partReply } from './quoted.ts'
import type { Part } from './structure.ts'
import { unwrap } from './winmail.ts'
import { cleanFileName, cleanText } from './words.ts'

const longestText = 200_000

export interface File {
  bytes: Buffer
  name?: string
  mimeType: string
  cid?: string
}

export function filesOf(parsed: ParsedMail): File[] {
  // What is too long to be shown whole is there whole as a file.
  const long: File[] = []
  if (parsed.text !== undefined && parsed.text.length > longestText) {
    long.push({ bytes: Buffer.from(parsed.text), name: 'mensagem.txt', mimeType: 'text/plain' })
  }
  if (parsed.html && parsed.html.length > largestHtml) {
    long.push({ bytes: Buffer.from(parsed.html), name: 'mensagem.html', mimeType: 'text/html' })
  }
  return [
    ...parsed.attachments
      .filter(
        ({ content, filename, contentType }) =>
          // The same words again, for Gmail.
          contentType !== 'text/x-amp-html' &&
          (content.length > 0 || filename !== undefined || !contentType.startsWith('text/')),
      )
      .map(fileOf),
    ...long,
  ]
}

const wrappers = new Set(['application/ms-tnef', 'application/vnd.ms-tnef'])

/** The files of a winmail.dat stand before it; it stays, for what else it may hold. */
export async function withUnwrapped(files: File[]): Promise<File[]> {
  const all: File[] = []
  for (const file of files) {
    const isWrapped = wrappers.has(file.mimeType) || file.name?.toLowerCase() === 'winmail.dat'
    if (isWrapped) all.push(...(await unwrap(file.bytes)))
    all.push(file)
  }
  return all
}

function fileOf({ content, contentType, filename, cid }: Parsed): File {
  const mimeType = /^[\w.+-]{1,60}\/[\w.+-]{1,80}$/.test(contentType)
    ? contentType.toLowerCase()
    : 'application/octet-stream'
  const name = cleanFileName(filename ?? '') ?? usualNames[mimeType]
  return { bytes: content, mimeType, ...(name !== undefined && { name }), ...(cid !== undefined && { cid }) }
}

const usualNames: Record<string, string> = {
  'message/rfc822': 'mensagem.eml',
  'text/calendar': 'convite.ics',
  'application/ms-tnef': 'winmail.dat',
}

/** SVG is a program, not a picture. */
export function kindOf(mimeType: string): MailAttachment['kind'] {
  if (mimeType === 'image/svg+xml') return 'file'
  const [family] = mimeType.split('/')
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'file'
}

export function bodyOf(
  parsed: ParsedMail,
  structure: Part[],
  subject: string,
  cids: Map<string, string>,
): { text: string; quoted?: string; html?: string; all: string } {
  const html = parsed.html || undefined
  const plain = cleanText(parsed.text ?? '')
  const bounded = html?.slice(0, largestHtml * 2) ?? ''
  const words =
    html === undefined
      ? plain
      : plain.trim() === '' || isPlaceholder(plain)
        ? htmlToText(bounded)
        : besides(structure)
          ? `${plain.trim()}\n\n${htmlToText(bounded)}`
          : plain
  const { text, quoted } = partReply(words, subject)
  const safe =
    html !== undefined && html.length <= largestHtml && !isTooDeep(html)
      ? sanitiseHtml(html, (cid) => cids.get(cid))
      : undefined
  return {
    text: cut(text),
    all: words,
    ...(quoted !== undefined && { quoted: cut(quoted) }),
    ...(safe !== undefined && safe.trim() !== '' && { html: cleanText(safe) }),
  }
}

const cut = (text: string): string =>
  text.length <= longestText ? text : `${cleanText(text.slice(0, longestText))}\n[…]`

/** "This mail needs an HTML reader": says nothing, the HTML does. */
const isPlaceholder = (text: string): boolean =>
  text.length < 300 &&
  /(html|HTML).{0,60}(viewer|client|reader|browser|compat|leitor)|cliente de (e-?mail|correio).{0,40}HTML/i.test(text)

/** Text here and HTML there, not the same said twice: both are wanted. */
const besides = (structure: Part[]): boolean =>
  structure.some(({ type, within }) => type === 'text/html' && !within.includes('multipart/alternative')) &&
  structure.some(({ type, within }) => type === 'text/plain' && !within.includes('multipart/alternative'))

/** The parts in which a mail server may say what became of a mail of ours. */
export function readable(parsed: ParsedMail, files: File[]): { type: string; text: string }[] {
  const attached = files
    .filter(({ mimeType }) => mimeType.startsWith('message/') || mimeType.startsWith('text/'))
    .slice(0, 20)
    .map(({ mimeType, bytes }) => ({ type: mimeType, text: bytes.toString('utf8', 0, 64 * 1024) }))
  const html = parsed.text === undefined && parsed.html ? htmlToText(parsed.html.slice(0, largestHtml)) : ''
  return [{ type: 'text/plain', text: cleanText(parsed.text ?? html).slice(0, 64 * 1024) }, ...attached]
}
